// Gradients as values: `grad` returns them and leaves `x.grad` of the leaves alone.
import { native } from '../native/load.ts'
import { Tensor, wrap } from '../tensor/index.ts'

/** Options of `grad`. */
export interface GradOptions {
  /** Gradient with respect to each output; null for an output of one element. */
  gradOutputs?: Tensor | readonly (Tensor | null)[] | null
  /** Keep the graph for another backward pass (default: the value of `createGraph`). */
  retainGraph?: boolean
  /** Record the backward pass too, for second derivatives. */
  createGraph?: boolean
  /** Return null for inputs the outputs do not depend on, instead of throwing. */
  allowUnused?: boolean
}

/**
 * Gradients of the sum of `outputs` with respect to `inputs`, one for each. PyTorch: torch.autograd.grad.
 * @throws AutogradError when an input is unused and `allowUnused` is not set, or when the graph is freed
 * @example const [dx] = grad(x.mul(x).sum(), [x]) // 2x
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions & { allowUnused?: false },
): Tensor[]
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions,
): (Tensor | null)[]
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  { gradOutputs, createGraph = false, retainGraph = createGraph, allowUnused = false }: GradOptions = {},
): (Tensor | null)[] {
  const from = list(outputs)
  const seeds = gradOutputs == null ? from.map(() => null) : list(gradOutputs)
  const grads = native.gradients(
    from.map(x => x.handle),
    list(inputs).map(x => x.handle),
    seeds.map(x => x?.handle ?? null),
    retainGraph,
    createGraph,
    allowUnused,
  )
  return grads.map(handle => (handle === null ? null : wrap(handle)))
}

function list<T>(x: Tensor | readonly T[]): readonly T[] {
  return x instanceof Tensor ? [x as T] : x
}

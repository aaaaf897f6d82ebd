// Gradients as values: `grad` returns them and leaves `x.grad` of the leaves alone.
import { native } from '../native/load.ts'
import { atMost, flag, handlesOf, Options, optional, refuse, Tensor, wrap } from '../tensor/index.ts'

type Seeds = Tensor | readonly (Tensor | null)[] | null

/** Options of `grad`. */
export interface GradOptions {
  /** Gradient with respect to each output; null for an output of one element. */
  gradOutputs?: Seeds
  /** Keep the graph for another backward pass (default: the value of `createGraph`). */
  retainGraph?: boolean
  /** Record the backward pass too, for second derivatives. */
  createGraph?: boolean
  /** Return null for inputs the outputs do not depend on, instead of throwing. */
  allowUnused?: boolean
}

const gradOptions = new Options<GradOptions>({
  gradOutputs: true,
  retainGraph: true,
  createGraph: true,
  allowUnused: true,
})

type AllUsed = { allowUnused?: false }

/**
 * Gradients of the sum of `outputs` with respect to `inputs`, one for each. PyTorch: torch.autograd.grad.
 * @throws AutogradError when an input is unused and `allowUnused` is not set, or when the graph is freed
 * @example
 * const x = tensor([1, 2], { requiresGrad: true })
 * const [dx] = grad(x.mul(x).sum(), [x])
 * dx // tensor([2., 4.])
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  gradOutputs?: Seeds | (GradOptions & AllUsed),
  options?: GradOptions & AllUsed,
): Tensor[]
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  gradOutputs?: Seeds | GradOptions,
  options?: GradOptions,
): (Tensor | null)[]
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  gradOutputs?: Seeds | GradOptions,
  options?: GradOptions,
): (Tensor | null)[] {
  atMost('grad', 4, arguments.length)
  const given = gradOptions.readFirst('grad', gradOutputs, options)
  const createGraph = flag('grad: createGraph', given.createGraph ?? false)
  const from = list(outputs)
  const seeds = given.gradOutputs == null ? from.map(() => null) : list(given.gradOutputs)
  const grads = native.gradients(
    handlesOf('grad', from),
    handlesOf('grad', list(inputs)),
    seeds.map(x => optional('grad', x)),
    flag('grad: retainGraph', given.retainGraph ?? createGraph),
    createGraph,
    flag('grad: allowUnused', given.allowUnused ?? false),
  )
  return grads.map(handle => (handle === null ? null : wrap(handle)))
}

function list<T>(x: Tensor | readonly T[]): readonly T[] {
  if (x instanceof Tensor) return [x as T]
  return Array.isArray(x) ? x : refuse('grad', 'a tensor or an array of tensors', x)
}

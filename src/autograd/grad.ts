// Gradients as values: `grad` returns them and leaves `x.grad` of the leaves alone.
import { ArgumentError } from '../errors.ts'
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import {
  atMost,
  explained,
  flag,
  handlesOf,
  Options,
  optional,
  refuse,
  Tensor,
  wrap,
  zerosLike,
} from '../tensor/index.ts'

type Seeds = Tensor | readonly (Tensor | null)[] | null

/** Options of `grad`. */
export interface GradOptions {
  /** Gradient with respect to each output; null for an output of one element. */
  gradOutputs?: Seeds
  /** Keep the graph for another backward pass (default: the value of `createGraph`). */
  retainGraph?: boolean
  /** Record the backward pass too, for second derivatives. */
  createGraph?: boolean
  /** Return null for inputs the outputs do not depend on, instead of throwing; default: that of `materializeGrads`. */
  allowUnused?: boolean
  /** Return zeros for inputs the outputs do not depend on. */
  materializeGrads?: boolean
}

const gradOptions = new Options<GradOptions>({
  gradOutputs: true,
  retainGraph: true,
  createGraph: true,
  allowUnused: true,
  materializeGrads: true,
})

type AllUsed = { allowUnused?: false } | { materializeGrads: true }

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
  const wanted = list(inputs)
  const materialize = flag('grad: materializeGrads', given.materializeGrads ?? false)
  if (materialize && given.allowUnused === false) {
    throw new ArgumentError('grad: materializeGrads gives zeros for unused inputs, so allowUnused cannot be false')
  }
  let grads: (Handle | null)[]
  try {
    grads = native.gradients(
      handlesOf('grad', from),
      handlesOf('grad', wanted),
      seeds.map(x => optional('grad', x)),
      flag('grad: retainGraph', given.retainGraph ?? createGraph),
      createGraph,
      flag('grad: allowUnused', given.allowUnused ?? materialize),
    )
  } catch (error) {
    throw explained(error)
  }
  return grads.map((handle, i) => {
    if (handle !== null) return wrap(handle)
    return materialize ? zerosLike(wanted[i]!) : null
  })
}

/** Options of `autograd.backward`. */
export interface PassOptions {
  /** Gradient with respect to each tensor; null for a tensor of one element. */
  gradTensors?: Seeds
  /** Keep the graph for another backward pass (default: the value of `createGraph`). */
  retainGraph?: boolean
  /** Record the backward pass too, for second derivatives. */
  createGraph?: boolean
  /** The tensors whose `grad` takes its gradient, default all leaves. */
  inputs?: Tensor | readonly Tensor[]
}

const passOptions = new Options<PassOptions>({
  gradTensors: true,
  retainGraph: true,
  createGraph: true,
  inputs: true,
})

/**
 * Adds the gradients of the sum of `tensors` to `grad` of every leaf they were computed from, in one pass. PyTorch:
 * torch.autograd.backward.
 * @throws AutogradError as `Tensor.backward`
 * @example autograd.backward([w.sum(), w.square().sum()])
 */
export function backward(
  tensors: Tensor | readonly Tensor[],
  gradTensors?: Seeds | PassOptions,
  options?: PassOptions,
): void {
  atMost('backward', 3, arguments.length)
  const given = passOptions.readFirst('backward', gradTensors, options)
  const createGraph = flag('backward: createGraph', given.createGraph ?? false)
  const from = list(tensors, 'backward')
  const seeds = given.gradTensors == null ? [] : list(given.gradTensors, 'backward')
  try {
    native.backward(
      handlesOf('backward', from),
      seeds.map(x => optional('backward', x)),
      flag('backward: retainGraph', given.retainGraph ?? createGraph),
      createGraph,
      handlesOf('backward', list(given.inputs ?? [], 'backward')),
    )
  } catch (error) {
    throw explained(error)
  }
}

function list<T>(x: Tensor | readonly T[], op = 'grad'): readonly T[] {
  if (x instanceof Tensor) return [x as T]
  return Array.isArray(x) ? [...x] : refuse(op, 'a tensor or an array of tensors', x)
}

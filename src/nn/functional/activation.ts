// Activations, functions only. With `inplace` the result is written into x, which is returned: backward then needs the
// result, or a copy of what was there, and x must be no leaf that needs a gradient.
import { ArgumentError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  abs,
  add,
  atMost,
  div,
  empty,
  full,
  handleOf,
  type InplaceOptions,
  isInplace,
  named,
  noGrad,
  refuse,
  type Tensor,
  wrap,
} from '../../tensor/index.ts'
import {
  type EluOptions,
  eluOptions,
  type GeluOptions,
  geluOptions,
  type HardtanhOptions,
  hardtanhOptions,
  type LeakyReluOptions,
  leakyReluOptions,
  type RreluFunctionOptions,
  type RreluOptions,
  rreluFunctionOptions,
  type SoftplusOptions,
  softplusOptions,
} from './activation-options.ts'

export type {
  EluOptions,
  GeluOptions,
  HardtanhOptions,
  LeakyReluOptions,
  RreluFunctionOptions,
  RreluOptions,
  SoftplusOptions,
}

/** x between 0 and 6. PyTorch: torch.nn.functional.relu6. @throws DTypeError for bool */
export function relu6(x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  atMost('relu6', 2, arguments.length)
  return bounded('relu6', x, 0, 6, isInplace('relu6', inplace))
}

/**
 * x between two numbers, without a gradient at them. PyTorch: torch.nn.functional.hardtanh.
 * @throws ArgumentError when `minVal` is larger than `maxVal`, DTypeError for bool
 */
export function hardtanh(x: Tensor, minVal?: number | HardtanhOptions, options?: HardtanhOptions): Tensor {
  atMost('hardtanh', 3, arguments.length)
  const given = hardtanhOptions.readFirst('hardtanh', minVal, options)
  return bounded('hardtanh', x, given.minVal ?? -1, given.maxVal ?? 1, isInplace('hardtanh', given.inplace))
}

function bounded(op: string, x: Tensor, least: number, most: number, inplace: boolean): Tensor {
  const handle = handleOf(op, x)
  if (!inplace) return named(op, () => wrap(native.hardtanh(handle, least, most)))
  named(op, () => native.hardtanh_(handle, least, most))
  return x
}

/**
 * x, and below zero x times a small factor. PyTorch: torch.nn.functional.leaky_relu.
 * @throws DTypeError for integers, ArgumentError in place with a negative slope
 */
export function leakyRelu(x: Tensor, negativeSlope?: number | LeakyReluOptions, options?: LeakyReluOptions): Tensor {
  atMost('leakyRelu', 3, arguments.length)
  const { negativeSlope: slope = 0.01, inplace } = leakyReluOptions.readFirst('leakyRelu', negativeSlope, options)
  const handle = handleOf('leakyRelu', x)
  if (!isInplace('leakyRelu', inplace)) return wrap(native.leakyRelu(handle, slope))
  native.leakyRelu_(handle, slope)
  return x
}

/**
 * x, and below zero x times a weight: one for all, or one for each channel, dim 1. PyTorch:
 * torch.nn.functional.prelu.
 * @throws ShapeError for another number of weights, DTypeError unless both are floats of one dtype
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  atMost('prelu', 2, arguments.length)
  return wrap(native.prelu(handleOf('prelu', x), handleOf('prelu', weight)))
}

/**
 * x, and below zero x times a factor that is drawn for each element, evenly between two numbers. PyTorch:
 * torch.nn.functional.rrelu.
 * @throws DTypeError for integers
 */
export function rrelu(x: Tensor, lower?: number | RreluFunctionOptions, options?: RreluFunctionOptions): Tensor {
  atMost('rrelu', 3, arguments.length)
  const given = rreluFunctionOptions.readFirst('rrelu', lower, options)
  const { lower: least = 1 / 8, upper: most = 1 / 3, training = false, inplace } = given
  const handle = handleOf('rrelu', x)
  for (const bound of [least, most]) if (typeof bound !== 'number') refuse('rrelu: lower and upper', 'numbers', bound)
  const slopes = training ? named('rrelu', () => noGrad(() => drawn(x, least, most))) : undefined
  const slope = slopes?.handle ?? (least + most) / 2
  if (!isInplace('rrelu', inplace)) return named('rrelu', () => wrap(native.leakyRelu(handle, slope)))
  named('rrelu', () => native.leakyRelu_(handle, slope))
  return x
}

/**
 * A factor for each element, drawn only where it is not above zero, as PyTorch draws on the CPU: from float64, between
 * bounds in the type that is computed in.
 */
function drawn(x: Tensor, lower: number, upper: number): Tensor {
  const below = x.detach().le(0)
  const { dtype, device } = x
  const [from, to] = dtype === 'float64' ? [lower, upper] : [Math.fround(lower), Math.fround(upper)]
  const factors = empty(below.sum().item(), { dtype: 'float64' }).uniform_(from, to)
  return full([...x.shape], 1, { dtype, device }).indexPut_([below], factors.to({ dtype, device }))
}

/** x, and below zero `alpha (exp(x) - 1)`. PyTorch: torch.nn.functional.elu. @throws DTypeError for integers */
export function elu(x: Tensor, alpha?: number | EluOptions, options?: EluOptions): Tensor {
  atMost('elu', 3, arguments.length)
  const { alpha: depth = 1, inplace } = eluOptions.readFirst('elu', alpha, options)
  return exponential('elu', x, depth, 1, isInplace('elu', inplace))
}

/**
 * x, and below zero `alpha (exp(x / alpha) - 1)`. PyTorch: torch.nn.functional.celu.
 * @throws DTypeError for integers, ArgumentError for alpha 0
 */
export function celu(x: Tensor, alpha?: number | EluOptions, options?: EluOptions): Tensor {
  atMost('celu', 3, arguments.length)
  const { alpha: depth = 1, inplace } = eluOptions.readFirst('celu', alpha, options)
  if (typeof depth !== 'number') refuse('celu: alpha', 'a number', depth)
  if (depth === 0) throw new ArgumentError('celu: alpha must not be 0')
  return named('celu', () => exponential('celu', x, depth, 1 / depth, isInplace('celu', inplace)))
}

function exponential(op: string, x: Tensor, alpha: number, scale: number, inplace: boolean): Tensor {
  const handle = handleOf(op, x)
  if (!inplace) return wrap(native.elu(handle, alpha, scale))
  native.elu_(handle, alpha, scale)
  return x
}

/**
 * `elu` with the two constants that keep mean 0 and variance 1. PyTorch: torch.nn.functional.selu.
 * @throws DTypeError for integers
 */
export function selu(x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  atMost('selu', 2, arguments.length)
  const writes = isInplace('selu', inplace)
  const handle = handleOf('selu', x)
  if (!writes) return wrap(native.selu(handle))
  native.selu_(handle)
  return x
}

/** `x * sigmoid(x)`. PyTorch: torch.nn.functional.silu. @throws DTypeError for integers */
export function silu(x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  atMost('silu', 2, arguments.length)
  const writes = isInplace('silu', inplace)
  const handle = handleOf('silu', x)
  if (!writes) return wrap(native.silu(handle))
  native.silu_(handle)
  return x
}

/**
 * x times the part of a normal distribution that lies below it. PyTorch: torch.nn.functional.gelu.
 * @throws DTypeError for integers
 */
export function gelu(x: Tensor, options?: GeluOptions): Tensor {
  atMost('gelu', 2, arguments.length)
  const { approximate = 'none' } = geluOptions.read('gelu', options)
  return wrap(native.gelu(handleOf('gelu', x), approximate))
}

/** `log(1 + exp(beta x)) / beta`. PyTorch: torch.nn.functional.softplus. @throws DTypeError for integers */
export function softplus(x: Tensor, beta?: number | SoftplusOptions, options?: SoftplusOptions): Tensor {
  atMost('softplus', 3, arguments.length)
  const given = softplusOptions.readFirst('softplus', beta, options)
  return wrap(native.softplus(handleOf('softplus', x), given.beta ?? 1, given.threshold ?? 20))
}

/** `log(sigmoid(x))`, exact far below zero. PyTorch: torch.nn.functional.logsigmoid. @throws DTypeError for integers */
export function logsigmoid(x: Tensor): Tensor {
  atMost('logsigmoid', 1, arguments.length)
  return wrap(native.logsigmoid(handleOf('logsigmoid', x)))
}

/** `x / (1 + |x|)`. PyTorch: torch.nn.functional.softsign. @throws DTypeError for bool */
export function softsign(x: Tensor): Tensor {
  atMost('softsign', 1, arguments.length)
  return named('softsign', () => div(x, add(abs(x), 1)))
}

/**
 * x where it is more than a threshold, else `value`. PyTorch: torch.nn.functional.threshold.
 * @throws DTypeError for bool, ArgumentError for a value that the dtype cannot hold
 */
export function threshold(x: Tensor, threshold: number, value: number, inplace?: boolean | InplaceOptions): Tensor {
  atMost('threshold', 4, arguments.length)
  const writes = isInplace('threshold', inplace)
  const handle = handleOf('threshold', x)
  if (!writes) return wrap(native.threshold(handle, threshold, value))
  native.threshold_(handle, threshold, value)
  return x
}

// Sums, differences, products and quotients, powers, and the larger and smaller of two, element by element. Shapes
// broadcast and dtypes promote as in PyTorch; a number is a weak scalar (float32 plus 2 stays float32). These are the
// hottest calls there are: no arrays, no closures.
import { native } from '../../native/load.ts'
import { type AlphaOptions, type DivOptions, handleOf, named, type OutOptions, operand } from '../args.ts'
import { factorOf, type ValueOptions } from '../elementwise-options.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { asNumber } from '../scalar.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { ValueOptions }

/** Options of `add` and `sub`. */
export interface AddOptions extends AlphaOptions, OutOptions {}

/** Options of `mul`. */
export interface MulOptions extends OutOptions {}

/** Options of `div`. */
export interface QuotientOptions extends DivOptions, OutOptions {}

const addOptions = new Options<AddOptions>({ alpha: true, out: true })
const mulOptions = new Options<MulOptions>({ out: true })
const quotientOptions = new Options<QuotientOptions>({ roundingMode: true, out: true })

/**
 * `x + alpha * y`. PyTorch: torch.add.
 * @throws ShapeError when the shapes do not broadcast, or `out` has another; AutogradError for `out` beside a tensor
 * that needs a gradient
 * @example tensor([1, 2]).add(tensor([10, 20]), { alpha: 2 }) // tensor([21., 42.])
 * @example add(x, y, { out: result }) // writes into result
 */
export function add(x: Tensor | number | boolean, y: Tensor | number | boolean, options?: AddOptions): Tensor {
  atMost('add', 3, arguments.length)
  if (options === undefined) return wrap(native.add(operand('add', x), operand('add', y), 1))
  const { alpha = 1, out } = addOptions.read('add', options)
  if (out === undefined) return wrap(native.add(operand('add', x), operand('add', y), asNumber(alpha)))
  named('add', () => native.addOut(operand('add', x), operand('add', y), asNumber(alpha), handleOf('add', out)))
  return out
}

/**
 * `x - alpha * y`. PyTorch: torch.sub.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for bool
 * @example sub(1, tensor([0.25])) // tensor([0.7500])
 */
export function sub(x: Tensor | number | boolean, y: Tensor | number | boolean, options?: AddOptions): Tensor {
  atMost('sub', 3, arguments.length)
  if (options === undefined) return wrap(native.sub(operand('sub', x), operand('sub', y), 1))
  const { alpha = 1, out } = addOptions.read('sub', options)
  if (out === undefined) return wrap(native.sub(operand('sub', x), operand('sub', y), asNumber(alpha)))
  named('sub', () => native.subOut(operand('sub', x), operand('sub', y), asNumber(alpha), handleOf('sub', out)))
  return out
}

/**
 * `x * y`. PyTorch: torch.mul.
 * @throws ShapeError when the shapes do not broadcast
 * @example tensor([1, 2]).mul(3) // tensor([3., 6.])
 */
export function mul(x: Tensor | number | boolean, y: Tensor | number | boolean, options?: MulOptions): Tensor {
  atMost('mul', 3, arguments.length)
  const out = options === undefined ? undefined : mulOptions.read('mul', options).out
  if (out === undefined) return wrap(native.mul(operand('mul', x), operand('mul', y)))
  named('mul', () => native.mulOut(operand('mul', x), operand('mul', y), handleOf('mul', out)))
  return out
}

/**
 * `x / y`; integers give float32, unless it is rounded. PyTorch: torch.div.
 * @throws ShapeError when the shapes do not broadcast, ArgumentError for a rounded division of integers by 0
 * @example arange(3).div(2) // tensor([0.0000, 0.5000, 1.0000])
 * @example tensor([-3]).div(2, { roundingMode: 'floor' }) // tensor([-2.])
 */
export function div(x: Tensor | number | boolean, y: Tensor | number | boolean, options?: QuotientOptions): Tensor {
  atMost('div', 3, arguments.length)
  if (options === undefined) return wrap(native.div(operand('div', x), operand('div', y), null))
  const { roundingMode = null, out } = quotientOptions.read('div', options)
  if (out === undefined) return wrap(native.div(operand('div', x), operand('div', y), roundingMode))
  named('div', () => native.divOut(operand('div', x), operand('div', y), roundingMode, handleOf('div', out)))
  return out
}

/**
 * What is left over when x is divided by y and the quotient rounded down; it has the sign of y. PyTorch:
 * torch.remainder.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for bool, ArgumentError for integers divided by 0
 * @example tensor([-3]).remainder(2) // tensor([1.])
 */
export function remainder(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('remainder', 2, arguments.length)
  return wrap(native.remainder(operand('remainder', x), operand('remainder', y)))
}

/**
 * What is left over when x is divided by y without a fraction, as by JavaScript's `%`; it has the sign of x. PyTorch:
 * torch.fmod.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for bool, ArgumentError for integers divided by 0
 */
export function fmod(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('fmod', 2, arguments.length)
  return wrap(native.fmod(operand('fmod', x), operand('fmod', y)))
}

/**
 * x to the power of `exponent`; either may be a number. PyTorch: torch.pow.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for two bool tensors, ArgumentError for integers to a
 * negative power
 * @example tensor([3, -4]).pow(2) // tensor([ 9., 16.])
 */
export function pow(x: Tensor | number | boolean, exponent: Tensor | number | boolean): Tensor {
  atMost('pow', 2, arguments.length)
  return wrap(native.pow(operand('pow', x), operand('pow', exponent)))
}

/** `x * x`. PyTorch: torch.square. */
export function square(x: Tensor): Tensor {
  atMost('square', 1, arguments.length)
  return wrap(native.square(handleOf('square', x)))
}

/**
 * The larger of two elements, NaN if one of them is; equals share the gradient. PyTorch: torch.maximum.
 * @throws ShapeError when the shapes do not broadcast
 */
export function maximum(x: Tensor, y: Tensor): Tensor {
  atMost('maximum', 2, arguments.length)
  return wrap(native.maximum(handleOf('maximum', x), handleOf('maximum', y)))
}

/**
 * The smaller of two elements, NaN if one of them is; equals share the gradient. PyTorch: torch.minimum.
 * @throws ShapeError when the shapes do not broadcast
 */
export function minimum(x: Tensor, y: Tensor): Tensor {
  atMost('minimum', 2, arguments.length)
  return wrap(native.minimum(handleOf('minimum', x), handleOf('minimum', y)))
}

/**
 * The larger of two elements, the other one where one of them is NaN; of equals x gets the gradient. PyTorch:
 * torch.fmax.
 * @throws ShapeError when the shapes do not broadcast
 */
export function fmax(x: Tensor, y: Tensor): Tensor {
  atMost('fmax', 2, arguments.length)
  return wrap(native.fmax(handleOf('fmax', x), handleOf('fmax', y)))
}

/**
 * The smaller of two elements, the other one where one of them is NaN; of equals x gets the gradient. PyTorch:
 * torch.fmin.
 * @throws ShapeError when the shapes do not broadcast
 */
export function fmin(x: Tensor, y: Tensor): Tensor {
  atMost('fmin', 2, arguments.length)
  return wrap(native.fmin(handleOf('fmin', x), handleOf('fmin', y)))
}

/**
 * The angle from the x axis to the point (y, x): the inverse tangent of `x / y` with the signs of both. PyTorch:
 * torch.atan2.
 * @throws ShapeError when the shapes do not broadcast
 */
export function atan2(x: Tensor, y: Tensor): Tensor {
  atMost('atan2', 2, arguments.length)
  return wrap(native.atan2(handleOf('atan2', x), handleOf('atan2', y)))
}

/** `sqrt(x² + y²)` without overflow. PyTorch: torch.hypot. @throws ShapeError, DTypeError for integers */
export function hypot(x: Tensor, y: Tensor): Tensor {
  atMost('hypot', 2, arguments.length)
  return wrap(native.hypot(handleOf('hypot', x), handleOf('hypot', y)))
}

/** The size of x with the sign of y. PyTorch: torch.copysign. @throws ShapeError when the shapes do not broadcast */
export function copysign(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('copysign', 2, arguments.length)
  return wrap(native.copysign(operand('copysign', x), operand('copysign', y)))
}

/** `log(exp(x) + exp(y))` without overflow. PyTorch: torch.logaddexp. @throws ShapeError, DTypeError for integers */
export function logaddexp(x: Tensor, y: Tensor): Tensor {
  atMost('logaddexp', 2, arguments.length)
  return wrap(native.logaddexp(handleOf('logaddexp', x), handleOf('logaddexp', y)))
}

/** `log2(2^x + 2^y)` without overflow. PyTorch: torch.logaddexp2. @throws ShapeError, DTypeError for integers */
export function logaddexp2(x: Tensor, y: Tensor): Tensor {
  atMost('logaddexp2', 2, arguments.length)
  return wrap(native.logaddexp2(handleOf('logaddexp2', x), handleOf('logaddexp2', y)))
}

/** `x * 2^y`; integers give float32. PyTorch: torch.ldexp. @throws ShapeError when the shapes do not broadcast */
export function ldexp(x: Tensor, y: Tensor): Tensor {
  atMost('ldexp', 2, arguments.length)
  return wrap(native.ldexp(handleOf('ldexp', x), handleOf('ldexp', y)))
}

/**
 * `pow` in float64, which the result is. PyTorch: torch.float_power.
 * @throws ShapeError when the shapes do not broadcast
 */
export function floatPower(x: Tensor | number | boolean, exponent: Tensor | number | boolean): Tensor {
  atMost('floatPower', 2, arguments.length)
  return wrap(native.floatPower(operand('floatPower', x), operand('floatPower', exponent)))
}

/**
 * `x / y` rounded down; integers stay integers. PyTorch: torch.floor_divide.
 * @throws ShapeError when the shapes do not broadcast, ArgumentError for integers divided by 0
 */
export function floorDivide(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('floorDivide', 2, arguments.length)
  return named('floorDivide', () => wrap(native.div(operand('floorDivide', x), operand('floorDivide', y), 'floor')))
}

/**
 * `x + value * tensor1 * tensor2`. PyTorch: torch.addcmul.
 * @throws ShapeError when the shapes do not broadcast
 */
export function addcmul(x: Tensor, tensor1: Tensor, tensor2: Tensor, options?: ValueOptions): Tensor {
  atMost('addcmul', 4, arguments.length)
  const value = factorOf('addcmul', options)
  return wrap(native.addcmul(handleOf('addcmul', x), handleOf('addcmul', tensor1), handleOf('addcmul', tensor2), value))
}

/**
 * `x + value * tensor1 / tensor2`. PyTorch: torch.addcdiv.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for a quotient of integers
 */
export function addcdiv(x: Tensor, tensor1: Tensor, tensor2: Tensor, options?: ValueOptions): Tensor {
  atMost('addcdiv', 4, arguments.length)
  const value = factorOf('addcdiv', options)
  return wrap(native.addcdiv(handleOf('addcdiv', x), handleOf('addcdiv', tensor1), handleOf('addcdiv', tensor2), value))
}

/**
 * From x, at weight 0, to `end`, at weight 1: `x + weight * (end - x)`. PyTorch: torch.lerp.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for tensors of different dtypes
 * @example tensor([0, 10]).lerp(tensor([1, 20]), 0.5) // tensor([ 0.5000, 15.0000])
 */
export function lerp(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  atMost('lerp', 3, arguments.length)
  return wrap(native.lerp(handleOf('lerp', x), handleOf('lerp', end), operand('lerp', weight)))
}

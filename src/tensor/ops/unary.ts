// Functions of one tensor, element by element. As hot as arithmetic: no arrays, no closures.

import { DTypeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, handleOf } from '../args.ts'
import { onesLike } from '../create.ts'
import { type LogitOptions, logitOptions, type RoundOptions, roundOptions } from '../elementwise-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { LogitOptions, RoundOptions }

/** `-x`. PyTorch: torch.neg. @throws DTypeError for bool */
export function neg(x: Tensor): Tensor {
  atMost('neg', 1, arguments.length)
  return wrap(native.neg(handleOf('neg', x)))
}

/** e to the power of x; integers give float32. PyTorch: torch.exp. */
export function exp(x: Tensor): Tensor {
  atMost('exp', 1, arguments.length)
  return wrap(native.exp(handleOf('exp', x)))
}

/** Natural logarithm; integers give float32. PyTorch: torch.log. */
export function log(x: Tensor): Tensor {
  atMost('log', 1, arguments.length)
  return wrap(native.log(handleOf('log', x)))
}

/** Absolute value. PyTorch: torch.abs. @throws DTypeError for bool */
export function abs(x: Tensor): Tensor {
  atMost('abs', 1, arguments.length)
  return wrap(native.abs(handleOf('abs', x)))
}

/** -1, 0 or 1, of NaN 0. PyTorch: torch.sign. */
export function sign(x: Tensor): Tensor {
  atMost('sign', 1, arguments.length)
  return wrap(native.sign(handleOf('sign', x)))
}

/** The next integer below, in the same dtype. PyTorch: torch.floor. @throws DTypeError for bool */
export function floor(x: Tensor): Tensor {
  atMost('floor', 1, arguments.length)
  return wrap(native.floor(handleOf('floor', x)))
}

/** The next integer above, in the same dtype. PyTorch: torch.ceil. @throws DTypeError for bool */
export function ceil(x: Tensor): Tensor {
  atMost('ceil', 1, arguments.length)
  return wrap(native.ceil(handleOf('ceil', x)))
}

/** Without the fraction, in the same dtype. PyTorch: torch.trunc. @throws DTypeError for bool */
export function trunc(x: Tensor): Tensor {
  atMost('trunc', 1, arguments.length)
  return wrap(native.trunc(handleOf('trunc', x)))
}

/** `1 / x`; integers give float32. PyTorch: torch.reciprocal. */
export function reciprocal(x: Tensor): Tensor {
  atMost('reciprocal', 1, arguments.length)
  return wrap(native.reciprocal(handleOf('reciprocal', x)))
}

/** Square root; integers give float32. PyTorch: torch.sqrt. */
export function sqrt(x: Tensor): Tensor {
  atMost('sqrt', 1, arguments.length)
  return wrap(native.sqrt(handleOf('sqrt', x)))
}

/** `1 / sqrt(x)`; integers give float32. PyTorch: torch.rsqrt. */
export function rsqrt(x: Tensor): Tensor {
  atMost('rsqrt', 1, arguments.length)
  return wrap(native.rsqrt(handleOf('rsqrt', x)))
}

/** `1 / (1 + exp(-x))`; integers give float32. PyTorch: torch.sigmoid. */
export function sigmoid(x: Tensor): Tensor {
  atMost('sigmoid', 1, arguments.length)
  return wrap(native.sigmoid(handleOf('sigmoid', x)))
}

/** Hyperbolic tangent; integers give float32. PyTorch: torch.tanh. */
export function tanh(x: Tensor): Tensor {
  atMost('tanh', 1, arguments.length)
  return wrap(native.tanh(handleOf('tanh', x)))
}

/** Sine; integers give float32. PyTorch: torch.sin. */
export function sin(x: Tensor): Tensor {
  atMost('sin', 1, arguments.length)
  return wrap(native.sin(handleOf('sin', x)))
}

/** Cosine; integers give float32. PyTorch: torch.cos. */
export function cos(x: Tensor): Tensor {
  atMost('cos', 1, arguments.length)
  return wrap(native.cos(handleOf('cos', x)))
}

/** `log(1 + x)`, exact for small x; integers give float32. PyTorch: torch.log1p. */
export function log1p(x: Tensor): Tensor {
  atMost('log1p', 1, arguments.length)
  return wrap(native.log1p(handleOf('log1p', x)))
}

/** `exp(x) - 1`, exact for small x; integers give float32. PyTorch: torch.expm1. */
export function expm1(x: Tensor): Tensor {
  atMost('expm1', 1, arguments.length)
  return wrap(native.expm1(handleOf('expm1', x)))
}

/** Logarithm to base 2; integers give float32. PyTorch: torch.log2. */
export function log2(x: Tensor): Tensor {
  atMost('log2', 1, arguments.length)
  return wrap(native.log2(handleOf('log2', x)))
}

/** Logarithm to base 10; integers give float32. PyTorch: torch.log10. */
export function log10(x: Tensor): Tensor {
  atMost('log10', 1, arguments.length)
  return wrap(native.log10(handleOf('log10', x)))
}

/** 2 to the power of x; integers give float32. PyTorch: torch.exp2. */
export function exp2(x: Tensor): Tensor {
  atMost('exp2', 1, arguments.length)
  return wrap(native.exp2(handleOf('exp2', x)))
}

/** Error function; integers give float32. PyTorch: torch.erf. */
export function erf(x: Tensor): Tensor {
  atMost('erf', 1, arguments.length)
  return wrap(native.erf(handleOf('erf', x)))
}

/** `1 - erf(x)` without its rounding; integers give float32. PyTorch: torch.erfc. */
export function erfc(x: Tensor): Tensor {
  atMost('erfc', 1, arguments.length)
  return wrap(native.erfc(handleOf('erfc', x)))
}

/**
 * To the nearest integer or the nearest of some decimals, in the same dtype; halves to the even one. PyTorch:
 * torch.round.
 * @throws DTypeError for bool, and for integers with `decimals`
 * @example tensor([0.5, 1.5, 2.25]).round() // tensor([0., 2., 2.])
 * @example tensor([2.345]).round({ decimals: 1 }) // tensor([2.3000])
 */
export function round(x: Tensor, options?: RoundOptions): Tensor {
  atMost('round', 2, arguments.length)
  const { decimals = 0 } = roundOptions.read('round', options)
  return wrap(native.round(handleOf('round', x), decimals))
}

/** Whether an element is NaN, as bool. PyTorch: torch.isnan. */
export function isnan(x: Tensor): Tensor {
  atMost('isnan', 1, arguments.length)
  return wrap(native.isnan(handleOf('isnan', x)))
}

/** Whether an element is infinite, as bool. PyTorch: torch.isinf. */
export function isinf(x: Tensor): Tensor {
  atMost('isinf', 1, arguments.length)
  return wrap(native.isinf(handleOf('isinf', x)))
}

/** Whether an element is neither infinite nor NaN, as bool. PyTorch: torch.isfinite. */
export function isfinite(x: Tensor): Tensor {
  atMost('isfinite', 1, arguments.length)
  return wrap(native.isfinite(handleOf('isfinite', x)))
}

/** Tangent; integers give float32. PyTorch: torch.tan. */
export function tan(x: Tensor): Tensor {
  atMost('tan', 1, arguments.length)
  return wrap(native.tan(handleOf('tan', x)))
}

/** Inverse sine; integers give float32. PyTorch: torch.asin. */
export function asin(x: Tensor): Tensor {
  atMost('asin', 1, arguments.length)
  return wrap(native.asin(handleOf('asin', x)))
}

/** Inverse cosine; integers give float32. PyTorch: torch.acos. */
export function acos(x: Tensor): Tensor {
  atMost('acos', 1, arguments.length)
  return wrap(native.acos(handleOf('acos', x)))
}

/** Inverse tangent; integers give float32. PyTorch: torch.atan. */
export function atan(x: Tensor): Tensor {
  atMost('atan', 1, arguments.length)
  return wrap(native.atan(handleOf('atan', x)))
}

/** Hyperbolic sine; integers give float32. PyTorch: torch.sinh. */
export function sinh(x: Tensor): Tensor {
  atMost('sinh', 1, arguments.length)
  return wrap(native.sinh(handleOf('sinh', x)))
}

/** Hyperbolic cosine; integers give float32. PyTorch: torch.cosh. */
export function cosh(x: Tensor): Tensor {
  atMost('cosh', 1, arguments.length)
  return wrap(native.cosh(handleOf('cosh', x)))
}

/** Inverse hyperbolic sine; integers give float32. PyTorch: torch.asinh. */
export function asinh(x: Tensor): Tensor {
  atMost('asinh', 1, arguments.length)
  return wrap(native.asinh(handleOf('asinh', x)))
}

/** Inverse hyperbolic cosine; integers give float32. PyTorch: torch.acosh. */
export function acosh(x: Tensor): Tensor {
  atMost('acosh', 1, arguments.length)
  return wrap(native.acosh(handleOf('acosh', x)))
}

/** Inverse hyperbolic tangent; integers give float32. PyTorch: torch.atanh. */
export function atanh(x: Tensor): Tensor {
  atMost('atanh', 1, arguments.length)
  return wrap(native.atanh(handleOf('atanh', x)))
}

/** x without its whole part. PyTorch: torch.frac. @throws DTypeError for integers */
export function frac(x: Tensor): Tensor {
  atMost('frac', 1, arguments.length)
  return wrap(native.frac(handleOf('frac', x)))
}

/** Degrees as radians; integers give float32. PyTorch: torch.deg2rad. */
export function deg2rad(x: Tensor): Tensor {
  atMost('deg2rad', 1, arguments.length)
  return wrap(native.deg2rad(handleOf('deg2rad', x)))
}

/** Radians as degrees; integers give float32. PyTorch: torch.rad2deg. */
export function rad2deg(x: Tensor): Tensor {
  atMost('rad2deg', 1, arguments.length)
  return wrap(native.rad2deg(handleOf('rad2deg', x)))
}

/** Whether an element is Infinity, as bool. PyTorch: torch.isposinf. */
export function isposinf(x: Tensor): Tensor {
  atMost('isposinf', 1, arguments.length)
  return wrap(native.isposinf(handleOf('isposinf', x)))
}

/** Whether an element is -Infinity, as bool. PyTorch: torch.isneginf. */
export function isneginf(x: Tensor): Tensor {
  atMost('isneginf', 1, arguments.length)
  return wrap(native.isneginf(handleOf('isneginf', x)))
}

/** Whether an element has a minus sign, as -0 has, as bool. PyTorch: torch.signbit. */
export function signbit(x: Tensor): Tensor {
  atMost('signbit', 1, arguments.length)
  return wrap(native.signbit(handleOf('signbit', x)))
}

/**
 * `log(x / (1 - x))`; integers give float32. PyTorch: torch.logit.
 * @example logit(tensor([0, 0.5]), 1e-6) // the first as of 1e-6: tensor([-13.8155,   0.0000])
 */
export function logit(x: Tensor, eps?: number | null | LogitOptions, options?: LogitOptions): Tensor {
  atMost('logit', 3, arguments.length)
  const given = logitOptions.readFirst('logit', eps, options)
  return wrap(native.logit(handleOf('logit', x), given.eps ?? null))
}

/** Mantissas and exponents of `frexp`. */
export interface FrexpResult {
  mantissa: Tensor
  exponent: Tensor
}

/**
 * x as a mantissa, at least 0.5 and below 1, times 2 to the power of an int32 exponent. PyTorch: torch.frexp.
 * @throws DTypeError for integers
 * @example const { mantissa, exponent } = frexp(tensor([6])) // 0.75 and 3
 */
export function frexp(x: Tensor): FrexpResult {
  atMost('frexp', 1, arguments.length)
  const [mantissa, exponent] = native.frexp(handleOf('frexp', x))
  return { mantissa: wrap(mantissa), exponent: wrap(exponent) }
}

/** x itself, since `+x` is x. PyTorch: torch.positive. @throws DTypeError for bool */
export function positive(x: Tensor): Tensor {
  atMost('positive', 1, arguments.length)
  if (checked('positive', x).dtype === 'bool') throw new DTypeError('positive: not defined for bool tensors')
  return x
}

/** Whether an element is a real number: all are, for no dtype is complex. PyTorch: torch.isreal. */
export function isreal(x: Tensor): Tensor {
  atMost('isreal', 1, arguments.length)
  return onesLike(checked('isreal', x), { dtype: 'bool' })
}

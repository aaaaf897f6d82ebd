// Special functions of one tensor and of two; integers give float32. PyTorch has them in torch; `special` has more.
import { native } from '../../native/load.ts'
import { handleOf, operand } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** The inverse of `erf`: infinite at -1 and 1, NaN beyond. PyTorch: torch.erfinv. */
export function erfinv(x: Tensor): Tensor {
  atMost('erfinv', 1, arguments.length)
  return wrap(native.erfinv(handleOf('erfinv', x)))
}

/** The logarithm of the absolute value of the gamma function. PyTorch: torch.lgamma. */
export function lgamma(x: Tensor): Tensor {
  atMost('lgamma', 1, arguments.length)
  return wrap(native.lgamma(handleOf('lgamma', x)))
}

/** The derivative of `lgamma`. PyTorch: torch.digamma. */
export function digamma(x: Tensor): Tensor {
  atMost('digamma', 1, arguments.length)
  return wrap(native.digamma(handleOf('digamma', x)))
}

/** The modified Bessel function of order 0. PyTorch: torch.i0. */
export function i0(x: Tensor): Tensor {
  atMost('i0', 1, arguments.length)
  return wrap(native.i0(handleOf('i0', x)))
}

/** `sin(πx) / (πx)`, which is 1 at 0. PyTorch: torch.sinc. */
export function sinc(x: Tensor): Tensor {
  atMost('sinc', 1, arguments.length)
  return wrap(native.sinc(handleOf('sinc', x)))
}

/**
 * The logarithm of the multivariate gamma function with p dimensions. PyTorch: torch.mvlgamma.
 * @throws ArgumentError for p below 1, DTypeError for bool
 */
export function mvlgamma(x: Tensor, p: number): Tensor {
  atMost('mvlgamma', 2, arguments.length)
  return wrap(native.mvlgamma(handleOf('mvlgamma', x), p))
}

/** `x * log(y)`, which is 0 where x is. PyTorch: torch.xlogy. @throws ShapeError when the shapes do not broadcast */
export function xlogy(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('xlogy', 2, arguments.length)
  return wrap(native.xlogy(operand('xlogy', x), operand('xlogy', y)))
}

/**
 * The lower incomplete gamma function of x, up to y, divided by the whole. PyTorch: torch.igamma.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for integers
 */
export function igamma(x: Tensor, y: Tensor): Tensor {
  atMost('igamma', 2, arguments.length)
  return wrap(native.igamma(handleOf('igamma', x), handleOf('igamma', y)))
}

/**
 * The upper incomplete gamma function of x, from y on, divided by the whole. PyTorch: torch.igammac.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for integers
 */
export function igammac(x: Tensor, y: Tensor): Tensor {
  atMost('igammac', 2, arguments.length)
  return wrap(native.igammac(handleOf('igammac', x), handleOf('igammac', y)))
}

// Special functions in place, and `polygamma`, whose function has the order before the tensor (special.function.ts);
// methods only.
import { native } from '../../native/load.ts'
import { handleOf, operand } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** The n-th derivative of `digamma`. PyTorch: torch.Tensor.polygamma. @throws ArgumentError for a negative n */
export function polygamma(x: Tensor, n: number): Tensor {
  return wrap(native.polygamma(n, x.handle))
}

/** `polygamma` in place. PyTorch: torch.Tensor.polygamma_. @throws ArgumentError for a negative n */
export function polygamma_(x: Tensor, n: number): Tensor {
  native.polygamma_(x.handle, n)
  return x
}

/** `mvlgamma` in place. PyTorch: torch.Tensor.mvlgamma_. @throws ArgumentError for p below 1 */
export function mvlgamma_(x: Tensor, p: number): Tensor {
  native.mvlgamma_(x.handle, p)
  return x
}

/** `erfinv` in place. PyTorch: torch.Tensor.erfinv_. */
export function erfinv_(x: Tensor): Tensor {
  native.erfinv_(x.handle)
  return x
}

/** `lgamma` in place. PyTorch: torch.Tensor.lgamma_. */
export function lgamma_(x: Tensor): Tensor {
  native.lgamma_(x.handle)
  return x
}

/** `digamma` in place. PyTorch: torch.Tensor.digamma_. */
export function digamma_(x: Tensor): Tensor {
  native.digamma_(x.handle)
  return x
}

/** `i0` in place. PyTorch: torch.Tensor.i0_. */
export function i0_(x: Tensor): Tensor {
  native.i0_(x.handle)
  return x
}

/** `sinc` in place. PyTorch: torch.Tensor.sinc_. */
export function sinc_(x: Tensor): Tensor {
  native.sinc_(x.handle)
  return x
}

/** `xlogy` in place. PyTorch: torch.Tensor.xlogy_. @throws ShapeError, DTypeError when the result does not fit in x */
export function xlogy_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.xlogy_(x.handle, operand('xlogy_', y))
  return x
}

/**
 * `igamma` in place. PyTorch: torch.Tensor.igamma_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function igamma_(x: Tensor, y: Tensor): Tensor {
  native.igamma_(x.handle, handleOf('igamma_', y))
  return x
}

/**
 * `igammac` in place. PyTorch: torch.Tensor.igammac_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function igammac_(x: Tensor, y: Tensor): Tensor {
  native.igammac_(x.handle, handleOf('igammac_', y))
  return x
}

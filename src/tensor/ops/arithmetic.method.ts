// Arithmetic that changes its first argument and returns it, with PyTorch's trailing underscore; methods only. A tensor
// that needs a gradient may be changed only inside `noGrad`, and changing one that backward still needs is found out by
// its version.
import { native } from '../../native/load.ts'
import { type AlphaOptions, alphaOf, type DivOptions, operand, roundingOf } from '../args.ts'
import type { Tensor } from '../tensor.ts'

/** `x += alpha * y`. PyTorch: torch.Tensor.add_. @throws ShapeError, DTypeError when the result does not fit in x */
export function add_(x: Tensor, y: Tensor | number | boolean, options?: AlphaOptions): Tensor {
  native.add_(x.handle, operand('add_', y), alphaOf('add_', options))
  return x
}

/**
 * `x -= alpha * y`. PyTorch: torch.Tensor.sub_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 * @example noGrad(() => w.sub_(w.grad!, { alpha: learningRate }))
 */
export function sub_(x: Tensor, y: Tensor | number | boolean, options?: AlphaOptions): Tensor {
  native.sub_(x.handle, operand('sub_', y), alphaOf('sub_', options))
  return x
}

/** `x *= y`. PyTorch: torch.Tensor.mul_. @throws ShapeError, DTypeError when the result does not fit in x */
export function mul_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.mul_(x.handle, operand('mul_', y))
  return x
}

/**
 * `x /= y`, exactly or rounded. PyTorch: torch.Tensor.div_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function div_(x: Tensor, y: Tensor | number | boolean, options?: DivOptions): Tensor {
  native.div_(x.handle, operand('div_', y), roundingOf('div_', options))
  return x
}

/** `remainder` in place. PyTorch: torch.Tensor.remainder_. @throws ShapeError, DTypeError when it does not fit in x */
export function remainder_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.remainder_(x.handle, operand('remainder_', y))
  return x
}

/** `fmod` in place. PyTorch: torch.Tensor.fmod_. @throws ShapeError, DTypeError when it does not fit in x */
export function fmod_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.fmod_(x.handle, operand('fmod_', y))
  return x
}

/** `pow` in place. PyTorch: torch.Tensor.pow_. @throws ShapeError, DTypeError when the result does not fit in x */
export function pow_(x: Tensor, exponent: Tensor | number | boolean): Tensor {
  native.pow_(x.handle, operand('pow_', exponent))
  return x
}

/** `x *= x`. PyTorch: torch.Tensor.square_. @throws DTypeError for bool */
export function square_(x: Tensor): Tensor {
  native.square_(x.handle)
  return x
}

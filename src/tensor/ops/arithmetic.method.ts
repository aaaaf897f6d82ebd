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

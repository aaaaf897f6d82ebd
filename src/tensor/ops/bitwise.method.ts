// Bits and divisors that are written into the first argument, methods only.
import { native } from '../../native/load.ts'
import { handleOf, operand } from '../args.ts'
import type { Tensor } from '../tensor.ts'

/**
 * `bitwiseAnd` in place. PyTorch: torch.Tensor.bitwise_and_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function bitwiseAnd_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.bitwiseAnd_(x.handle, operand('bitwiseAnd_', y))
  return x
}

/**
 * `bitwiseOr` in place. PyTorch: torch.Tensor.bitwise_or_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function bitwiseOr_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.bitwiseOr_(x.handle, operand('bitwiseOr_', y))
  return x
}

/**
 * `bitwiseXor` in place. PyTorch: torch.Tensor.bitwise_xor_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function bitwiseXor_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.bitwiseXor_(x.handle, operand('bitwiseXor_', y))
  return x
}

/**
 * `bitwiseLeftShift` in place. PyTorch: torch.Tensor.bitwise_left_shift_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function bitwiseLeftShift_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.bitwiseLeftShift_(x.handle, operand('bitwiseLeftShift_', y))
  return x
}

/**
 * `bitwiseRightShift` in place. PyTorch: torch.Tensor.bitwise_right_shift_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function bitwiseRightShift_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.bitwiseRightShift_(x.handle, operand('bitwiseRightShift_', y))
  return x
}

/** `bitwiseNot` in place. PyTorch: torch.Tensor.bitwise_not_. @throws DTypeError for floats */
export function bitwiseNot_(x: Tensor): Tensor {
  native.bitwiseNot_(x.handle)
  return x
}

/** `gcd` in place. PyTorch: torch.Tensor.gcd_. @throws ShapeError, DTypeError when the result does not fit in x */
export function gcd_(x: Tensor, y: Tensor): Tensor {
  native.gcd_(x.handle, handleOf('gcd_', y))
  return x
}

/** `lcm` in place. PyTorch: torch.Tensor.lcm_. @throws ShapeError, DTypeError when the result does not fit in x */
export function lcm_(x: Tensor, y: Tensor): Tensor {
  native.lcm_(x.handle, handleOf('lcm_', y))
  return x
}

/**
 * `nextafter` in place. PyTorch: torch.Tensor.nextafter_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function nextafter_(x: Tensor, y: Tensor): Tensor {
  native.nextafter_(x.handle, handleOf('nextafter_', y))
  return x
}

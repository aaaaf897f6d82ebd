// Comparisons and logic in place, methods only: 1 or 0 in the dtype of the tensor, without a gradient.
import { native } from '../../native/load.ts'
import { handleOf, operand } from '../args.ts'
import type { Tensor } from '../tensor.ts'

/** `eq` in place. PyTorch: torch.Tensor.eq_. @throws ShapeError when y does not broadcast to x */
export function eq_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.eq_(x.handle, operand('eq_', y))
  return x
}

/** `ne` in place. PyTorch: torch.Tensor.ne_. @throws ShapeError when y does not broadcast to x */
export function ne_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.ne_(x.handle, operand('ne_', y))
  return x
}

/** `lt` in place. PyTorch: torch.Tensor.lt_. @throws ShapeError when y does not broadcast to x */
export function lt_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.lt_(x.handle, operand('lt_', y))
  return x
}

/** `le` in place. PyTorch: torch.Tensor.le_. @throws ShapeError when y does not broadcast to x */
export function le_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.le_(x.handle, operand('le_', y))
  return x
}

/** `gt` in place. PyTorch: torch.Tensor.gt_. @throws ShapeError when y does not broadcast to x */
export function gt_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.gt_(x.handle, operand('gt_', y))
  return x
}

/** `ge` in place. PyTorch: torch.Tensor.ge_. @throws ShapeError when y does not broadcast to x */
export function ge_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.ge_(x.handle, operand('ge_', y))
  return x
}

/** `logicalAnd` in place. PyTorch: torch.Tensor.logical_and_. @throws ShapeError when y does not broadcast to x */
export function logicalAnd_(x: Tensor, y: Tensor): Tensor {
  native.logicalAnd_(x.handle, handleOf('logicalAnd_', y))
  return x
}

/** `logicalOr` in place. PyTorch: torch.Tensor.logical_or_. @throws ShapeError when y does not broadcast to x */
export function logicalOr_(x: Tensor, y: Tensor): Tensor {
  native.logicalOr_(x.handle, handleOf('logicalOr_', y))
  return x
}

/** `logicalXor` in place. PyTorch: torch.Tensor.logical_xor_. @throws ShapeError when y does not broadcast to x */
export function logicalXor_(x: Tensor, y: Tensor): Tensor {
  native.logicalXor_(x.handle, handleOf('logicalXor_', y))
  return x
}

/** `logicalNot` in place. PyTorch: torch.Tensor.logical_not_. */
export function logicalNot_(x: Tensor): Tensor {
  native.logicalNot_(x.handle)
  return x
}

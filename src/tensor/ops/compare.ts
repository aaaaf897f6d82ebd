// Comparisons and logic, element by element, as bool. Shapes broadcast and dtypes promote as in arithmetic. What a
// comparison gives is an object, which a condition takes for true: `if (x.gt(0).item())`.
import { native } from '../../native/load.ts'
import { handleOf, operand } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** `x == y` as bool. PyTorch: torch.eq. @throws ShapeError when the shapes do not broadcast */
export function eq(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('eq', 2, arguments.length)
  return wrap(native.eq(operand('eq', x), operand('eq', y)))
}

/** `x != y` as bool. PyTorch: torch.ne. @throws ShapeError when the shapes do not broadcast */
export function ne(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('ne', 2, arguments.length)
  return wrap(native.ne(operand('ne', x), operand('ne', y)))
}

/** `x < y` as bool. PyTorch: torch.lt. @throws ShapeError when the shapes do not broadcast */
export function lt(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('lt', 2, arguments.length)
  return wrap(native.lt(operand('lt', x), operand('lt', y)))
}

/** `x <= y` as bool. PyTorch: torch.le. @throws ShapeError when the shapes do not broadcast */
export function le(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('le', 2, arguments.length)
  return wrap(native.le(operand('le', x), operand('le', y)))
}

/**
 * `x > y` as bool. PyTorch: torch.gt.
 * @throws ShapeError when the shapes do not broadcast
 * @example loss.gt(0).item() // without item() it is always true in a condition: a tensor is an object
 */
export function gt(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('gt', 2, arguments.length)
  return wrap(native.gt(operand('gt', x), operand('gt', y)))
}

/** `x >= y` as bool. PyTorch: torch.ge. @throws ShapeError when the shapes do not broadcast */
export function ge(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('ge', 2, arguments.length)
  return wrap(native.ge(operand('ge', x), operand('ge', y)))
}

/** Whether both are not 0, as bool. PyTorch: torch.logical_and. @throws ShapeError */
export function logicalAnd(x: Tensor, y: Tensor): Tensor {
  atMost('logicalAnd', 2, arguments.length)
  return wrap(native.logicalAnd(handleOf('logicalAnd', x), handleOf('logicalAnd', y)))
}

/** Whether one of both is not 0, as bool. PyTorch: torch.logical_or. @throws ShapeError */
export function logicalOr(x: Tensor, y: Tensor): Tensor {
  atMost('logicalOr', 2, arguments.length)
  return wrap(native.logicalOr(handleOf('logicalOr', x), handleOf('logicalOr', y)))
}

/** Whether just one of both is not 0, as bool. PyTorch: torch.logical_xor. @throws ShapeError */
export function logicalXor(x: Tensor, y: Tensor): Tensor {
  atMost('logicalXor', 2, arguments.length)
  return wrap(native.logicalXor(handleOf('logicalXor', x), handleOf('logicalXor', y)))
}

/** Whether an element is 0, as bool. PyTorch: torch.logical_not. */
export function logicalNot(x: Tensor): Tensor {
  atMost('logicalNot', 1, arguments.length)
  return wrap(native.logicalNot(handleOf('logicalNot', x)))
}

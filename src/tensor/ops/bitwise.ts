// Bits of integers and bools, divisors of integers, and the neighbours of floats. Shapes broadcast and dtypes promote
// as in arithmetic; only the neighbours have a gradient.
import { native } from '../../native/load.ts'
import { handleOf, operand } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * The bits that both have; of bools, whether both are true. PyTorch: torch.bitwise_and.
 * @throws ShapeError, DTypeError for floats
 */
export function bitwiseAnd(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('bitwiseAnd', 2, arguments.length)
  return wrap(native.bitwiseAnd(operand('bitwiseAnd', x), operand('bitwiseAnd', y)))
}

/**
 * The bits that one of both has; of bools, whether one is true. PyTorch: torch.bitwise_or.
 * @throws ShapeError, DTypeError for floats
 */
export function bitwiseOr(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('bitwiseOr', 2, arguments.length)
  return wrap(native.bitwiseOr(operand('bitwiseOr', x), operand('bitwiseOr', y)))
}

/**
 * The bits that just one of both has; of bools, whether just one is true. PyTorch: torch.bitwise_xor.
 * @throws ShapeError, DTypeError for floats
 */
export function bitwiseXor(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('bitwiseXor', 2, arguments.length)
  return wrap(native.bitwiseXor(operand('bitwiseXor', x), operand('bitwiseXor', y)))
}

/** The bits of x, y places up. PyTorch: torch.bitwise_left_shift. @throws ShapeError, DTypeError for floats */
export function bitwiseLeftShift(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('bitwiseLeftShift', 2, arguments.length)
  return wrap(native.bitwiseLeftShift(operand('bitwiseLeftShift', x), operand('bitwiseLeftShift', y)))
}

/**
 * The bits of x, y places down; the sign stays. PyTorch: torch.bitwise_right_shift.
 * @throws ShapeError, DTypeError for floats
 */
export function bitwiseRightShift(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('bitwiseRightShift', 2, arguments.length)
  return wrap(native.bitwiseRightShift(operand('bitwiseRightShift', x), operand('bitwiseRightShift', y)))
}

/** The other bits; of bools, the other one. PyTorch: torch.bitwise_not. @throws DTypeError for floats */
export function bitwiseNot(x: Tensor): Tensor {
  atMost('bitwiseNot', 1, arguments.length)
  return wrap(native.bitwiseNot(handleOf('bitwiseNot', x)))
}

/** The greatest common divisor. PyTorch: torch.gcd. @throws ShapeError, DTypeError for floats */
export function gcd(x: Tensor, y: Tensor): Tensor {
  atMost('gcd', 2, arguments.length)
  return wrap(native.gcd(handleOf('gcd', x), handleOf('gcd', y)))
}

/** The least common multiple. PyTorch: torch.lcm. @throws ShapeError, DTypeError for floats */
export function lcm(x: Tensor, y: Tensor): Tensor {
  atMost('lcm', 2, arguments.length)
  return wrap(native.lcm(handleOf('lcm', x), handleOf('lcm', y)))
}

/** The float next to x on the way to y. PyTorch: torch.nextafter. @throws ShapeError, DTypeError for integers */
export function nextafter(x: Tensor, y: Tensor): Tensor {
  atMost('nextafter', 2, arguments.length)
  return wrap(native.nextafter(handleOf('nextafter', x), handleOf('nextafter', y)))
}

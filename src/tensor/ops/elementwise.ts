// Element by element: arithmetic, comparison, exp, log, relu. Shapes broadcast and dtypes promote as in PyTorch; a
// number is a weak scalar (float32 plus 2 stays float32). These are the hottest calls there are: no arrays, no
// closures. What a comparison gives is an object, which a condition takes for true: `if (x.gt(0).item())`.
import { native } from '../../native/load.ts'
import { alphaOf, handleOf, operand } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `add`, `sub` and their in-place forms. */
export interface AlphaOptions {
  /** Factor of the second argument, default 1. */
  alpha?: number
}

/**
 * `x + alpha * y`. PyTorch: torch.add.
 * @throws ShapeError when the shapes do not broadcast
 * @example tensor([1, 2]).add(tensor([10, 20]), { alpha: 2 }) // tensor([21., 42.])
 */
export function add(x: Tensor | number, y: Tensor | number, options?: AlphaOptions): Tensor {
  return wrap(native.add(operand('add', x), operand('add', y), alphaOf('add', options)))
}

/**
 * `x - alpha * y`. PyTorch: torch.sub.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for bool
 * @example sub(1, tensor([0.25])) // tensor([0.7500])
 */
export function sub(x: Tensor | number, y: Tensor | number, options?: AlphaOptions): Tensor {
  return wrap(native.sub(operand('sub', x), operand('sub', y), alphaOf('sub', options)))
}

/**
 * `x * y`. PyTorch: torch.mul.
 * @throws ShapeError when the shapes do not broadcast
 * @example tensor([1, 2]).mul(3) // tensor([3., 6.])
 */
export function mul(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.mul(operand('mul', x), operand('mul', y)))
}

/**
 * `x / y`; integers give float32. PyTorch: torch.div.
 * @throws ShapeError when the shapes do not broadcast
 * @example arange(3).div(2) // tensor([0.0000, 0.5000, 1.0000])
 */
export function div(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.div(operand('div', x), operand('div', y)))
}

/** `x == y` as bool. PyTorch: torch.eq. @throws ShapeError when the shapes do not broadcast */
export function eq(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.eq(operand('eq', x), operand('eq', y)))
}

/** `x != y` as bool. PyTorch: torch.ne. @throws ShapeError when the shapes do not broadcast */
export function ne(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.ne(operand('ne', x), operand('ne', y)))
}

/** `x < y` as bool. PyTorch: torch.lt. @throws ShapeError when the shapes do not broadcast */
export function lt(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.lt(operand('lt', x), operand('lt', y)))
}

/** `x <= y` as bool. PyTorch: torch.le. @throws ShapeError when the shapes do not broadcast */
export function le(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.le(operand('le', x), operand('le', y)))
}

/**
 * `x > y` as bool. PyTorch: torch.gt.
 * @throws ShapeError when the shapes do not broadcast
 * @example if (loss.gt(0).item()) … // without item() the condition is always true: a tensor is an object
 */
export function gt(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.gt(operand('gt', x), operand('gt', y)))
}

/** `x >= y` as bool. PyTorch: torch.ge. @throws ShapeError when the shapes do not broadcast */
export function ge(x: Tensor | number, y: Tensor | number): Tensor {
  return wrap(native.ge(operand('ge', x), operand('ge', y)))
}

/** `-x`. PyTorch: torch.neg. @throws DTypeError for bool */
export function neg(x: Tensor): Tensor {
  return wrap(native.neg(handleOf('neg', x)))
}

/** e to the power of x; integers give float32. PyTorch: torch.exp. */
export function exp(x: Tensor): Tensor {
  return wrap(native.exp(handleOf('exp', x)))
}

/** Natural logarithm; integers give float32. PyTorch: torch.log. */
export function log(x: Tensor): Tensor {
  return wrap(native.log(handleOf('log', x)))
}

/**
 * `max(x, 0)`. PyTorch: torch.relu.
 * @throws DTypeError for bool
 * @example tensor([-1, 2]).relu() // tensor([0., 2.])
 */
export function relu(x: Tensor): Tensor {
  return wrap(native.relu(handleOf('relu', x)))
}

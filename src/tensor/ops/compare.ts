// Comparisons and logic, element by element, as bool. Shapes broadcast and dtypes promote as in arithmetic. What a
// comparison gives is an object, which a condition takes for true: `if (x.gt(0).item())`.
import { native } from '../../native/load.ts'
import { checked, handleOf, named, operand } from '../args.ts'
import { Options } from '../options.ts'
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

/** Options of `isclose` and `allclose`. */
export interface CloseOptions {
  /** How far apart, as a part of y; default 1e-5. */
  rtol?: number
  /** How far apart in any case, default 1e-8. */
  atol?: number
  /** Whether NaN is close to NaN, default false. */
  equalNan?: boolean
}

const closeOptions = new Options<CloseOptions>({ rtol: true, atol: true, equalNan: true })

function close(op: string, x: Tensor, y: Tensor, rtol: number | CloseOptions | undefined, options?: CloseOptions) {
  const given = closeOptions.readFirst(op, rtol, options)
  const { rtol: relative = 1e-5, atol = 1e-8, equalNan = false } = given
  return named(op, () => wrap(native.isclose(handleOf(op, x), handleOf(op, y), relative, atol, equalNan)))
}

/**
 * Whether `|x - y| <= atol + rtol * |y|`, or both are equal, as bool. PyTorch: torch.isclose.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for tensors of different dtypes
 */
export function isclose(x: Tensor, y: Tensor, rtol?: number | CloseOptions, options?: CloseOptions): Tensor {
  atMost('isclose', 4, arguments.length)
  return close('isclose', x, y, rtol, options)
}

/**
 * Whether all elements are close, as `isclose` has it. The host waits. PyTorch: torch.allclose.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for tensors of different dtypes
 * @example allclose(tensor([1]), tensor([1.000001]), { atol: 1e-6 }) // true
 */
export function allclose(x: Tensor, y: Tensor, rtol?: number | CloseOptions, options?: CloseOptions): boolean {
  atMost('allclose', 4, arguments.length)
  return Boolean(close('allclose', x, y, rtol, options).all().item())
}

/** Whether both have the same shape and elements, of which NaN equals none. The host waits. PyTorch: torch.equal. */
export function equal(x: Tensor, y: Tensor): boolean {
  atMost('equal', 2, arguments.length)
  const [a, b] = [checked('equal', x), checked('equal', y)]
  return named(
    'equal',
    () => a.ndim === b.ndim && a.shape.every((size, i) => size === b.shape[i]) && Boolean(a.eq(b).all().item()),
  )
}

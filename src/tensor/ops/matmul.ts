// Matrix products.
import { ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, handleOf, named } from '../args.ts'
import { type AddmmOptions, addmmOptions } from '../matmul-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { AddmmOptions }

/**
 * Product of vectors, matrices or batches of matrices, by their numbers of dimensions. PyTorch: torch.matmul.
 * @throws ShapeError when the inner dimensions differ
 * @example matmul(randn(2, 3), randn(3, 4)).shape // [2, 4]
 */
export function matmul(x: Tensor, y: Tensor): Tensor {
  atMost('matmul', 2, arguments.length)
  return wrap(native.matmul(handleOf('matmul', x), handleOf('matmul', y)))
}

/**
 * Product of two matrices (n, k) and (k, m). PyTorch: torch.mm.
 * @throws ShapeError when an argument is not a matrix or the inner dimensions differ
 */
export function mm(x: Tensor, y: Tensor): Tensor {
  atMost('mm', 2, arguments.length)
  for (const each of [x, y]) checked('mm', each)
  if (x.ndim !== 2 || y.ndim !== 2) {
    throw new ShapeError(`mm: both arguments must be matrices: [${x.shape.join(', ')}] x [${y.shape.join(', ')}]`)
  }
  return named('mm', () => wrap(native.matmul(x.handle, y.handle)))
}

/**
 * `beta * input + alpha * (x @ y)` for matrices. PyTorch: torch.addmm.
 * @throws ShapeError when the inner dimensions differ or `input` does not broadcast to the result
 */
export function addmm(
  input: Tensor,
  x: Tensor,
  y: Tensor,
  beta?: number | AddmmOptions,
  options?: AddmmOptions,
): Tensor {
  atMost('addmm', 5, arguments.length)
  const given = addmmOptions.readFirst('addmm', beta, options)
  const start = handleOf('addmm', input)
  return wrap(native.addmm(start, handleOf('addmm', x), handleOf('addmm', y), given.beta ?? 1, given.alpha ?? 1))
}

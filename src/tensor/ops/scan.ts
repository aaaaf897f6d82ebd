// Running results along a dimension: what all elements up to each one are together. Integers and bool give int64.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import type { DType } from '../dtype.ts'
import { type CumsumOptions, codeOf, cumsumOptions, found, type MaxResult } from '../reduce-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { CumsumOptions } from '../reduce-options.ts'

/**
 * Sums of all elements up to each one along a dimension. PyTorch: torch.cumsum.
 * @throws IndexError when there is no such dimension
 * @example tensor([1, 2, 3]).cumsum(0) // tensor([1., 3., 6.])
 */
export function cumsum(x: Tensor, dim: number, dtype?: DType | CumsumOptions): Tensor {
  atMost('cumsum', 3, arguments.length)
  const given = cumsumOptions.readFirst('cumsum', dtype)
  return wrap(native.cumsum(handleOf('cumsum', x), dim, codeOf('cumsum', given.dtype)))
}

/**
 * Products of all elements up to each one along a dimension. PyTorch: torch.cumprod.
 * @throws IndexError when there is no such dimension
 * @example tensor([1, 2, 3]).cumprod(0) // tensor([1., 2., 6.])
 */
export function cumprod(x: Tensor, dim: number, dtype?: DType | CumsumOptions): Tensor {
  atMost('cumprod', 3, arguments.length)
  const given = cumsumOptions.readFirst('cumprod', dtype)
  return wrap(native.cumprod(handleOf('cumprod', x), dim, codeOf('cumprod', given.dtype)))
}

/**
 * Logarithms of the sums of the exponentials up to each element along a dimension. PyTorch: torch.logcumsumexp.
 * @throws IndexError when there is no such dimension, DTypeError for integers
 */
export function logcumsumexp(x: Tensor, dim: number): Tensor {
  atMost('logcumsumexp', 2, arguments.length)
  return wrap(native.logcumsumexp(handleOf('logcumsumexp', x), dim))
}

/**
 * The largest element up to each one along a dimension, and where it was last. PyTorch: torch.cummax.
 * @throws IndexError when there is no such dimension
 * @example const { values, indices } = cummax(x, 0)
 */
export function cummax(x: Tensor, dim: number): MaxResult {
  atMost('cummax', 2, arguments.length)
  return found(native.cummax(handleOf('cummax', x), dim))
}

/** The smallest element up to each one along a dimension, and where it was last. PyTorch: torch.cummin. */
export function cummin(x: Tensor, dim: number): MaxResult {
  atMost('cummin', 2, arguments.length)
  return found(native.cummin(handleOf('cummin', x), dim))
}

// Reductions over all or some dimensions. `dim` may be positional: `x.sum(1)`. The elements of a reduced bool or
// integer tensor are summed as int64, as in PyTorch.
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { type DType, dtypeCode } from '../dtype.ts'
import { Options } from '../options.ts'
import { atMost, refuse } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `sum` and `mean`. */
export interface ReduceOptions {
  /** Dimensions to reduce; all when left out. */
  dim?: number | Dims | null
  /** Keep reduced dimensions with size 1. */
  keepdim?: boolean
  /** Cast to this dtype first. */
  dtype?: DType
}

const reduceOptions = new Options<ReduceOptions>({ dim: true, keepdim: true, dtype: true })

/** Options of `argmax`, and of `max` over a dimension. */
export interface ArgmaxOptions {
  dim?: number | null
  keepdim?: boolean
}

const argmaxOptions = new Options<ArgmaxOptions>({ dim: true, keepdim: true })

/** What `max` over a dimension gives: the largest values and where they are (int64). */
export interface MaxResult {
  values: Tensor
  indices: Tensor
}

type Dim = number | Dims | null

function reduce(name: 'sum' | 'mean', x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  const given = reduceOptions.readFirst(name, dim, options)
  const dims = typeof given.dim === 'number' ? [given.dim] : (given.dim ?? null)
  const dtype = given.dtype === undefined ? null : dtypeCode(given.dtype)
  return wrap(native[name](handleOf(name, x), dims, given.keepdim ?? false, dtype))
}

/**
 * Sum over the given dimensions, or over all. PyTorch: torch.sum.
 * @throws IndexError when there is no such dimension
 * @example ones(2, 3).sum(1) // tensor([3., 3.])
 */
export function sum(x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  atMost('sum', 3, arguments.length)
  return reduce('sum', x, dim, options)
}

/**
 * Mean over the given dimensions, or over all. PyTorch: torch.mean.
 * @throws IndexError when there is no such dimension, DTypeError for integers without `dtype`
 * @example ones(2, 3).mean({ dim: 1, keepdim: true }) // tensor([[1.], [1.]])
 */
export function mean(x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  atMost('mean', 3, arguments.length)
  return reduce('mean', x, dim, options)
}

/**
 * The largest element, or the largest along a dimension with their indices. PyTorch: torch.max.
 * @throws IndexError when there is no such dimension, ShapeError when there is nothing to reduce
 * @example const { values, indices } = max(x, 1)
 */
export function max(x: Tensor): Tensor
export function max(x: Tensor, dim: number | (ArgmaxOptions & { dim: number }), options?: ArgmaxOptions): MaxResult
export function max(x: Tensor, dim?: number | ArgmaxOptions, options?: ArgmaxOptions): Tensor | MaxResult {
  atMost('max', 3, arguments.length)
  const given = argmaxOptions.readFirst('max', dim, options)
  const handle = handleOf('max', x)
  if (given.dim == null) return wrap(native.max(handle))
  if (typeof given.dim !== 'number') refuse('max', 'a number', given.dim)
  const [values, indices] = native.maxDim(handle, given.dim, given.keepdim ?? false)
  return { values: wrap(values), indices: wrap(indices) }
}

/**
 * Index of the largest element along a dimension, or in the flattened tensor; int64. PyTorch: torch.argmax.
 * @throws IndexError when there is no such dimension
 * @example model(x).argmax(1).eq(y) // which samples are classified correctly
 */
export function argmax(x: Tensor, dim?: number | null | ArgmaxOptions, options?: ArgmaxOptions): Tensor {
  atMost('argmax', 3, arguments.length)
  const given = argmaxOptions.readFirst('argmax', dim, options)
  return wrap(native.argmax(handleOf('argmax', x), given.dim ?? null, given.keepdim ?? false))
}

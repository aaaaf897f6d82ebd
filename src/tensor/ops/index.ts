// Elements at given positions, which are copies, and x with others there; and positions of elements. What slices a
// dimension without a copy is in view.ts; positions of one dimension that differ along the others are in scatter.ts.
import { native } from '../../native/load.ts'
import { type AlphaOptions, alphaOf, handleOf, handlesOf, named } from '../args.ts'
import { filling } from '../elementwise-options.ts'
import {
  type AccumulateOptions,
  accumulates,
  type Gathering,
  type IncludeSelfOptions,
  includesSelf,
} from '../index-options.ts'
import { Options } from '../options.ts'
import { atMost, refuse } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * Copies of the slices of a dimension at int64 positions, none of them negative. PyTorch: torch.index_select.
 * @throws IndexError out of range, DTypeError when the index is not int64
 */
export function indexSelect(x: Tensor, dim: number, at: Tensor): Tensor {
  atMost('indexSelect', 3, arguments.length)
  return wrap(native.indexSelect(handleOf('indexSelect', x), dim, handleOf('indexSelect', at)))
}

/**
 * x with `source`, `alpha` times, added to the slices of a dimension at int64 positions. What comes to one position is
 * added up. PyTorch: torch.index_add.
 * @throws IndexError out of range, ShapeError when `source` has not a slice for each position, DTypeError
 * @example zeros(3).indexAdd(0, tensor([2, 2], { dtype: 'int64' }), ones(2)).tolist() // [0, 0, 2]
 */
export function indexAdd(x: Tensor, dim: number, at: Tensor, source: Tensor, options?: AlphaOptions): Tensor {
  atMost('indexAdd', 5, arguments.length)
  const [handle, index, rows] = [handleOf('indexAdd', x), handleOf('indexAdd', at), handleOf('indexAdd', source)]
  return wrap(native.indexAdd(handle, dim, index, rows, alphaOf('indexAdd', options)))
}

/**
 * x with `source` in place of the slices of a dimension at int64 positions. Of what comes to one position the last
 * stays; on a GPU any, unless `useDeterministicAlgorithms` is on. PyTorch: torch.index_copy.
 * @throws IndexError out of range, ShapeError when `source` has not a slice for each position, DTypeError
 */
export function indexCopy(x: Tensor, dim: number, at: Tensor, source: Tensor): Tensor {
  atMost('indexCopy', 4, arguments.length)
  const [handle, index, rows] = [handleOf('indexCopy', x), handleOf('indexCopy', at), handleOf('indexCopy', source)]
  return wrap(native.indexCopy(handle, dim, index, rows))
}

/**
 * x with a number, or a tensor without dimensions, in the slices of a dimension at int64 positions; negative ones count
 * from the end. PyTorch: torch.index_fill.
 * @throws IndexError out of range, ShapeError, ArgumentError for a number that the dtype cannot hold
 */
export function indexFill(x: Tensor, dim: number, at: Tensor, value: Tensor | number | boolean): Tensor {
  atMost('indexFill', 4, arguments.length)
  const [handle, index] = [handleOf('indexFill', x), handleOf('indexFill', at)]
  return wrap(native.indexFill(handle, dim, index, filling('indexFill', x, value)))
}

/**
 * x with what `reduce` makes of the slices of a dimension at int64 positions and those of `source`. PyTorch:
 * torch.index_reduce.
 * @throws IndexError out of range, ShapeError when `source` has not a slice for each position, DTypeError
 * @example
 * const groups = tensor([0, 1, 0], { dtype: 'int64' })
 * zeros(2, 4).indexReduce(0, groups, randn(3, 4), 'amax', { includeSelf: false })
 */
export function indexReduce(
  x: Tensor,
  dim: number,
  at: Tensor,
  source: Tensor,
  reduce: Exclude<Gathering, 'sum'>,
  options?: IncludeSelfOptions,
): Tensor {
  atMost('indexReduce', 6, arguments.length)
  const [handle, index] = [handleOf('indexReduce', x), handleOf('indexReduce', at)]
  const self = includesSelf('indexReduce', options)
  return wrap(native.indexReduce(handle, dim, index, handleOf('indexReduce', source), reduce, self))
}

/**
 * x with `values`, broadcast, where `indices` choose as in `index`: one int64 tensor or mask for each of the first
 * dimensions. Of what comes to one position without `accumulate` the last stays; on a GPU any, unless
 * `useDeterministicAlgorithms` is on. PyTorch: torch.index_put.
 * @throws IndexError out of range, DTypeError unless values and x have one dtype, ShapeError
 * @example zeros(2, 3).indexPut([tensor([0, 1], { dtype: 'int64' })], tensor([1, 2, 3]))
 */
export function indexPut(
  x: Tensor,
  indices: readonly Tensor[],
  values: Tensor,
  accumulate?: boolean | AccumulateOptions,
): Tensor {
  atMost('indexPut', 4, arguments.length)
  const [handle, at] = [handleOf('indexPut', x), handlesOf('indexPut', indices)]
  return wrap(native.indexPut(handle, at, handleOf('indexPut', values), accumulates('indexPut', accumulate)))
}

/**
 * The elements at int64 positions among all of x in row-major order, in the shape of `at`; negative ones count from the
 * end. PyTorch: torch.take.
 * @throws IndexError out of range, DTypeError
 * @example tensor([[4, 3], [5, 6]]).take(tensor([0, -1], { dtype: 'int64' })).tolist() // [4, 6]
 */
export function take(x: Tensor, at: Tensor): Tensor {
  atMost('take', 2, arguments.length)
  return wrap(native.take(handleOf('take', x), handleOf('take', at)))
}

/**
 * x with as many elements of `source` at int64 positions among all of x in row-major order. Of what comes to one
 * position without `accumulate` the last stays; on a GPU any, unless `useDeterministicAlgorithms` is on. PyTorch:
 * torch.put.
 * @throws IndexError out of range, ShapeError, DTypeError
 */
export function put(x: Tensor, at: Tensor, source: Tensor, accumulate?: boolean | AccumulateOptions): Tensor {
  atMost('put', 4, arguments.length)
  const [handle, index, elements] = [handleOf('put', x), handleOf('put', at), handleOf('put', source)]
  return wrap(native.put(handle, index, elements, accumulates('put', accumulate)))
}

/** Options of `takeAlongDim`. */
export interface TakeAlongDimOptions {
  /** The dimension; null, the default, takes from all elements in row-major order. */
  dim?: number | null
}

const takeAlongDimOptions = new Options<TakeAlongDimOptions>({ dim: true })

/**
 * `gather` at int64 positions that are broadcast with x, as `argsort` and `argmax` with `keepdim` give them; along a
 * dimension negative ones count from the end. PyTorch: torch.take_along_dim.
 * @throws IndexError out of range, ShapeError, DTypeError
 * @example x.takeAlongDim(x.argsort(1), 1) // x.sort(1).values
 */
export function takeAlongDim(x: Tensor, indices: Tensor, dim?: number | null | TakeAlongDimOptions): Tensor {
  atMost('takeAlongDim', 3, arguments.length)
  const given = takeAlongDimOptions.readFirst('takeAlongDim', dim)
  const [handle, at] = [handleOf('takeAlongDim', x), handleOf('takeAlongDim', indices)]
  return wrap(native.takeAlongDim(handle, at, given.dim ?? null))
}

/**
 * x with the elements of `source`, in their order, where the mask, broadcast, is true. PyTorch: torch.masked_scatter.
 * @throws ShapeError when `source` has too few elements, DTypeError
 */
export function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  atMost('maskedScatter', 3, arguments.length)
  const [handle, at] = [handleOf('maskedScatter', x), handleOf('maskedScatter', mask)]
  return wrap(native.maskedScatter(handle, at, handleOf('maskedScatter', source)))
}

/** The rows of positions that `nonzero` gives. PyTorch: torch.argwhere. */
export function argwhere(x: Tensor): Tensor {
  atMost('argwhere', 1, arguments.length)
  return wrap(named('argwhere', () => native.nonzero(handleOf('argwhere', x))))
}

/** Options of `nonzeroStatic`. */
export interface NonzeroStaticOptions {
  /** How many rows. */
  size: number
  /** What rows hold that there are no elements for; default -1. */
  fillValue?: number
}

const nonzeroStaticOptions = new Options<NonzeroStaticOptions>({ size: true, fillValue: true })

/**
 * The first `size` rows of `nonzero`, and rows of `fillValue` where there are fewer, so that the host need not wait.
 * PyTorch: torch.nonzero_static.
 * @throws ArgumentError without a size
 * @example tensor([0, 3, 5]).nonzeroStatic({ size: 3 }).tolist() // [[1], [2], [-1]]
 */
export function nonzeroStatic(x: Tensor, options: NonzeroStaticOptions): Tensor {
  const op = 'nonzeroStatic'
  atMost('nonzeroStatic', 2, arguments.length)
  const { size, fillValue = -1 } = nonzeroStaticOptions.read(op, options)
  if (typeof size !== 'number') refuse(`${op}: size`, 'a number of rows', size)
  return wrap(native.nonzeroStatic(handleOf(op, x), size, fillValue))
}

/** Options of `nonzero`. */
export interface NonzeroOptions<T extends boolean = boolean> {
  /** A tensor for each dimension in place of the rows, as `index` takes them; default false. */
  asTuple?: T
}

const nonzeroOptions = new Options<NonzeroOptions>({ asTuple: true })

/**
 * Where the elements are not zero: a row of int64 positions for each, in row-major order. The host waits for it, since
 * it must know how many there are. PyTorch: torch.nonzero.
 * @example tensor([0, 3, 5]).nonzero() // tensor([[1], [2]])
 * @example x.index(...x.gt(0).nonzero({ asTuple: true }))
 */
export function nonzero(x: Tensor, options?: NonzeroOptions<false>): Tensor
export function nonzero(x: Tensor, options: NonzeroOptions<true>): Tensor[]
export function nonzero(x: Tensor, options?: NonzeroOptions): Tensor | Tensor[] {
  atMost('nonzero', 2, arguments.length)
  const { asTuple = false } = nonzeroOptions.read('nonzero', options)
  const handle = handleOf('nonzero', x)
  if (!asTuple) return wrap(native.nonzero(handle))
  // A tensor without dimensions counts as one with a single element.
  const rows = native.nonzero(x.ndim === 0 ? native.view(handle, [1]) : handle)
  return Array.from({ length: Math.max(x.ndim, 1) }, (_, dim) => wrap(native.select(rows, 1, dim)))
}

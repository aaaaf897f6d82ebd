// Slices of one dimension: views, but for `indexSelect`, which copies.
import { ArgumentError, IndexError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, dimOf, firstOption, handleOf } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'
import type { DimOptions } from './join.ts'

/** The slice at one position of a dimension, as a view. PyTorch: torch.select. @throws IndexError out of range */
export function select(x: Tensor, dim: number, at: number): Tensor {
  return wrap(native.select(handleOf('select', x), dim, at))
}

/**
 * `length` positions of a dimension from `start`, as a view. PyTorch: torch.narrow.
 * @throws IndexError out of range, ArgumentError for what is no integer
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const at = dimOf('narrow', dim, checked('narrow', x).ndim)
  const size = x.shape[at]!
  if (!(Number.isInteger(start) && Number.isInteger(length))) {
    throw new ArgumentError(`narrow: start and length must be integers, got ${start} and ${length}`)
  }
  const first = start < 0 ? start + size : start
  if (first < 0 || length < 0 || first + length > size) {
    throw new IndexError(`narrow: start (${start}) + length (${length}) exceeds dimension size (${size})`)
  }
  return wrap(native.slice(x.handle, at, first, first + length, 1))
}

/**
 * Copies of the slices of a dimension at int64 positions, none of them negative. PyTorch: torch.index_select.
 * @throws IndexError out of range, DTypeError when the index is not int64
 */
export function indexSelect(x: Tensor, dim: number, at: Tensor): Tensor {
  return wrap(native.indexSelect(handleOf('indexSelect', x), dim, handleOf('indexSelect', at)))
}

/**
 * Views of at most `chunks` equal parts of a dimension (default 0), the last one smaller. PyTorch: torch.chunk.
 * @throws IndexError when there is no such dimension, ArgumentError unless `chunks` is a positive integer
 * @example arange(10).chunk(4).map(part => part.numel()) // [3, 3, 3, 1]
 */
export function chunk(x: Tensor, chunks: number, dim?: number | DimOptions): Tensor[] {
  if (!(Number.isInteger(chunks) && chunks > 0)) {
    throw new ArgumentError(`chunk: the number of chunks must be a positive integer, got ${chunks}`)
  }
  const at = dimOf('chunk', firstOption<DimOptions>('dim', dim).dim ?? 0, checked('chunk', x).ndim)
  const size = x.shape[at]!
  const step = Math.max(Math.ceil(size / chunks), 1)
  const parts = Math.max(Math.ceil(size / step), 1)
  return Array.from({ length: parts }, (_, i) =>
    wrap(native.slice(x.handle, at, i * step, Math.min((i + 1) * step, size), 1)),
  )
}

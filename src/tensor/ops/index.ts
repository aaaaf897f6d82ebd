// Elements of one dimension at given positions, which are copies, and positions of elements. What slices a dimension
// without a copy is in view.ts.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { filling } from '../elementwise-options.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
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
 * Along a dimension the elements at int64 positions, one for each element of the result: `out[i][j] =
 * x[index[i][j]][j]` for dim 0. PyTorch: torch.gather.
 * @throws IndexError out of range, ShapeError when the index is larger than x in another dimension, DTypeError
 * @example scores.gather(1, labels.unsqueeze(1)) // the score of each sample's class
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  atMost('gather', 3, arguments.length)
  return wrap(native.gather(handleOf('gather', x), dim, handleOf('gather', index)))
}

/**
 * x with other elements at int64 positions along a dimension, those of a tensor or a number: `out[index[i][j]][j] =
 * src[i][j]` for dim 0. What stands at a position that is given twice is one of the two. PyTorch: torch.scatter.
 * @throws IndexError out of range, ShapeError when the index is larger than x or `src`, DTypeError
 * @example zeros(n, 10).scatter(1, labels.unsqueeze(1), 1) // one-hot
 */
export function scatter(x: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor {
  atMost('scatter', 4, arguments.length)
  const [handle, at] = [handleOf('scatter', x), handleOf('scatter', index)]
  return wrap(native.scatter(handle, dim, at, filling('scatter', x, src)))
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

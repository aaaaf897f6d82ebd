// Elements along a dimension at positions that differ along the others: read, written, added and reduced. The index may
// be smaller than the tensors in every dimension.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { filling } from '../elementwise-options.ts'
import {
  type Gathering,
  type IncludeSelfOptions,
  includesSelf,
  mergeOf,
  type ScatterOptions,
} from '../index-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

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
 * src[i][j]` for dim 0. Of what comes to one position the last stays; on a GPU any, unless `useDeterministicAlgorithms`
 * is on. PyTorch: torch.scatter.
 * @throws IndexError out of range, ShapeError when the index is larger than x or `src`, DTypeError
 * @example zeros(n, 10).scatter(1, labels.unsqueeze(1), 1) // one-hot
 */
export function scatter(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor | number | boolean,
  options?: ScatterOptions,
): Tensor {
  atMost('scatter', 5, arguments.length)
  const [handle, at] = [handleOf('scatter', x), handleOf('scatter', index)]
  return wrap(native.scatter(handle, dim, at, filling('scatter', x, src), mergeOf('scatter', options)))
}

/**
 * x with the elements of `src` added at int64 positions along a dimension, all that come to one. PyTorch:
 * torch.scatter_add.
 * @throws IndexError out of range, ShapeError when the index is larger than x or `src`, DTypeError
 * @example
 * const group = tensor([0, 1, 0], { dtype: 'int64' })
 * zeros(2).scatterAdd(0, group, randn(3)) // the sum of each group
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  atMost('scatterAdd', 4, arguments.length)
  const [handle, at] = [handleOf('scatterAdd', x), handleOf('scatterAdd', index)]
  return wrap(native.scatterAdd(handle, dim, at, handleOf('scatterAdd', src)))
}

/**
 * x with what `reduce` makes, at int64 positions along a dimension, of the element there and all elements of `src` that
 * come to it. Several largest or smallest share the gradient. PyTorch: torch.scatter_reduce.
 * @throws IndexError out of range, ShapeError when the index is larger than x or `src`, DTypeError
 * @example
 * const group = tensor([0, 1, 0], { dtype: 'int64' })
 * zeros(2).scatterReduce(0, group, randn(3), 'mean', { includeSelf: false })
 */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: Gathering,
  options?: IncludeSelfOptions,
): Tensor {
  atMost('scatterReduce', 6, arguments.length)
  const [handle, at] = [handleOf('scatterReduce', x), handleOf('scatterReduce', index)]
  const self = includesSelf('scatterReduce', options)
  return wrap(native.scatterReduce(handle, dim, at, handleOf('scatterReduce', src), reduce, self))
}

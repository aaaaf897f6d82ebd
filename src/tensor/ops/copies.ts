// Copies of a tensor with other elements where a view shows, and the copy of `narrow`.
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'
import {
  type DiagonalOptions,
  diagonalOptions,
  narrowed,
  type SliceOptions,
  type StridedOptions,
  sliceOf,
  stridedOptions,
} from '../view-options.ts'

/** `narrow` copied. PyTorch: torch.narrow_copy. @throws IndexError, ArgumentError as `narrow` */
export function narrowCopy(x: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  atMost('narrowCopy', 4, arguments.length)
  return wrap(native.sliceCopy(handleOf('narrowCopy', x), ...narrowed('narrowCopy', x, dim, start, length), 1))
}

/**
 * x with the elements of `src` at one position of a dimension. PyTorch: torch.select_scatter.
 * @throws ShapeError unless `src` has the shape of what it replaces, IndexError out of range
 * @example zeros(2, 3).selectScatter(ones(3), 0, 1).tolist() // [[0, 0, 0], [1, 1, 1]]
 */
export function selectScatter(x: Tensor, src: Tensor, dim: number, at: number): Tensor {
  atMost('selectScatter', 4, arguments.length)
  return wrap(native.selectScatter(handleOf('selectScatter', x), handleOf('selectScatter', src), dim, at))
}

/**
 * x with the elements of `src` in a slice of a dimension. PyTorch: torch.slice_scatter.
 * @throws ShapeError unless `src` has the shape of what it replaces, IndexError when there is no such dimension
 */
export function sliceScatter(x: Tensor, src: Tensor, dim?: number | SliceOptions, options?: SliceOptions): Tensor {
  atMost('sliceScatter', 4, arguments.length)
  const [handle, from] = [handleOf('sliceScatter', x), handleOf('sliceScatter', src)]
  return wrap(native.sliceScatter(handle, from, ...sliceOf('sliceScatter', dim, options)))
}

/**
 * x with the elements of `src` on a diagonal. PyTorch: torch.diagonal_scatter.
 * @throws ShapeError unless `src` has the shape of what it replaces, IndexError when there is no such dimension
 */
export function diagonalScatter(
  x: Tensor,
  src: Tensor,
  offset?: number | DiagonalOptions,
  options?: DiagonalOptions,
): Tensor {
  atMost('diagonalScatter', 4, arguments.length)
  const { offset: at = 0, dim1 = 0, dim2 = 1 } = diagonalOptions.readFirst('diagonalScatter', offset, options)
  const [handle, from] = [handleOf('diagonalScatter', x), handleOf('diagonalScatter', src)]
  return wrap(native.diagonalScatter(handle, from, at, dim1, dim2))
}

/**
 * x with the elements of `src` where `asStrided` shows. PyTorch: torch.as_strided_scatter.
 * @throws ShapeError unless `src` has that shape, or beyond the memory of x
 */
export function asStridedScatter(
  x: Tensor,
  src: Tensor,
  size: Dims,
  stride: Dims,
  storageOffset?: number | null | StridedOptions,
): Tensor {
  atMost('asStridedScatter', 5, arguments.length)
  const { storageOffset: from = null } = stridedOptions.readFirst('asStridedScatter', storageOffset)
  const [handle, source] = [handleOf('asStridedScatter', x), handleOf('asStridedScatter', src)]
  return wrap(native.asStridedScatter(handle, source, size, stride, from))
}

// Views copied, functions only: each gives the elements of the view of that name in memory of their own.
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { dims, handleOf, type Sizes } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'
import {
  type DiagonalOptions,
  type DimOptions,
  diagonalOptions,
  dimOptions,
  type SliceOptions,
  type SqueezeOptions,
  type StridedOptions,
  sliceOf,
  squeezed,
  stridedOptions,
} from '../view-options.ts'

/** The tensor itself copied. PyTorch: torch.alias_copy. */
export function aliasCopy(x: Tensor): Tensor {
  atMost('aliasCopy', 1, arguments.length)
  return wrap(native.aliasCopy(handleOf('aliasCopy', x)))
}

/** `detach` copied. PyTorch: torch.detach_copy. */
export function detachCopy(x: Tensor): Tensor {
  atMost('detachCopy', 1, arguments.length)
  return wrap(native.aliasCopy(native.detach(handleOf('detachCopy', x))))
}

/** `view` copied. PyTorch: torch.view_copy. @throws ShapeError as `view` */
export function viewCopy(x: Tensor, ...size: Sizes): Tensor {
  return wrap(native.viewCopy(handleOf('viewCopy', x), dims('viewCopy', size)))
}

/** `expand` copied. PyTorch: torch.expand_copy. @throws ShapeError as `expand` */
export function expandCopy(x: Tensor, ...size: Sizes): Tensor {
  return wrap(native.expandCopy(handleOf('expandCopy', x), dims('expandCopy', size)))
}

/** `permute` copied. PyTorch: torch.permute_copy. @throws IndexError as `permute` */
export function permuteCopy(x: Tensor, ...order: Sizes): Tensor {
  return wrap(native.permuteCopy(handleOf('permuteCopy', x), dims('permuteCopy', order)))
}

/** `transpose` copied. PyTorch: torch.transpose_copy. @throws IndexError as `transpose` */
export function transposeCopy(x: Tensor, dim0: number, dim1: number): Tensor {
  atMost('transposeCopy', 3, arguments.length)
  return wrap(native.transposeCopy(handleOf('transposeCopy', x), dim0, dim1))
}

/** `t` copied. PyTorch: torch.t_copy. @throws ShapeError as `t` */
export function tCopy(x: Tensor): Tensor {
  atMost('tCopy', 1, arguments.length)
  return wrap(native.tCopy(handleOf('tCopy', x)))
}

/** `squeeze` copied. PyTorch: torch.squeeze_copy. @throws IndexError as `squeeze` */
export function squeezeCopy(x: Tensor, dim?: number | Dims | null | SqueezeOptions): Tensor {
  atMost('squeezeCopy', 2, arguments.length)
  return wrap(native.squeezeCopy(handleOf('squeezeCopy', x), squeezed('squeezeCopy', dim)))
}

/** `unsqueeze` copied. PyTorch: torch.unsqueeze_copy. @throws IndexError as `unsqueeze` */
export function unsqueezeCopy(x: Tensor, dim: number): Tensor {
  atMost('unsqueezeCopy', 2, arguments.length)
  return wrap(native.unsqueezeCopy(handleOf('unsqueezeCopy', x), dim))
}

/** `slice` copied. PyTorch: torch.slice_copy. @throws IndexError, ArgumentError as `slice` */
export function sliceCopy(x: Tensor, dim?: number | SliceOptions, options?: SliceOptions): Tensor {
  atMost('sliceCopy', 3, arguments.length)
  return wrap(native.sliceCopy(handleOf('sliceCopy', x), ...sliceOf('sliceCopy', dim, options)))
}

/** `select` copied. PyTorch: torch.select_copy. @throws IndexError as `select` */
export function selectCopy(x: Tensor, dim: number, at: number): Tensor {
  atMost('selectCopy', 3, arguments.length)
  return wrap(native.selectCopy(handleOf('selectCopy', x), dim, at))
}

/** `diagonal` copied. PyTorch: torch.diagonal_copy. @throws IndexError, ArgumentError as `diagonal` */
export function diagonalCopy(x: Tensor, offset?: number | DiagonalOptions, options?: DiagonalOptions): Tensor {
  atMost('diagonalCopy', 3, arguments.length)
  const { offset: at = 0, dim1 = 0, dim2 = 1 } = diagonalOptions.readFirst('diagonalCopy', offset, options)
  return wrap(native.diagonalCopy(handleOf('diagonalCopy', x), at, dim1, dim2))
}

/** `asStrided` copied. PyTorch: torch.as_strided_copy. @throws ShapeError, ArgumentError as `asStrided` */
export function asStridedCopy(
  x: Tensor,
  size: Dims,
  stride: Dims,
  storageOffset?: number | null | StridedOptions,
): Tensor {
  atMost('asStridedCopy', 4, arguments.length)
  const given = stridedOptions.readFirst('asStridedCopy', storageOffset)
  return wrap(native.asStridedCopy(handleOf('asStridedCopy', x), size, stride, given.storageOffset ?? null))
}

/** `unfold` copied. PyTorch: torch.unfold_copy. @throws ArgumentError, IndexError as `unfold` */
export function unfoldCopy(x: Tensor, dimension: number, size: number, step: number): Tensor {
  atMost('unfoldCopy', 4, arguments.length)
  return wrap(native.unfoldCopy(handleOf('unfoldCopy', x), dimension, size, step))
}

/** `unbind` copied. PyTorch: torch.unbind_copy. @throws IndexError as `unbind` */
export function unbindCopy(x: Tensor, dim?: number | DimOptions): Tensor[] {
  atMost('unbindCopy', 2, arguments.length)
  return native.unbindCopy(handleOf('unbindCopy', x), dimOptions.readFirst('unbindCopy', dim).dim ?? 0).map(wrap)
}

/** `split` copied, with one size. PyTorch: torch.split_copy. @throws IndexError, ArgumentError as `split` */
export function splitCopy(x: Tensor, splitSize: number, dim?: number | DimOptions): Tensor[] {
  atMost('splitCopy', 3, arguments.length)
  const at = dimOptions.readFirst('splitCopy', dim).dim ?? 0
  return native.splitCopy(handleOf('splitCopy', x), splitSize, at).map(wrap)
}

/** `splitWithSizes` copied. PyTorch: torch.split_with_sizes_copy. @throws IndexError, ArgumentError */
export function splitWithSizesCopy(x: Tensor, splitSizes: Dims, dim?: number | DimOptions): Tensor[] {
  atMost('splitWithSizesCopy', 3, arguments.length)
  const at = dimOptions.readFirst('splitWithSizesCopy', dim).dim ?? 0
  return native.splitWithSizesCopy(handleOf('splitWithSizesCopy', x), splitSizes as number[], at).map(wrap)
}

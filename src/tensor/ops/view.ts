// Shape without arithmetic, and slices of one dimension. The results share their elements with the tensor they come
// from; `reshape` and `flatten` copy only when the layout leaves no other way. Sizes may be given one by one or as an
// array; -1 is worked out.
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { checkSizes, dims, handleOf, named, type Sizes } from '../args.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'
import {
  type DiagonalOptions,
  type DimOptions,
  diagonalOptions,
  dimOptions,
  narrowed,
  type SqueezeOptions,
  type StridedOptions,
  squeezed,
  stridedOptions,
} from '../view-options.ts'

export type { DiagonalOptions, SqueezeOptions, StridedOptions }

/**
 * The same elements in another shape, copied if the layout needs it. PyTorch: torch.reshape.
 * @throws ShapeError when the number of elements differs
 */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(native.reshape(handleOf('reshape', x), dims('reshape', shape)))
}

/** Dimensions in another order. PyTorch: torch.permute. @throws IndexError unless each is named once */
export function permute(x: Tensor, ...order: Sizes): Tensor {
  return wrap(native.permute(handleOf('permute', x), dims('permute', order)))
}

/** Options of `flatten`. */
export interface FlattenOptions {
  startDim?: number
  endDim?: number
}

const flattenOptions = new Options<FlattenOptions>({ startDim: true, endDim: true })

/**
 * Joins the dimensions from startDim (default 0) to endDim (default -1). PyTorch: torch.flatten.
 * @throws IndexError when there is no such dimension
 * @example x.flatten(1) // all but the batch dimension
 */
export function flatten(x: Tensor, startDim?: number | FlattenOptions, options?: FlattenOptions): Tensor {
  atMost('flatten', 3, arguments.length)
  const given = flattenOptions.readFirst('flatten', startDim, options)
  return wrap(native.flatten(handleOf('flatten', x), given.startDim ?? 0, given.endDim ?? -1))
}

/** Swaps two dimensions. PyTorch: torch.transpose. @throws IndexError when there is no such dimension */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  atMost('transpose', 3, arguments.length)
  return wrap(native.transpose(handleOf('transpose', x), dim0, dim1))
}

/**
 * Transposes a matrix; vectors and scalars stay as they are. PyTorch: torch.t.
 * @throws ShapeError above 2 dimensions
 */
export function t(x: Tensor): Tensor {
  atMost('t', 1, arguments.length)
  return wrap(native.t(handleOf('t', x)))
}

/** Without the dimensions of size 1, or without some of them. PyTorch: torch.squeeze. @throws IndexError */
export function squeeze(x: Tensor, dim?: number | Dims | null | SqueezeOptions): Tensor {
  atMost('squeeze', 2, arguments.length)
  return wrap(native.squeeze(handleOf('squeeze', x), squeezed('squeeze', dim)))
}

/** With a dimension of size 1 put in at `dim`. PyTorch: torch.unsqueeze. @throws IndexError */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  atMost('unsqueeze', 2, arguments.length)
  return wrap(native.unsqueeze(handleOf('unsqueeze', x), dim))
}

/** All elements in one dimension, copied if the layout needs it. PyTorch: torch.ravel. */
export function ravel(x: Tensor): Tensor {
  atMost('ravel', 1, arguments.length)
  return wrap(native.ravel(handleOf('ravel', x)))
}

/**
 * One dimension as several; one of the sizes may be -1. PyTorch: torch.unflatten.
 * @throws ShapeError when the sizes do not hold its elements, IndexError when there is no such dimension
 * @example randn(2, 12).unflatten(1, [3, -1]).shape // [2, 3, 4]
 */
export function unflatten(x: Tensor, dim: number, sizes: Dims): Tensor {
  atMost('unflatten', 3, arguments.length)
  return wrap(native.unflatten(handleOf('unflatten', x), dim, sizes))
}

const listOf = (dim: number | Dims): Dims => (typeof dim === 'number' ? [dim] : dim)

/**
 * One dimension or several at other places, the others in their order around them. PyTorch: torch.movedim.
 * @throws IndexError when there is no such dimension, ArgumentError when one is named twice
 * @example images.movedim(-1, 1) // the channels behind the batch
 */
export function movedim(x: Tensor, source: number | Dims, destination: number | Dims): Tensor {
  atMost('movedim', 3, arguments.length)
  return wrap(native.movedim(handleOf('movedim', x), listOf(source), listOf(destination)))
}

/** Dimensions of size 1 repeated without a copy, as `expand`. PyTorch: torch.broadcast_to. @throws ShapeError */
export function broadcastTo(x: Tensor, ...size: Sizes): Tensor {
  const sizes = checkSizes('broadcastTo', dims('broadcastTo', size))
  return named('broadcastTo', () => wrap(native.expand(handleOf('broadcastTo', x), sizes)))
}

/**
 * Any sizes and strides over the memory of x, from `storageOffset` elements behind its start (by default where x
 * begins). Elements may be seen several times; then do not write into it. PyTorch: torch.as_strided.
 * @throws ShapeError beyond the memory, ArgumentError for negative numbers
 * @example arange(5).asStrided([3, 3], [1, 1]).tolist() // [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
 */
export function asStrided(x: Tensor, size: Dims, stride: Dims, storageOffset?: number | null | StridedOptions): Tensor {
  atMost('asStrided', 4, arguments.length)
  const given = stridedOptions.readFirst('asStrided', storageOffset)
  return wrap(native.asStrided(handleOf('asStrided', x), size, stride, given.storageOffset ?? null))
}

/** The slice at one position of a dimension, as a view. PyTorch: torch.select. @throws IndexError out of range */
export function select(x: Tensor, dim: number, at: number): Tensor {
  atMost('select', 3, arguments.length)
  return wrap(native.select(handleOf('select', x), dim, at))
}

/**
 * `length` positions of a dimension from `start`, as a view. PyTorch: torch.narrow.
 * @throws IndexError out of range, ArgumentError for what is no integer
 */
export function narrow(x: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  atMost('narrow', 4, arguments.length)
  return wrap(native.slice(handleOf('narrow', x), ...narrowed('narrow', x, dim, start, length), 1))
}

/**
 * All views along a dimension, without it; `for (const row of x)` takes those of the first. PyTorch: torch.unbind.
 * @throws IndexError when there is no such dimension
 */
export function unbind(x: Tensor, dim?: number | DimOptions): Tensor[] {
  atMost('unbind', 2, arguments.length)
  return native.unbind(handleOf('unbind', x), dimOptions.readFirst('unbind', dim).dim ?? 0).map(wrap)
}

/**
 * A diagonal of two dimensions, as the last dimension of a view. PyTorch: torch.diagonal.
 * @throws IndexError when there is no such dimension, ArgumentError when both are one
 * @example linalg.cholesky(a).diagonal().log().sum() // half the logarithm of the determinant
 */
export function diagonal(x: Tensor, offset?: number | DiagonalOptions, options?: DiagonalOptions): Tensor {
  atMost('diagonal', 3, arguments.length)
  const given = diagonalOptions.readFirst('diagonal', offset, options)
  return wrap(native.diagonal(handleOf('diagonal', x), given.offset ?? 0, given.dim1 ?? 0, given.dim2 ?? 1))
}

/**
 * Matrices of zeros with the last dimension of x on a diagonal. PyTorch: torch.diag_embed.
 * @throws IndexError when there is no such dimension, ArgumentError when both are one, ShapeError for a 0-d tensor
 */
export function diagEmbed(x: Tensor, offset?: number | DiagonalOptions, options?: DiagonalOptions): Tensor {
  atMost('diagEmbed', 3, arguments.length)
  const given = diagonalOptions.readFirst('diagEmbed', offset, options)
  return wrap(native.diagEmbed(handleOf('diagEmbed', x), given.offset ?? 0, given.dim1 ?? -2, given.dim2 ?? -1))
}

/** Options of `diag`. */
export interface DiagOptions {
  /** Columns right of the main diagonal, default 0; negative ones are left of it. */
  diagonal?: number
}

const diagOptions = new Options<DiagOptions>({ diagonal: true })

/**
 * The matrix with a vector on its diagonal, or a copy of the diagonal of a matrix. PyTorch: torch.diag.
 * @throws ShapeError for anything but a vector or a matrix
 */
export function diag(x: Tensor, diagonal?: number | DiagOptions): Tensor {
  atMost('diag', 2, arguments.length)
  const given = diagOptions.readFirst('diag', diagonal)
  return wrap(native.diag(handleOf('diag', x), given.diagonal ?? 0))
}

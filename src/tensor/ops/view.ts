// Shape without arithmetic, and slices of one dimension. The results share their elements with the tensor they come
// from; `reshape` and `flatten` copy only when the layout leaves no other way. Sizes may be given one by one or as an
// array; -1 is worked out.
import { ArgumentError, IndexError } from '../../errors.ts'
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { checked, dimOf, dims, handleOf, type Sizes } from '../args.ts'
import { isFloatingPoint } from '../dtype.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

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

/** Options of `squeeze`. */
export interface SqueezeOptions {
  /** One or more dimensions; all when left out. */
  dim?: number | Dims | null
}

const squeezeOptions = new Options<SqueezeOptions>({ dim: true })

/** Without the dimensions of size 1, or without some of them. PyTorch: torch.squeeze. @throws IndexError */
export function squeeze(x: Tensor, dim?: number | Dims | null | SqueezeOptions): Tensor {
  atMost('squeeze', 2, arguments.length)
  const given = squeezeOptions.readFirst('squeeze', dim)
  const dims = typeof given.dim === 'number' ? [given.dim] : (given.dim ?? null)
  return wrap(native.squeeze(handleOf('squeeze', x), dims))
}

/** With a dimension of size 1 put in at `dim`. PyTorch: torch.unsqueeze. @throws IndexError */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  atMost('unsqueeze', 2, arguments.length)
  return wrap(native.unsqueeze(handleOf('unsqueeze', x), dim))
}

/** The slice at one position of a dimension, as a view. PyTorch: torch.select. @throws IndexError out of range */
export function select(x: Tensor, dim: number, at: number): Tensor {
  atMost('select', 3, arguments.length)
  return wrap(native.select(handleOf('select', x), dim, at))
}

/** The start of `narrow` as a number. @throws ArgumentError for a tensor that is no single integer */
function startOf(start: number | Tensor): number {
  if (typeof start === 'number') return start
  const { dtype, ndim } = checked('narrow', start)
  if (ndim === 0 && !isFloatingPoint(dtype) && dtype !== 'bool') return start.item()
  throw new ArgumentError(
    `narrow: start must be a number or a 0-d tensor of integers, got shape [${start.shape.join(', ')}] of ${dtype}`,
  )
}

/**
 * `length` positions of a dimension from `start`, as a view. PyTorch: torch.narrow.
 * @throws IndexError out of range, ArgumentError for what is no integer
 */
export function narrow(x: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  atMost('narrow', 4, arguments.length)
  const at = dimOf('narrow', dim, checked('narrow', x).ndim)
  const size = x.shape[at]!
  const from = startOf(start)
  if (!(Number.isInteger(from) && Number.isInteger(length))) {
    throw new ArgumentError(`narrow: start and length must be integers, got ${from} and ${length}`)
  }
  const first = from < 0 ? from + size : from
  if (first < 0 || length < 0 || first + length > size) {
    throw new IndexError(`narrow: start (${from}) + length (${length}) exceeds dimension size (${size})`)
  }
  return wrap(native.slice(x.handle, at, first, first + length, 1))
}

/** Options of `unbind`. */
export interface UnbindOptions {
  /** Default 0. */
  dim?: number
}

const unbindOptions = new Options<UnbindOptions>({ dim: true })

/**
 * All views along a dimension, without it; `for (const row of x)` takes those of the first. PyTorch: torch.unbind.
 * @throws IndexError when there is no such dimension
 */
export function unbind(x: Tensor, dim?: number | UnbindOptions): Tensor[] {
  atMost('unbind', 2, arguments.length)
  const given = unbindOptions.readFirst('unbind', dim)
  return native.unbind(handleOf('unbind', x), given.dim ?? 0).map(wrap)
}

/** Options of `chunk`. */
export interface ChunkOptions {
  dim?: number
}

const chunkOptions = new Options<ChunkOptions>({ dim: true })

/**
 * Views of at most `chunks` equal parts of a dimension (default 0), the last one smaller. PyTorch: torch.chunk.
 * @throws IndexError when there is no such dimension, ArgumentError unless `chunks` is a positive integer
 * @example arange(10).chunk(4).map(part => part.numel()) // [3, 3, 3, 1]
 */
export function chunk(x: Tensor, chunks: number, dim?: number | ChunkOptions): Tensor[] {
  atMost('chunk', 3, arguments.length)
  if (!(Number.isInteger(chunks) && chunks > 0)) {
    throw new ArgumentError(`chunk: the number of chunks must be a positive integer, got ${chunks}`)
  }
  const at = dimOf('chunk', chunkOptions.readFirst('chunk', dim).dim ?? 0, checked('chunk', x).ndim)
  const size = x.shape[at]!
  const step = Math.max(Math.ceil(size / chunks), 1)
  const parts = Math.max(Math.ceil(size / step), 1)
  return Array.from({ length: parts }, (_, i) =>
    wrap(native.slice(x.handle, at, i * step, Math.min((i + 1) * step, size), 1)),
  )
}

/** Options of `diagonal` and `diagEmbed`. */
export interface DiagonalOptions {
  /** Columns right of the main diagonal, default 0; negative ones are left of it. */
  offset?: number
  /** The dimension of the rows: by default 0 for `diagonal`, -2 for `diagEmbed`. */
  dim1?: number
  /** The dimension of the columns: by default 1 for `diagonal`, -1 for `diagEmbed`. */
  dim2?: number
}

const diagonalOptions = new Options<DiagonalOptions>({ offset: true, dim1: true, dim2: true })

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

// Choosing elements. `x.index(':', 1, '1:9:2', null, '...')` is PyTorch's `x[:, 1, 1:9:2, None, ...]`: slices are strings
// that the compiler checks, null is a new dimension. Everything but tensor indices gives a view, so
// `x.index(0).fill_(5)` changes x.
import { ArgumentError, IndexError, UnsupportedError } from '../../errors.ts'
import type { Handle } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { firstOption } from '../args.ts'
import { dtypeCode } from '../dtype.ts'
import { Tensor, wrap } from '../tensor.ts'

type Bound = number | ''
/** A slice as in Python: `':'`, `'1:'`, `'-3:'`, `'1:9:2'`. The step must be positive. */
export type Slice = `${Bound}:${Bound}` | `${Bound}:${Bound}:${Bound}`
/** One index: an integer, a slice, null for a new dimension, `'...'` for all dimensions between, or int64 indices. */
export type Index = number | Slice | null | '...' | Tensor | readonly number[]

const slicePattern = /^(-?\d+)?:(-?\d+)?(?::(-?\d+)?)?$/

function parseSlice(text: string, size: number): [start: number, end: number, step: number] {
  const match = slicePattern.exec(text)
  if (match === null) {
    throw new ArgumentError(`index: '${text}' is not a slice; write it as in Python, for example ':', '1:' or '1:9:2'`)
  }
  const step = match[3] === undefined ? 1 : Number(match[3])
  if (step <= 0) throw new ArgumentError(`index: the step of a slice must be greater than zero, got '${text}'`)
  const bound = (part: string | undefined, otherwise: number) => {
    if (part === undefined) return otherwise
    const value = Number(part)
    return Math.min(Math.max(value < 0 ? value + size : value, 0), size)
  }
  const start = bound(match[1], 0)
  return [start, Math.max(start, bound(match[2], size)), step]
}

function longIndices(values: readonly number[]): Handle {
  return native.fromData(BigInt64Array.from(values, BigInt), [values.length], dtypeCode('int64'))
}

/** Elements of dimension `dim` at int64 positions of any shape, which takes the place of the dimension. */
function take(x: Handle, dim: number, at: Tensor | readonly number[]): Handle {
  if (!(at instanceof Tensor)) return native.indexSelect(x, dim, longIndices(at))
  if (at.dtype === 'bool' || at.dtype === 'uint8') {
    throw new UnsupportedError('index: masks are not implemented; select by int64 indices')
  }
  if (at.dtype !== 'int64') {
    throw new IndexError(`index: tensors used as indices must be int64, got ${at.dtype}; convert with .long()`)
  }
  if (at.ndim === 1) return native.indexSelect(x, dim, at.handle)
  const taken = native.indexSelect(x, dim, native.reshape(at.handle, [-1]))
  const sizes = native.sizes(taken)
  return native.reshape(taken, [...sizes.slice(0, dim), ...at.shape, ...sizes.slice(dim + 1)])
}

/**
 * Elements chosen as by `x[…]` in Python; one int64 tensor or array of numbers is allowed among the indices.
 * @throws IndexError out of range or for too many indices, UnsupportedError for masks
 * @example x.index(':', 1) // column 1
 */
export function index(x: Tensor, ...indices: Index[]): Tensor {
  let used = 0
  let arrays = 0
  let ellipses = 0
  for (const at of indices) {
    if (at === '...') ellipses += 1
    else if (at !== null) used += 1
    if (typeof at === 'object' && at !== null) arrays += 1
  }
  if (used > x.ndim) throw new IndexError(`index: too many indices for tensor of dimension ${x.ndim}: got ${used}`)
  if (ellipses > 1) throw new IndexError("index: only one '...' is allowed")
  if (arrays > 1) throw new UnsupportedError('index: only one index may be a tensor or an array')
  let handle = x.handle
  let dim = 0
  for (const at of indices) {
    if (at === '...') {
      dim += x.ndim - used
      continue
    }
    const before = handle
    if (at === null) handle = native.unsqueeze(before, dim++)
    else if (typeof at === 'number') handle = native.select(before, dim, at)
    else if (typeof at === 'string') {
      handle = native.slice(before, dim, ...parseSlice(at, native.sizes(before)[dim]!))
      dim += 1
    } else {
      handle = take(before, dim, at)
      dim += at instanceof Tensor ? at.ndim : 1
    }
    if (before !== x.handle) native.dispose(before)
  }
  if (handle === x.handle) handle = native.view(handle, x.shape)
  return wrap(handle)
}

/** The slice at one position of a dimension, as a view. PyTorch: torch.select. @throws IndexError out of range */
export function select(x: Tensor, dim: number, at: number): Tensor {
  return wrap(native.select(x.handle, dim, at))
}

/** `length` positions of a dimension from `start`, as a view. PyTorch: torch.narrow. @throws IndexError out of range */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const size = x.size(dim)
  const first = start < 0 ? start + size : start
  if (first < 0 || length < 0 || first + length > size) {
    throw new IndexError(`narrow: start (${start}) + length (${length}) exceeds dimension size (${size})`)
  }
  return wrap(native.slice(x.handle, dim, first, first + length, 1))
}

/**
 * Copies of the slices of a dimension at int64 positions. PyTorch: torch.index_select.
 * @throws IndexError out of range, DTypeError when the index is not int64
 */
export function indexSelect(x: Tensor, dim: number, at: Tensor): Tensor {
  return wrap(native.indexSelect(x.handle, dim, at.handle))
}

/** Options of `cat`, `stack` and `chunk`. */
export interface DimOptions {
  dim?: number
}

/** Joins tensors along a dimension, default 0. PyTorch: torch.cat. @throws ShapeError when other sizes differ */
export function cat(xs: readonly Tensor[], dim?: number | DimOptions): Tensor {
  const handles = xs.map(x => x.handle)
  return wrap(native.cat(handles, firstOption<DimOptions>('dim', dim).dim ?? 0))
}

/** Joins tensors of one shape along a new dimension, default 0. PyTorch: torch.stack. @throws ShapeError */
export function stack(xs: readonly Tensor[], dim?: number | DimOptions): Tensor {
  const at = firstOption<DimOptions>('dim', dim).dim ?? 0
  const handles = xs.map(x => native.unsqueeze(x.handle, at))
  const joined = native.cat(handles, at)
  for (const handle of handles) native.dispose(handle)
  return wrap(joined)
}

/**
 * Views of at most `chunks` equal parts of a dimension, the last one smaller. PyTorch: torch.chunk.
 * @example arange(10).chunk(4).map(part => part.numel()) // [3, 3, 3, 1]
 */
export function chunk(x: Tensor, chunks: number, dim?: number | DimOptions): Tensor[] {
  const at = firstOption<DimOptions>('dim', dim).dim ?? 0
  const size = x.size(at)
  const step = Math.max(Math.ceil(size / chunks), 1)
  const parts = Math.max(Math.ceil(size / step), 1)
  return Array.from({ length: parts }, (_, i) =>
    wrap(native.slice(x.handle, at, i * step, Math.min((i + 1) * step, size), 1)),
  )
}

export const indexMethods = { select, narrow, indexSelect, chunk }
export const variadicIndexMethods = { index }

// Choosing elements as Python's brackets do, a method only: `x.index(':', 1, '1:9:2', null, '...')` is PyTorch's
// `x[:, 1, 1:9:2, None, ...]`. Slices are strings that the compiler checks, null is a new dimension. Everything but
// tensor indices gives a view, so `x.index(0).fill_(5)` changes x.
import { ArgumentError, IndexError, UnsupportedError } from '../../errors.ts'
import type { Handle } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { dtypeCode } from '../dtype.ts'
import { refuse } from '../refuse.ts'
import { Tensor, wrap } from '../tensor.ts'

type Bound = number | ''
/** A slice as in Python: `':'`, `'1:'`, `'-3:'`, `'1:9:2'`. The step must be positive. */
export type Slice = `${Bound}:${Bound}` | `${Bound}:${Bound}:${Bound}`
/** One index: an integer, a slice, null for a new dimension, `'...'` for all dimensions between, or indices. */
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

/** Positions from the start in row-major order, and the dimensions that take the place of the one chosen from. */
interface Positions {
  flat: BigInt64Array
  shape: readonly number[]
}

/** A position from the start, given one that may be negative. */
function fromStart(at: number, dim: number, size: number): number {
  if (!Number.isInteger(at)) throw new ArgumentError(`index: ${at} is not an integer`)
  if (at >= -size && at < size) return at < 0 ? at + size : at
  throw new IndexError(`index: index ${at} is out of range for dim ${dim} of size ${size}`)
}

function positionsOf(at: Tensor | readonly number[], dim: number, size: number): Positions {
  const shape = at instanceof Tensor ? at.shape : [at.length]
  const given = at instanceof Tensor ? indexElements(at) : at
  const flat = BigInt64Array.from(given as ArrayLike<number>, value => BigInt(fromStart(Number(value), dim, size)))
  return { flat, shape }
}

function indexElements(at: Tensor): ArrayLike<number | bigint> {
  if (at.dtype === 'bool' || at.dtype === 'uint8') {
    throw new UnsupportedError('index: masks are not implemented; select by int64 indices')
  }
  if (at.dtype !== 'int64' && at.dtype !== 'int32') {
    throw new IndexError(`index: tensors used as indices must be int64 or int32, got ${at.dtype}; convert with .long()`)
  }
  return at.toTypedArray()
}

/** Elements of dimension `dim` at the positions. */
function take(x: Handle, dim: number, at: Positions): Handle {
  const positions = native.fromData(at.flat, [at.flat.length], dtypeCode('int64'), native.device(x))
  const taken = native.indexSelect(x, dim, positions)
  native.dispose(positions)
  if (at.shape.length === 1) return taken
  const sizes = native.sizes(taken)
  const result = native.reshape(taken, [...sizes.slice(0, dim), ...at.shape, ...sizes.slice(dim + 1)])
  native.dispose(taken)
  return result
}

/** An index that is ready for the native core: all checks are done before the first tensor is made. */
type Step = null | '...' | number | [start: number, end: number, step: number] | Positions

function stepOf(at: Index, dim: number, size: number): Step {
  if (typeof at === 'number') return fromStart(at, dim, size)
  if (typeof at === 'string') return parseSlice(at, size)
  if (at instanceof Tensor || Array.isArray(at)) return positionsOf(at, dim, size)
  return refuse('index', "an integer, a slice, null, '...' or integers", at)
}

function plan(x: Tensor, indices: readonly Index[]): Step[] {
  const used = indices.filter(at => at !== null && at !== '...').length
  if (used > x.ndim) throw new IndexError(`index: too many indices for tensor of dimension ${x.ndim}: got ${used}`)
  if (indices.filter(at => at === '...').length > 1) throw new IndexError("index: only one '...' is allowed")
  if (indices.filter(at => typeof at === 'object' && at !== null).length > 1) {
    throw new UnsupportedError('index: only one index may be a tensor or an array')
  }
  let dim = 0
  return indices.map(at => {
    if (at === '...') dim += x.ndim - used
    return at === '...' || at === null ? at : stepOf(at, dim, x.shape[dim++]!)
  })
}

/**
 * Elements chosen as by `x[…]` in Python; one int64 or int32 tensor or array of numbers is allowed among the indices.
 * Negative positions count from the end.
 * @throws IndexError out of range or for too many indices, UnsupportedError for masks
 * @example x.index(':', 1) // column 1
 * @example x.index([-1, 0]) // the last row and the first
 */
export function index(x: Tensor, ...indices: Index[]): Tensor {
  const steps = plan(x, indices)
  const left = x.ndim - steps.filter(step => step !== null && step !== '...').length
  let handle = x.handle
  let dim = 0
  for (const step of steps) {
    if (step === '...') {
      dim += left
      continue
    }
    const before = handle
    if (step === null) handle = native.unsqueeze(before, dim++)
    else if (typeof step === 'number') handle = native.select(before, dim, step)
    else if (Array.isArray(step)) handle = native.slice(before, dim++, ...step)
    else {
      handle = take(before, dim, step)
      dim += step.shape.length
    }
    if (before !== x.handle) native.dispose(before)
  }
  return wrap(handle === x.handle ? native.view(handle, x.shape) : handle)
}

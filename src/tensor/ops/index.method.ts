// Choosing elements as Python's brackets do, methods only: `x.index(':', 1, '1:9:2', null, '...')` is PyTorch's
// `x[:, 1, 1:9:2, None, ...]`. Slices are strings that the compiler checks, null is a new dimension. Everything but
// tensors and arrays gives a view, so `x.index(0).fill_(5)` changes x; where those choose, `indexPut_` does. And what
// writes at an index in place, which is recorded.
import { ArgumentError, IndexError } from '../../errors.ts'
import type { Handle } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { type AlphaOptions, alphaOf, checked, handleOf, handlesOf, named } from '../args.ts'
import { mostDims, tensor } from '../create.ts'
import { isFloatingPoint } from '../dtype.ts'
import { filling } from '../elementwise-options.ts'
import {
  type AccumulateOptions,
  accumulates,
  type Gathering,
  type IncludeSelfOptions,
  includesSelf,
} from '../index-options.ts'
import { refuse } from '../refuse.ts'
import { shown } from '../repr.ts'
import { Tensor, wrap } from '../tensor.ts'

type Bound = number | ''
/** A slice as in Python: `':'`, `'1:'`, `'-3:'`, `'1:9:2'`. The step must be positive. */
export type Slice = `${Bound}:${Bound}` | `${Bound}:${Bound}:${Bound}`
/** Positions, or booleans as a mask, in nested arrays. */
export type IndexArray = readonly (number | boolean | IndexArray)[]
/**
 * One index: an integer, a slice, null for a new dimension, `'...'` for all dimensions between, integers in a tensor or
 * an array, or a mask, which stands for as many dimensions as it has.
 */
export type Index = number | Slice | null | '...' | Tensor | IndexArray

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

/** A position from the start, given one that may be negative. */
function fromStart(at: number, dim: number, size: number): number {
  if (!Number.isInteger(at)) throw new ArgumentError(`index: ${at} is not an integer`)
  if (at >= -size && at < size) return at < 0 ? at + size : at
  throw new IndexError(`index: index ${at} is out of range for dim ${dim} of size ${size}`)
}

/** An array as a tensor of positions, or as a mask. @throws ArgumentError for anything but integers or booleans */
function fromArray(at: IndexArray): Tensor {
  const flat: unknown[] = (at as unknown[]).flat(mostDims)
  const isMask = flat.length > 0 && flat.every(value => typeof value === 'boolean')
  const wrong = isMask ? undefined : flat.find(value => !Number.isInteger(value))
  if (wrong !== undefined) throw new ArgumentError(`index: ${shown(wrong)} is not an integer`)
  return named('index', () => tensor(at, { dtype: isMask ? 'bool' : 'int64' }))
}

/** A tensor without dimensions that holds an integer is that integer, as in PyTorch. */
function unpacked(at: Index): Index {
  const isNumber = at instanceof Tensor && at.ndim === 0 && !isFloatingPoint(at.dtype) && at.dtype !== 'bool'
  return isNumber ? at.item() : at
}

/** How many dimensions an index stands for. */
function width(at: Index): number {
  if (at === null || at === '...') return 0
  return at instanceof Tensor && at.dtype === 'bool' ? at.ndim : 1
}

/** An index that is ready for the native core. */
type Step = null | '...' | number | [start: number, end: number, step: number] | Tensor

function stepOf(at: Index, dim: number, size: number): Step {
  if (at === null || at === '...' || at instanceof Tensor) return at
  if (typeof at === 'number') return fromStart(at, dim, size)
  return typeof at === 'string'
    ? parseSlice(at, size)
    : refuse('index', "an integer, a slice, null, '...' or integers", at)
}

/** What each index does; `left` dimensions are those of `...`. Only positions in tensors are checked later. */
function plan(x: Tensor, indices: readonly Index[]): { steps: Step[]; left: number } {
  const used = indices.reduce<number>((sum, at) => sum + width(at), 0)
  if (used > x.ndim) throw new IndexError(`index: too many indices for tensor of dimension ${x.ndim}: got ${used}`)
  if (indices.filter(at => at === '...').length > 1) throw new IndexError("index: only one '...' is allowed")
  const left = x.ndim - used
  let dim = 0
  const steps = indices.map(at => {
    const step = stepOf(at, dim, x.shape[dim]!)
    dim += at === '...' ? left : width(at)
    return step
  })
  return { steps, left }
}

/** First all views, then what tensors choose along the dimensions that are left. */
function follow(x: Tensor, { steps, left }: ReturnType<typeof plan>): Handle {
  const chosen: (Handle | null)[] = []
  let covered = 0 // dimensions that `chosen` stands for
  let handle = x.handle
  let dim = 0
  const then = (next: Handle) => {
    if (handle !== x.handle) native.dispose(handle)
    handle = next
  }
  for (const step of steps) {
    if (step === '...') dim += left
    else if (step === null) then(native.unsqueeze(handle, dim++))
    else if (typeof step === 'number') then(native.select(handle, dim, step))
    else if (Array.isArray(step)) then(native.slice(handle, dim++, ...step))
    else {
      for (; covered < dim; covered++) chosen.push(null)
      chosen.push(step.handle)
      dim += width(step)
      covered = dim
    }
  }
  try {
    if (chosen.length > 0) then(native.index(handle, chosen))
  } catch (error) {
    if (handle !== x.handle) native.dispose(handle)
    throw error
  }
  return handle === x.handle ? native.view(handle, x.shape) : handle
}

/**
 * Elements chosen as by `x[…]` in Python; negative positions count from the end. Several tensors or arrays broadcast
 * and go together; what they choose stands where they do, or first if they are not neighbours, as in PyTorch.
 * @throws IndexError out of range, for too many indices, or for a mask of another shape
 * @example x.index(':', 1) // column 1
 * @example x.index([-1, 0]) // the last row and the first
 * @example x.index([0, 1], [2, 0]) // x[0, 2] and x[1, 0]
 * @example x.index(x.gt(0)) // the positive elements
 */
export function index(x: Tensor, ...indices: Index[]): Tensor {
  const made: Tensor[] = []
  try {
    const given = indices.map(at => {
      if (!Array.isArray(at)) return at instanceof Tensor ? unpacked(checked('index', at)) : at
      made.push(fromArray(at))
      return made.at(-1)!
    })
    return wrap(follow(x, plan(x, given)))
  } finally {
    for (const at of made) at.dispose()
  }
}

/**
 * `indexPut` in place. PyTorch: torch.Tensor.index_put_.
 * @throws IndexError out of range, DTypeError unless values and x have one dtype, ShapeError
 * @example x.indexPut_([rows, columns], tensor(1))
 * @example counts.indexPut_([labels], tensor(1n), { accumulate: true })
 */
export function indexPut_(
  x: Tensor,
  indices: readonly Tensor[],
  values: Tensor,
  accumulate?: boolean | AccumulateOptions,
): Tensor {
  const add = accumulates('indexPut_', accumulate)
  native.indexPut_(x.handle, handlesOf('indexPut_', indices), handleOf('indexPut_', values), add)
  return x
}

/** `indexAdd` in place. PyTorch: torch.Tensor.index_add_. @throws IndexError, ShapeError, DTypeError */
export function indexAdd_(x: Tensor, dim: number, at: Tensor, source: Tensor, options?: AlphaOptions): Tensor {
  const alpha = alphaOf('indexAdd_', options)
  native.indexAdd_(x.handle, dim, handleOf('indexAdd_', at), handleOf('indexAdd_', source), alpha)
  return x
}

/** `indexCopy` in place. PyTorch: torch.Tensor.index_copy_. @throws IndexError, ShapeError, DTypeError */
export function indexCopy_(x: Tensor, dim: number, at: Tensor, source: Tensor): Tensor {
  native.indexCopy_(x.handle, dim, handleOf('indexCopy_', at), handleOf('indexCopy_', source))
  return x
}

/** `indexFill` in place. PyTorch: torch.Tensor.index_fill_. @throws IndexError, ShapeError, DTypeError */
export function indexFill_(x: Tensor, dim: number, at: Tensor, value: Tensor | number | boolean): Tensor {
  native.indexFill_(x.handle, dim, handleOf('indexFill_', at), filling('indexFill_', x, value))
  return x
}

/** `indexReduce` in place. PyTorch: torch.Tensor.index_reduce_. @throws IndexError, ShapeError, DTypeError */
export function indexReduce_(
  x: Tensor,
  dim: number,
  at: Tensor,
  source: Tensor,
  reduce: Exclude<Gathering, 'sum'>,
  options?: IncludeSelfOptions,
): Tensor {
  const self = includesSelf('indexReduce_', options)
  native.indexReduce_(x.handle, dim, handleOf('indexReduce_', at), handleOf('indexReduce_', source), reduce, self)
  return x
}

/** `put` in place. PyTorch: torch.Tensor.put_. @throws IndexError, ShapeError, DTypeError */
export function put_(x: Tensor, at: Tensor, source: Tensor, accumulate?: boolean | AccumulateOptions): Tensor {
  native.put_(x.handle, handleOf('put_', at), handleOf('put_', source), accumulates('put_', accumulate))
  return x
}

/** `maskedScatter` in place. PyTorch: torch.Tensor.masked_scatter_. @throws ShapeError, DTypeError */
export function maskedScatter_(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  native.maskedScatter_(x.handle, handleOf('maskedScatter_', mask), handleOf('maskedScatter_', source))
  return x
}

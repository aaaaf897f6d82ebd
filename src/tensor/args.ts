// Reading arguments that are no options: tensors, numbers, sizes, pairs. Options are read in options.ts, which has the
// rule of what is which.
import { ArgumentError, DtrainError, IndexError, ShapeError } from '../errors.ts'
import type { Dims, GeneratorHandle, Handle, Operand } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { dtypeCode } from './dtype.ts'
import { isOptions, Options } from './options.ts'
import { refuse } from './refuse.ts'
import { kindOf, shown } from './repr.ts'
import { asNumber } from './scalar.ts'
import type { Tensor } from './tensor.ts'

const float64 = dtypeCode('afford', 'float64')

/** The size of one spatial dimension, or `[size]`. */
export type Single = number | readonly [number]

/** One number for both spatial dimensions, or `[height, width]`. */
export type Pair = number | readonly [number, number]

/** One number for all three spatial dimensions, or `[depth, height, width]`. */
export type Triple = number | readonly [number, number, number]

/** Sizes one by one or as one array. */
export type Sizes = number[] | [Dims]

/** Sizes as an array or one by one, then options: `zeros([2, 3])`, `zeros(2, 3)`, `zeros(2, 3, { dtype: 'int64' })`. */
export type ShapeArgs<O> = [shape: Dims, options?: O] | number[] | [...number[], O]

/** Options of `add_` and `sub_`, and with `out` of `add` and `sub`. */
export interface AlphaOptions {
  /** Factor of the second argument, default 1. */
  alpha?: number | boolean
}

const alphaOptions = new Options<AlphaOptions>({ alpha: true })

/** The factor of the second argument. @throws ArgumentError for no options object */
export function alphaOf(op: string, options: AlphaOptions | undefined): number {
  return options === undefined ? 1 : asNumber(alphaOptions.read(op, options).alpha ?? 1)
}

/** Options of what can write into a tensor that is there. */
export interface OutOptions {
  /** A tensor of the result's shape, which takes it and is returned. There is no gradient then. */
  out?: Tensor
}

/** Options of `div_`, and with `out` of `div`. */
export interface DivOptions {
  /** Cut the fraction off, or round down; null, the default, divides exactly. */
  roundingMode?: 'trunc' | 'floor' | null
}

const divOptions = new Options<DivOptions>({ roundingMode: true })

/** How a quotient is rounded. @throws ArgumentError for no options object */
export function roundingOf(op: string, options: DivOptions | undefined): 'trunc' | 'floor' | null {
  return options === undefined ? null : (divOptions.read(op, options).roundingMode ?? null)
}

/** What the native core takes for the option `generator`. @throws ArgumentError for anything but a generator */
export function generatorOf(op: string, generator: { handle: GeneratorHandle | null } | undefined) {
  if (generator == null) return null
  return generator.handle === undefined ? refuse(op, 'a generator', generator, generatorOf) : generator.handle
}

/** An option that switches something; `what` is `op: option`. @throws ArgumentError unless it is a boolean */
export function flag(what: string, value: boolean): boolean {
  return typeof value === 'boolean' ? value : refuse(what, 'true or false', value, flag)
}

/** Whether a value is an object whose values are data, as `{ x, y }` is: with no class, or without a prototype. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Splits the `ShapeArgs` of `op` into sizes and options. @throws ArgumentError, ShapeError for negative sizes */
export function shapeArgs<O extends object>(op: string, options: Options<O>, args: readonly unknown[]): [Dims, O] {
  const last = args.at(-1)
  const hasOptions = isOptions(last) || (last === undefined && args.length > 1)
  const sizes = hasOptions ? args.slice(0, -1) : args
  const shape = sizes.length === 1 && Array.isArray(sizes[0]) ? sizes[0] : sizes
  return [checkSizes(op, shape), options.read(op, hasOptions ? (last as O | undefined) : undefined)]
}

/** The sizes of a tensor to be made. @throws ArgumentError unless they are integers, ShapeError for negative ones */
export function checkSizes(op: string, shape: readonly unknown[]): Dims {
  if (!Array.isArray(shape)) refuse(op, 'an array of sizes', shape)
  for (const size of shape) {
    if (typeof size !== 'number') refuse(op, 'sizes as numbers', size)
    if (!Number.isSafeInteger(size)) throw new ArgumentError(`${op}: sizes must be integers, got ${shown(shape)}`)
    if (size < 0) throw new ShapeError(`${op}: sizes must not be negative, got ${shown(shape)}`)
  }
  return shape as Dims
}

/**
 * For elements that JavaScript makes one by one: whether they will fit, before minutes are spent on them.
 * @throws OutOfMemoryError naming `op`
 * @internal
 */
export function afford(op: string, shape: Dims): void {
  named(op, () => native.dispose(native.empty(shape, float64, null)))
}

/** Sizes given as an array or one by one. @throws ArgumentError for more beside an array */
export function dims(op: string, args: readonly (number | Dims)[]): Dims {
  if (!Array.isArray(args[0])) return args as number[]
  if (args.length > 1) throw new ArgumentError(`${op}: expected one array or single numbers, got an array and more`)
  return args[0] as Dims
}

/** `dim` counted from the start, for a tensor of `ndim` dimensions. @throws IndexError out of range */
export function dimOf(op: string, dim: number, ndim: number): number {
  if (typeof dim !== 'number') refuse(op, 'a dimension', dim)
  const at = dim < 0 ? dim + ndim : dim
  if (at >= 0 && at < ndim && Number.isInteger(at)) return at
  if (ndim === 0) throw new IndexError(`${op}: a 0-d tensor has no dim ${dim}`)
  throw new IndexError(
    `${op}: dim ${dim} is out of range for a tensor of ${ndim} dimensions (expected ${-ndim} to ${ndim - 1})`,
  )
}

/** `[height, width]` from one number or two, frozen; `what` is `op: option`. @throws ArgumentError for anything else */
export function pair(what: string, value: Pair): readonly [number, number] {
  return spatial(what, value, 2) as readonly [number, number]
}

/** The same for `dims` dimensions, from one number or as many. @throws ArgumentError for anything else */
export function spatial(what: string, value: number | readonly number[], dims: number): readonly number[] {
  if (typeof value === 'number') return Object.freeze(Array<number>(dims).fill(value))
  if (Array.isArray(value) && value.length === dims && value.every(each => typeof each === 'number'))
    return Object.freeze([...value])
  const several = ['an array of one', 'a pair of numbers', 'an array of three'][dims - 1]
  const got = Array.isArray(value) ? shown(value) : kindOf(value)
  throw new ArgumentError(`${what} must be a number or ${several}, got ${got}`)
}

/**
 * How much is added before and behind each dimension of an image for the padding of a convolution `op`, whatever way it
 * is given: as much on both sides, but for 'same' with an even kernel, which needs one more behind.
 * @throws ArgumentError for 'same' with a stride
 */
export function convPadding(
  op: string,
  padding: number | readonly number[] | 'same' | 'valid',
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): { before: readonly number[]; behind: readonly number[] } {
  if (padding !== 'same') {
    const sizes = spatial(`${op}: padding`, padding === 'valid' ? 0 : padding, stride.length)
    return { before: sizes, behind: sizes }
  }
  if (stride.some(step => step !== 1))
    throw new ArgumentError(`${op}: padding='same' is not supported for strided convolutions`)
  const before = kernel.map((size, i) => Math.floor((dilation[i]! * (size - 1)) / 2))
  return { before, behind: kernel.map((size, i) => dilation[i]! * (size - 1) - before[i]!) }
}

/** What the native core takes for a tensor. @throws ArgumentError naming `op` when it is none */
export function handleOf(op: string, x: Tensor): Handle {
  return x?.handle ?? refuse(op, 'a tensor', x, handleOf)
}

/** The tensor itself, for an op that reads its shape first. @throws ArgumentError naming `op` when it is none */
export function checked(op: string, x: Tensor): Tensor {
  try {
    if (x?.handle !== undefined && x.shape !== undefined) return x
  } catch (error) {
    throw renamed(op, error)
  }
  return refuse(op, 'a tensor', x, checked)
}

/** What the native core takes for a tensor that may be left out. @throws ArgumentError naming `op` for another value */
export function optional(op: string, x: Tensor | null | undefined): Handle | null {
  return x == null ? null : (x.handle ?? refuse(op, 'a tensor', x, optional))
}

/** What the native core takes for a tensor, a number or a boolean. @throws ArgumentError for another value */
export function operand(op: string, x: Tensor | number | boolean): Operand {
  if (typeof x === 'number' || typeof x === 'boolean') return x
  return x?.handle ?? refuse(op, 'a tensor or a number', x, operand)
}

/** What the native core takes for several tensors. @throws ArgumentError naming `op` for other values */
export function handlesOf(op: string, xs: readonly Tensor[]): Handle[] {
  if (!Array.isArray(xs)) refuse(op, 'an array of tensors', xs, handlesOf)
  return xs.map(x => handleOf(op, x))
}

/**
 * Runs the ops that `op` is made of: what they throw is said by `op`, since nobody called them.
 * @throws what they throw, with `op` for their name
 */
export function named<T>(op: string, ops: () => T): T {
  try {
    return ops()
  } catch (error) {
    throw renamed(op, error)
  }
}

/** An error of dtrain with `op` for the name that its text begins with. */
function renamed(op: string, error: unknown): unknown {
  if (!(error instanceof DtrainError)) return error
  const before = error.message
  const [head] = /^[\w.]+(?=: )/.exec(before) ?? []
  // What looks on as ops run speaks for itself.
  if (head === op || head === `${op}_` || head === 'exportOnnx') return error
  error.message = head === undefined ? `${op}: ${before}` : op + before.slice(head.length)
  if (error.stack !== undefined) error.stack = error.stack.replace(before, () => error.message)
  return error
}

const mostLevels = 1000

/**
 * The next level of what goes down into a value of the caller's, `what`, which may have no end.
 * @throws ArgumentError at the thousandth
 * @internal
 */
export function deeper(what: string, level: number): number {
  if (level < mostLevels) return level + 1
  throw new ArgumentError(`${what} holds itself, or is nested more than ${mostLevels} deep`)
}

/** Runs a function that has to be synchronous. @throws ArgumentError when it is no function, or returns a promise */
export function runNow<T>(op: string, fn: () => T): T {
  if (typeof fn !== 'function') refuse(op, 'a function', fn, runNow)
  const result = fn()
  if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') return result
  ;(result as PromiseLike<unknown>).then(undefined, () => {}) // it may well fail later; the error below says why
  throw new ArgumentError(`${op}: the function must not be async; put ${op} around the synchronous parts of it`)
}

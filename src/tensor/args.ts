// Reading arguments. The rule everywhere: arguments without a default are positional, the ones with a default go in one
// trailing options object, and the first of those may be positional too: `x.sum(1)` is `x.sum({ dim: 1 })`.
import { ArgumentError, IndexError, ShapeError, UnsupportedError } from '../errors.ts'
import type { Dims, GeneratorHandle, Handle, Operand } from '../native/addon.ts'
import { kindOf } from './repr.ts'
import { Tensor } from './tensor.ts'

/** One number for both spatial dimensions, or `[height, width]`. */
export type Pair = number | readonly [number, number]

/** Sizes one by one or as one array. */
export type Sizes = number[] | [Dims]

/** Sizes as an array or one by one, then options: `zeros([2, 3])`, `zeros(2, 3)`, `zeros(2, 3, { dtype: 'int64' })`. */
export type ShapeArgs<O> = [shape: Dims, options?: O] | number[] | [...number[], O]

/** Whether a value is an options object: any object but a tensor, an array or something else that can be iterated. */
export function isOptions(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Tensor) && !(Symbol.iterator in value)
}

/**
 * A copy of options with all that their object gives, by its class too and hidden from loops, where a spread takes only
 * its own visible fields. Undefined means left out, as everywhere.
 */
export function copyOptions<O extends object>(options: O): O {
  const copy: Record<string, unknown> = {}
  for (let level: object | null = options; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const key of Object.getOwnPropertyNames(level)) {
      const value = options[key as never]
      if (key !== 'constructor' && value !== undefined) copy[key] = value
    }
  }
  return copy as O
}

/** Options that have a place of their own. @throws ArgumentError for anything but an options object */
export function givenOptions<O extends object>(op: string, options: O | undefined): O | undefined {
  return options == null || isOptions(options) ? options : refuse(op, 'options', options, givenOptions)
}

/**
 * The factor `alpha` of `add`, `sub` and their in-place forms, default 1.
 * @throws ArgumentError for no options object
 */
export function alphaOf(op: string, options: { alpha?: number } | undefined): number {
  return options === undefined ? 1 : (givenOptions(op, options)?.alpha ?? 1)
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

/** The options with the first optional argument, called `key`, put in, wherever the caller wrote it. */
export function firstOption<O extends object>(key: keyof O, first: unknown, options?: O): O {
  if (options != null && !isOptions(options)) refuse('options', 'an object', options, firstOption)
  if (first === undefined) return options ?? ({} as O)
  if (options == null) return (isOptions(first) ? first : { [key]: first }) as O
  return { ...copyOptions(options), ...(isOptions(first) ? copyOptions(first) : { [key]: first }) } as O
}

/** Splits the `ShapeArgs` of `op` into sizes and options. @throws ArgumentError, ShapeError for negative sizes */
export function shapeArgs<O extends object>(op: string, args: readonly unknown[]): [shape: Dims, options: O] {
  const last = args.at(-1)
  const hasOptions = isOptions(last) || (last === undefined && args.length > 1)
  const sizes = hasOptions ? args.slice(0, -1) : args
  const shape = sizes.length === 1 && Array.isArray(sizes[0]) ? sizes[0] : sizes
  return [checkSizes(op, shape), isOptions(last) ? (last as O) : ({} as O)]
}

/** The sizes of a tensor to be made. @throws ArgumentError unless they are integers, ShapeError for negative ones */
export function checkSizes(op: string, shape: readonly unknown[]): Dims {
  for (const size of shape) {
    if (typeof size !== 'number') refuse(op, 'sizes as numbers', size)
    if (!Number.isSafeInteger(size)) throw new ArgumentError(`${op}: sizes must be integers, got [${shape.join(', ')}]`)
    if (size < 0) throw new ShapeError(`${op}: sizes must not be negative, got [${shape.join(', ')}]`)
  }
  return shape as Dims
}

/** Sizes given as an array or one by one. */
export function dims(args: readonly (number | Dims)[]): Dims {
  return Array.isArray(args[0]) ? (args[0] as Dims) : (args as number[])
}

/** `dim` counted from the start, for a tensor of `ndim` dimensions. @throws IndexError out of range */
export function dimOf(op: string, dim: number, ndim: number): number {
  const at = dim < 0 ? dim + ndim : dim
  if (at >= 0 && at < ndim && Number.isInteger(at)) return at
  if (ndim === 0) throw new IndexError(`${op}: a 0-d tensor has no dim ${dim}`)
  throw new IndexError(
    `${op}: dim ${dim} is out of range for a tensor of ${ndim} dimensions (expected ${-ndim} to ${ndim - 1})`,
  )
}

/** `[height, width]` from one number or two, frozen; `what` is `op: option`. @throws ArgumentError for anything else */
export function pair(what: string, value: Pair): readonly [number, number] {
  if (typeof value === 'number') return Object.freeze([value, value] as const)
  if (Array.isArray(value) && value.length === 2) return Object.freeze([value[0], value[1]] as const)
  throw new ArgumentError(
    `${what} must be a number or a pair of numbers, got ${Array.isArray(value) ? `[${value.join(', ')}]` : kindOf(value)}`,
  )
}

/**
 * Zeros on each side of an image for `padding`, whatever way it is given.
 * @throws ArgumentError for 'same' with a stride, UnsupportedError for 'same' with an even kernel
 */
export function convPadding(
  padding: Pair | 'same' | 'valid',
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): readonly number[] {
  if (padding === 'valid') return [0, 0]
  if (padding !== 'same') return pair('conv2d: padding', padding)
  if (stride.some(step => step !== 1))
    throw new ArgumentError("padding='same' is not supported for strided convolutions")
  const total = kernel.map((size, i) => dilation[i]! * (size - 1))
  if (total.some(zeros => zeros % 2 !== 0)) {
    throw new UnsupportedError("padding: 'same' is not implemented for even kernel sizes")
  }
  return total.map(zeros => zeros / 2)
}

// Note [Wrong kinds of arguments]
// TypeScript refuses `x.add('2')`, a JavaScript program finds out here. Ops are too hot for checks of classes: they
// just ask for the handle, and only a value that has none is looked at.

/** Throws the error for an argument of a wrong kind; `caller` is left out of its stack. */
export function refuse(
  op: string,
  expected: string,
  value: unknown,
  caller: (...args: never[]) => unknown = refuse,
): never {
  const error = new ArgumentError(`${op}: expected ${expected}, got ${kindOf(value)}`)
  Error.captureStackTrace(error, caller)
  throw error
}

/** What the native core takes for a tensor. @throws ArgumentError naming `op` when it is none */
export function handleOf(op: string, x: Tensor): Handle {
  return x?.handle ?? refuse(op, 'a tensor', x, handleOf)
}

/** The tensor itself, for an op that reads its shape first. @throws ArgumentError naming `op` when it is none */
export function checked(op: string, x: Tensor): Tensor {
  return x?.handle === undefined ? refuse(op, 'a tensor', x, checked) : x
}

/** What the native core takes for a tensor that may be left out. @throws ArgumentError naming `op` for another value */
export function optional(op: string, x: Tensor | null | undefined): Handle | null {
  return x == null ? null : (x.handle ?? refuse(op, 'a tensor', x, optional))
}

/** What the native core takes for a tensor or a number. @throws ArgumentError naming `op` for another value */
export function operand(op: string, x: Tensor | number): Operand {
  return typeof x === 'number' ? x : (x?.handle ?? refuse(op, 'a tensor or a number', x, operand))
}

/** What the native core takes for several tensors. @throws ArgumentError naming `op` for other values */
export function handlesOf(op: string, xs: readonly Tensor[]): Handle[] {
  if (!Array.isArray(xs)) refuse(op, 'an array of tensors', xs, handlesOf)
  return xs.map(x => handleOf(op, x))
}

/** Runs a function that has to be synchronous. @throws ArgumentError when it is no function, or returns a promise */
export function runNow<T>(op: string, fn: () => T): T {
  if (typeof fn !== 'function') refuse(op, 'a function', fn, runNow)
  const result = fn()
  if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') return result
  ;(result as PromiseLike<unknown>).then(undefined, () => {}) // it may well fail later; the error below says why
  throw new ArgumentError(`${op}: the function must not be async; put ${op} around the synchronous parts of it`)
}

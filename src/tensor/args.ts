// Reading arguments. The rule everywhere: arguments without a default are positional, the ones with a default go in one
// trailing options object, and the first of those may be positional too: `x.sum(1)` is `x.sum({ dim: 1 })`.
import { ArgumentError } from '../errors.ts'
import type { Dims, Handle, Operand } from '../native/addon.ts'
import type { Tensor } from './tensor.ts'

/** One number for both spatial dimensions, or `[height, width]`. */
export type Pair = number | readonly [number, number]

/** Sizes as an array or one by one, then options: `zeros([2, 3])`, `zeros(2, 3)`, `zeros(2, 3, { dtype: 'int64' })`. */
export type ShapeArgs<O> = [shape: Dims, options?: O] | number[] | [...number[], O]

/** Whether a value is a plain options object: no array, tensor, module or null. */
export function isOptions(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** The options with the first optional argument, called `key`, put in, wherever the caller wrote it. */
export function firstOption<O extends object>(key: keyof O, first: unknown, options?: O): O {
  if (first === undefined) return options ?? ({} as O)
  return isOptions(first) ? (first as O) : ({ ...options, [key]: first } as O)
}

/** Splits `ShapeArgs` into sizes and options. */
export function shapeArgs<O extends object>(args: readonly unknown[]): [shape: Dims, options: O] {
  const last = args[args.length - 1]
  const options = (isOptions(last) ? last : {}) as O
  if (Array.isArray(args[0])) return [args[0], options]
  return [args.filter(size => typeof size === 'number'), options]
}

/** Sizes given as an array or one by one. */
export function dims(args: readonly (number | Dims)[]): Dims {
  return Array.isArray(args[0]) ? (args[0] as Dims) : (args as number[])
}

/** `[height, width]` from one number or two. @throws ArgumentError for anything else */
export function pair(name: string, value: Pair): readonly [number, number] {
  if (typeof value === 'number') return [value, value]
  if (Array.isArray(value) && value.length === 2) return value
  throw new ArgumentError(`${name} must be a number or a pair of numbers, got ${JSON.stringify(value)}`)
}

/** What the native core takes for a tensor that may be left out. */
export function optional(x: Tensor | null | undefined): Handle | null {
  return x == null ? null : x.handle
}

/** What the native core takes for a tensor or a number. */
export function operand(x: Tensor | number): Operand {
  return typeof x === 'number' ? x : x.handle
}

// Options and arguments that elementwise ops share with their forms in place.
import type { Operand } from '../native/addon.ts'
import { flag, operand } from './args.ts'
import { Options } from './options.ts'
import { asNumber, checkFits } from './scalar.ts'
import type { Tensor } from './tensor.ts'

/** Options of activations that have no others. */
export interface InplaceOptions {
  /** Write the result into x; default false. */
  inplace?: boolean
}

export const inplaceOptions = new Options<InplaceOptions>({ inplace: true })

/** Whether an activation writes into its argument. @throws ArgumentError unless it is said by true or false */
export function isInplace(op: string, inplace: boolean | InplaceOptions | undefined): boolean {
  if (inplace === undefined || inplace === false) return false
  return flag(`${op}: inplace`, inplaceOptions.readFirst(op, inplace).inplace ?? false)
}

/** Options of `round`. */
export interface RoundOptions {
  /** Digits behind the point, default 0; negative ones are before it. */
  decimals?: number
}

export const roundOptions = new Options<RoundOptions>({ decimals: true })

/** Options of `logit`. */
export interface LogitOptions {
  /** How far x is kept from 0 and 1; null, the default, leaves it. */
  eps?: number | null
}

export const logitOptions = new Options<LogitOptions>({ eps: true })

/** Options of `nanToNum`. */
export interface NanToNumOptions {
  /** What stands for NaN, default 0. */
  nan?: number | null
  /** What stands for Infinity, default the largest number of the dtype. */
  posinf?: number | null
  /** What stands for -Infinity, default the smallest number of the dtype. */
  neginf?: number | null
}

const nanToNumOptions = new Options<NanToNumOptions>({ nan: true, posinf: true, neginf: true })

/** What the native core takes for the replacements of `nanToNum`. @throws ArgumentError for no options object */
export function replacements(
  op: string,
  nan: number | null | NanToNumOptions | undefined,
  options: NanToNumOptions | undefined,
): [nan: number | null, posinf: number | null, neginf: number | null] {
  const given = nanToNumOptions.readFirst(op, nan, options)
  return [given.nan ?? null, given.posinf ?? null, given.neginf ?? null]
}

/** Options of `addcmul` and `addcdiv`. */
export interface ValueOptions {
  /** Factor of the product or quotient, default 1. */
  value?: number
}

const valueOptions = new Options<ValueOptions>({ value: true })

/** The factor of a product. @throws ArgumentError for no options object */
export function factorOf(op: string, options: ValueOptions | undefined): number {
  return valueOptions.read(op, options).value ?? 1
}

/** Options of `tril` and `triu`. */
export interface TriangleOptions {
  /** Columns right of the main diagonal, default 0; negative ones are left of it. */
  diagonal?: number
}

export const triangleOptions = new Options<TriangleOptions>({ diagonal: true })

/** Options of `clamp`; one of both may be left out. */
export interface ClampOptions {
  /** What is less becomes this. */
  min?: Tensor | number | null
  /** What is more becomes this. */
  max?: Tensor | number | null
}

const clampOptions = new Options<ClampOptions>({ min: true, max: true })

type Bound = Tensor | number | null | undefined

/** What the native core takes for the bounds of `clamp`. @throws ArgumentError for anything but tensors and numbers */
export function boundsOf(
  op: string,
  min: Bound | ClampOptions,
  options: ClampOptions | undefined,
): [min: Operand | null, max: Operand | null] {
  const given = clampOptions.readFirst(op, min, options)
  const bound = (value: Bound) => (value == null ? null : operand(op, value))
  return [bound(given.min), bound(given.max)]
}

/** A value for elements of x. @throws ArgumentError for a number that its dtype cannot hold */
export function filling(op: string, x: Tensor, value: Tensor | number | boolean): Operand {
  if (typeof value === 'number' || typeof value === 'boolean') checkFits(op, asNumber(value), x.dtype)
  return operand(op, value)
}

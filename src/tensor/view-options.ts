// What ops on shapes share with their forms in place and their copies: options, and the range of `narrow`.

import { ArgumentError, IndexError } from '../errors.ts'
import type { Dims } from '../native/addon.ts'
import { checked, dimOf } from './args.ts'
import { isFloatingPoint } from './dtype.ts'
import { Options } from './options.ts'
import { shown } from './repr.ts'
import type { Tensor } from './tensor.ts'

/** Options of what goes along one dimension: `cat`, `split`, `unbind`, … */
export interface DimOptions {
  /** Default 0. */
  dim?: number
}

export const dimOptions = new Options<DimOptions>({ dim: true })

/** Options of `squeeze`. */
export interface SqueezeOptions {
  /** One or more dimensions; all when left out. */
  dim?: number | Dims | null
}

const squeezeOptions = new Options<SqueezeOptions>({ dim: true })

/** The dimensions to squeeze, null for all. */
export function squeezed(op: string, dim: number | Dims | null | undefined | SqueezeOptions): Dims | null {
  const given = squeezeOptions.readFirst(op, dim).dim
  return typeof given === 'number' ? [given] : (given ?? null)
}

/** Options of `asStrided`. */
export interface StridedOptions {
  /** Elements before the first one, from the start of the memory; by default where x begins. */
  storageOffset?: number | null
}

export const stridedOptions = new Options<StridedOptions>({ storageOffset: true })

/** Options of `slice`. */
export interface SliceOptions {
  /** Default 0. */
  dim?: number
  /** The first position, default 0; negative ones count from the end. */
  start?: number | null
  /** The position behind the last one, by default the end. */
  end?: number | null
  /** Default 1. */
  step?: number
}

const sliceOptions = new Options<SliceOptions>({ dim: true, start: true, end: true, step: true })

/** The dimension, start, end and step of a slice. */
export function sliceOf(op: string, dim: number | undefined | SliceOptions, options: SliceOptions | undefined) {
  const given = sliceOptions.readFirst(op, dim, options)
  return [given.dim ?? 0, given.start ?? 0, given.end ?? Number.MAX_SAFE_INTEGER, given.step ?? 1] as const
}

/** Options of `diagonal`, `diagEmbed` and `diagonalScatter`. */
export interface DiagonalOptions {
  /** Columns right of the main diagonal, default 0; negative ones are left of it. */
  offset?: number
  /** The dimension of the rows: by default 0, and -2 for `diagEmbed`. */
  dim1?: number
  /** The dimension of the columns: by default 1, and -1 for `diagEmbed`. */
  dim2?: number
}

export const diagonalOptions = new Options<DiagonalOptions>({ offset: true, dim1: true, dim2: true })

/** Options of `rot90`. */
export interface Rot90Options {
  /** How many times, default 1. */
  k?: number
  /** From the first to the second; default `[0, 1]`. */
  dims?: Dims
}

/** The start of `narrow` as a number. @throws ArgumentError for a tensor that is no single integer */
function startOf(op: string, start: number | Tensor): number {
  if (typeof start === 'number') return start
  const { dtype, ndim } = checked(op, start)
  if (ndim === 0 && !isFloatingPoint(dtype) && dtype !== 'bool') return start.item()
  throw new ArgumentError(
    `${op}: start must be a number or a 0-d tensor of integers, got shape [${start.shape.join(', ')}] of ${dtype}`,
  )
}

/**
 * The dimension, start and end of `narrow`.
 * @throws IndexError out of range, ArgumentError for what is no integer
 */
export function narrowed(op: string, x: Tensor, dim: number, start: number | Tensor, length: number) {
  const at = dimOf(op, dim, checked(op, x).ndim)
  const size = x.shape[at]!
  const from = startOf(op, start)
  if (!(Number.isInteger(from) && Number.isInteger(length))) {
    throw new ArgumentError(`${op}: start and length must be integers, got ${shown(from)} and ${shown(length)}`)
  }
  const first = from < 0 ? from + size : from
  if (first < 0 || length < 0 || first + length > size) {
    throw new IndexError(`${op}: start (${from}) + length (${length}) exceeds dimension size (${size})`)
  }
  return [at, first, first + length] as const
}

// What reductions share: their options, and results that are values with their places.
import { ArgumentError } from '../errors.ts'
import type { Dims, Handle } from '../native/addon.ts'
import { type DType, dtypeCode } from './dtype.ts'
import { Options } from './options.ts'
import { type Tensor, wrap } from './tensor.ts'

/** One dimension or several; null is all. */
export type Dim = number | Dims | null

/** Options of `sum` and `mean`, and of both without NaN. */
export interface ReduceOptions {
  /** Dimensions to reduce; all when left out. */
  dim?: Dim
  /** Keep reduced dimensions with size 1. */
  keepdim?: boolean
  /** Cast to this dtype first. */
  dtype?: DType
}

export const reduceOptions = new Options<ReduceOptions>({ dim: true, keepdim: true, dtype: true })

/** Options of `cumsum` and `cumprod`. */
export interface CumsumOptions {
  /** Cast to this dtype first. */
  dtype?: DType
}

export const cumsumOptions = new Options<CumsumOptions>({ dtype: true })

/** Options of `var` and `std`, and of both with the mean. */
export interface SpreadOptions {
  /** Dimensions to reduce; all when left out. */
  dim?: Dim
  /** What the number of elements is lessened by before it divides: 1, the default, or 0 for a whole population. */
  correction?: number
  /** The same as a choice: true is 1, and false 0. */
  unbiased?: boolean
  keepdim?: boolean
}

const spreadOptions = new Options<SpreadOptions>({ dim: true, correction: true, unbiased: true, keepdim: true })

/** The options with all their values. @throws ArgumentError for both ways to give the correction */
export function spreadOf(op: string, dim?: Dim | SpreadOptions, options?: SpreadOptions) {
  const given = spreadOptions.readFirst(op, dim, options)
  if (given.unbiased !== undefined && given.correction !== undefined) {
    throw new ArgumentError(`${op}: correction and unbiased say the same; give one of them`)
  }
  const correction = given.correction ?? (given.unbiased === false ? 0 : 1)
  return { dim: given.dim ?? null, correction, keepdim: given.keepdim ?? false }
}

/** What `max`, `sort`, `median`, … along a dimension give: elements, and where they are (int64). */
export interface MaxResult {
  values: Tensor
  indices: Tensor
}

/** The native core's pair of them. */
export function found(pair: readonly [Handle, Handle]): MaxResult {
  return { values: wrap(pair[0]), indices: wrap(pair[1]) }
}

export function dimsOf(dim: Dim | undefined): Dims | null {
  return typeof dim === 'number' ? [dim] : (dim ?? null)
}

export function codeOf(op: string, dtype: DType | undefined): number | null {
  return dtype === undefined ? null : dtypeCode(op, dtype)
}

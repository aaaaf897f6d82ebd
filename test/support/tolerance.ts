// How far from the true answer a result may be. Exact ops are compared to the last bit. Floats that are rounded on the
// way may be off by as much as rounding explains, for any order of summation and any processor, and by no more: a bound
// of its own for each element, from the number of terms in its sum and the size of those terms. scripts/golden/ops.py
// counts both.

import { type DType, isHalf, type Tolerance } from './case.ts'

/** What a sum was taken over: how many terms, and their absolute values added up. */
export interface Terms {
  terms: number
  size: number
}

/** Half the distance from 1 to the next number. */
const unit: Partial<Record<DType, number>> = {
  float64: 2 ** -53,
  float32: 2 ** -24,
  float16: 2 ** -11,
  bfloat16: 2 ** -8,
}

/** Half the distance from 0 to the next number, where a product of two ordinary numbers gets there. */
const smallest: Partial<Record<DType, number>> = { float16: 2 ** -25, bfloat16: 2 ** -134, float32: 2 ** -150 }

/** exp and log are allowed four units in the last place (libmvec's promise), and a result is rounded after them. */
const perResult = 10

/**
 * The allowed |computed - true| of a result `want` of that dtype.
 *
 * A sum of n products is off by at most n units of the sum of their absolute values, in whatever order it is taken.
 * That needs every rounding to go the same way: with independent roundings a long sum is off by less than 6 √n units,
 * except once in ten million (Higham and Mary, 2019).
 *
 * Halves are computed as float32, and rounded when they are stored: the result, and each term of a gradient that was
 * stored before it was added up.
 */
export function roundingBound(dtype: DType, want: number, { terms, size }: Terms): number {
  if (!isHalf(dtype)) {
    const roundings = perResult * Math.abs(want) + Math.min(terms + 1, 6 * Math.sqrt(terms)) * size
    return (unit[dtype] ?? 0) * roundings + (size > 0 ? (smallest[dtype] ?? 0) : 0)
  }
  const stored = unit[dtype]! * (Math.abs(want) + size) + (smallest[dtype] ?? 0)
  return stored + roundingBound('float32', want, { terms, size })
}

/**
 * For central differences with a step of 1e-6: truncation leaves about 1e-12, cancellation about 1e-10 per unit of
 * value.
 */
export const finiteDifference: Tolerance = { rtol: 1e-6, atol: 1e-7 }

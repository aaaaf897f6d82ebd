// How far from PyTorch an answer may be: |got - want| <= atol + rtol * |want|. One row per dtype; a case that needs another
// says why. Integers and bools are exact. The rows allow for sums of a few hundred terms taken in another order.

import type { DType, Tolerance } from './case.ts'

export const tolerances: Record<DType, Tolerance> = {
  float32: { rtol: 2e-6, atol: 2e-6 },
  float64: { rtol: 1e-12, atol: 1e-12 },
  int64: { rtol: 0, atol: 0 },
  uint8: { rtol: 0, atol: 0 },
  bool: { rtol: 0, atol: 0 },
}

/** For central differences with a step of 1e-6: truncation leaves about 1e-12, cancellation about 1e-10 per unit of value. */
export const finiteDifference: Tolerance = { rtol: 1e-6, atol: 1e-7 }

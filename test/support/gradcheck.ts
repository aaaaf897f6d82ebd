// Checks a gradient against central differences. What surprises: the function is sampled at x ± 1e-6 and subtracted,
// which leaves about nine digits in float64 and none in float32; so float64 only, and away from kinks.

import { noGrad, type Tensor, tensor, tidy } from '../../src/index.ts'
import type { Tolerance } from './case.ts'
import { finiteDifference } from './tolerance.ts'

const step = 1e-6

/** The derivative of f (inputs on the CPU to one number) with respect to every element of inputs[which], row-major. */
export function numericGradient(f: (...xs: Tensor[]) => number, inputs: Tensor[], which: number): Float64Array {
  const x = inputs[which]!
  const values = Float64Array.from(x.toTypedArray() as Float64Array)
  const at = (i: number, delta: number): number => {
    const moved = values.slice()
    moved[i]! += delta
    const replaced = noGrad(() => tensor(moved).view([...x.shape]))
    return tidy(() => f(...inputs.map((other, j) => (j === which ? replaced : other))))
  }
  return values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step))
}

/** Throws unless the gradient (null: zero everywhere) equals the central differences. */
export function expectGradient(
  what: string,
  gradient: Tensor | null,
  numeric: Float64Array,
  { rtol, atol }: Tolerance = finiteDifference,
): void {
  const got = gradient ? (gradient.toTypedArray() as Float64Array) : new Float64Array(numeric.length)
  if (got.length !== numeric.length) throw new Error(`${what}: ${got.length} elements instead of ${numeric.length}`)
  // Cancellation grows with the values, so the largest element sets the scale.
  const scale = numeric.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
  for (let i = 0; i < got.length; i++) {
    if (!(Math.abs(got[i]! - numeric[i]!) <= atol * scale + rtol * Math.abs(numeric[i]!))) {
      throw new Error(`${what}: element ${i} is ${got[i]}, central differences give ${numeric[i]}`)
    }
  }
}

/** sum(out * w) over all outputs, as a number: what a gradient with seeds w differentiates. */
export function weighted(outputs: Tensor[], seeds: Tensor[]): number {
  return outputs.reduce((total, y, i) => total + y.mul(seeds[i]!).sum().item(), 0)
}

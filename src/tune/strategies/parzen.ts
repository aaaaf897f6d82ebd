// A density over one dimension of the unit cube, made of observations: a normal distribution around each, cut off at 0
// and 1, and a wide one that stands for what was known before. Widths follow from the distance to the neighbours. For
// values that can be counted it gives the mass of their part; for categories, shares. Settings are those of Optuna.
import type { RandomState } from '../../random/random-state.ts'
import type { Dimension } from '../parameters.ts'

/** Observations that count fully; older ones count less, the first least. */
const young = 25

interface Kernel {
  weight: number
  mean: number
  sd: number
}

export class Parzen {
  readonly #kernels: Kernel[]
  /** Shares of categories. */
  readonly #shares: number[] | undefined
  readonly #levels: number

  /** `places` stand in the order of their trials. */
  constructor({ kind, levels, log }: Dimension, places: readonly number[]) {
    const weights = [...weightsOf(places.length), 1]
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    this.#levels = log ? Number.POSITIVE_INFINITY : levels // the parts of logarithms differ in length
    this.#kernels = [...places, 0.5].map((mean, i) => ({ weight: weights[i]! / total, mean, sd: 1 }))
    if (kind === 'category') this.#shares = shares(this.#kernels, levels)
    else widen(this.#kernels)
  }

  /** A place by chance. */
  draw(random: RandomState): number {
    if (this.#shares !== undefined) return (chosen(this.#shares, random.rand()) + 0.5) / this.#levels
    const { mean, sd } =
      this.#kernels[
        chosen(
          this.#kernels.map(({ weight }) => weight),
          random.rand(),
        )
      ]!
    for (;;) {
      const place = mean + sd * random.randn()
      if (place >= 0 && place <= 1) return place
    }
  }

  /** Logarithm of the density, or of the mass of a place's part. */
  logDensity(place: number): number {
    if (this.#shares !== undefined) return Math.log(this.#shares[partOf(place, this.#levels)]!)
    const part = partOf(place, this.#levels)
    const density = this.#kernels.reduce((sum, { weight, mean, sd }) => {
      const within = massBetween((0 - mean) / sd, (1 - mean) / sd)
      const here = Number.isFinite(this.#levels)
        ? massBetween((part / this.#levels - mean) / sd, ((part + 1) / this.#levels - mean) / sd)
        : Math.exp(-0.5 * ((place - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI))
      return sum + (weight * here) / within
    }, 0)
    return Math.log(density)
  }
}

/** Ones, or a ramp up to the last 25. */
function weightsOf(count: number): number[] {
  const ramp = Math.max(0, count - young)
  return Array.from({ length: count }, (_, i) => {
    if (i >= ramp) return 1
    return ramp === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * i) / (ramp - 1)
  })
}

/** Gives each kernel but the last, the wide one, the larger distance to a neighbour, within limits. */
function widen(kernels: Kernel[]): void {
  const sorted = kernels.toSorted((a, b) => a.mean - b.mean)
  const least = 1 / Math.min(100, kernels.length + 1)
  for (const [i, kernel] of sorted.entries()) {
    if (kernel === kernels.at(-1)) continue
    const below = i === 0 ? undefined : kernel.mean - sorted[i - 1]!.mean
    const above = i === sorted.length - 1 ? undefined : sorted[i + 1]!.mean - kernel.mean
    kernel.sd = Math.min(Math.max(below ?? 0, above ?? 0, least), 1)
  }
}

/** Each observation has a share for all categories and one more for its own. */
function shares(kernels: readonly Kernel[], levels: number): number[] {
  const prior = 1 / kernels.length
  const own = 1 / (1 + levels * prior)
  return Array.from({ length: levels }, (_, level) =>
    kernels.reduce((sum, { weight, mean }, i) => {
      if (i === kernels.length - 1) return sum + weight / levels
      return sum + weight * own * (prior + (partOf(mean, levels) === level ? 1 : 0))
    }, 0),
  )
}

const partOf = (place: number, levels: number) => Math.min(Math.floor(place * levels), levels - 1)

function chosen(weights: readonly number[], draw: number): number {
  let left = draw
  const at = weights.findIndex(weight => {
    left -= weight
    return left < 0
  })
  return at < 0 ? weights.length - 1 : at
}

/** Of the standard normal distribution, from a to b. In the upper half it is taken from the other side. */
function massBetween(a: number, b: number): number {
  return a > 0 ? upperTail(a) - upperTail(b) : upperTail(-b) - upperTail(-a)
}

/** 1 - Φ(x) with a relative error of 1.2e-7 (Press et al., Numerical Recipes: erfcc). */
function upperTail(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const t = 1 / (1 + z / 2)
  const series = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ].reduce((sum, coefficient) => sum * t + coefficient, 0)
  const tail = (t * Math.exp(-z * z + series)) / 2
  return x >= 0 ? tail : 1 - tail
}

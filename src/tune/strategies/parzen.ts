// A density over the unit cube, made of observations: a mixture with a part for each of them and a wide one that stands
// for what was known before. A part is a product over the dimensions: a normal distribution that is cut off at 0 and 1,
// whose width follows from the distance to the neighbours, or shares of categories. Settings are those of Optuna.
import type { RandomState } from '../../random/random-state.ts'
import type { Dimension } from '../parameters.ts'
import type { Point } from '../space.ts'

/** Observations that count fully; older ones count less, the first least. */
const young = 25

/** One part of the mixture, along one dimension. */
interface Factor {
  draw(random: RandomState): number
  /** Logarithm of the density at a place, or of the mass of the places that have the same value. */
  log(place: number): number
}

export class Parzen {
  readonly #weights: readonly number[]
  /** For each part of the mixture one for each dimension. */
  readonly #factors: readonly (readonly Factor[])[]

  /** The points stand in the order of their trials. */
  constructor(dimensions: readonly Dimension[], points: readonly Point[]) {
    const weights = [...weightsOf(points.length), 1]
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    this.#weights = weights.map(weight => weight / total)
    const columns = dimensions.map((dimension, i) =>
      factorsOf(
        dimension,
        points.map(point => point[i]!),
      ),
    )
    this.#factors = weights.map((_, part) => columns.map(column => column[part]!))
  }

  /** A point by chance. */
  draw(random: RandomState): number[] {
    return this.#factors[chosen(this.#weights, random.rand())]!.map(factor => factor.draw(random))
  }

  /** Logarithm of the density at a point; of what can be counted, of its mass. */
  logDensity(point: Point): number {
    const logs = this.#factors.map((factors, part) =>
      factors.reduce((sum, factor, i) => sum + factor.log(point[i]!), Math.log(this.#weights[part]!)),
    )
    const most = Math.max(...logs)
    return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0))
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

/** A factor for each place, and the wide one. */
function factorsOf(dimension: Dimension, places: readonly number[]): Factor[] {
  if (dimension.kind === 'category') {
    const own = (place: number | undefined) => shares(dimension, place, 1 / (places.length + 1))
    return [...places, undefined].map(own)
  }
  const widths = widthsOf(places)
  return [...places.map((place, i) => normal(dimension, place, widths[i]!)), normal(dimension, 0.5, 1)]
}

/** The larger distance to a neighbour, within limits. That to an end counts for a single observation only. */
function widthsOf(places: readonly number[]): number[] {
  const sorted = places.toSorted((a, b) => a - b)
  const least = 1 / Math.min(100, places.length + 2)
  const taken = new Map<number, number>()
  return places.map(place => {
    // Of equal places each is another in the row.
    const at = sorted.indexOf(place) + (taken.get(place) ?? 0)
    taken.set(place, (taken.get(place) ?? 0) + 1)
    const [below, above] = sorted.length === 1 ? [0, 1] : [sorted[at - 1] ?? place, sorted[at + 1] ?? place]
    return Math.min(Math.max(place - below, above - place, least), 1)
  })
}

function normal({ partOf }: Dimension, mean: number, sd: number): Factor {
  const within = Math.log(massBetween((0 - mean) / sd, (1 - mean) / sd))
  return {
    draw: random => {
      for (;;) {
        const place = mean + sd * random.randn()
        if (place >= 0 && place <= 1) return place
      }
    },
    log: place => {
      const part = partOf(place)
      if (part !== undefined) return Math.log(massBetween((part[0] - mean) / sd, (part[1] - mean) / sd)) - within
      return -0.5 * ((place - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI)) - within
    },
  }
}

/** Equal shares, and one more for the observation's category. */
function shares({ levels }: Dimension, place: number | undefined, share: number): Factor {
  const indexOf = (place: number) => Math.min(Math.floor(place * levels), levels - 1)
  const own = place === undefined ? -1 : indexOf(place)
  const parts = Array.from({ length: levels }, (_, i) => share + (i === own ? 1 : 0))
  const total = parts.reduce((sum, part) => sum + part, 0)
  const normalized = parts.map(part => part / total)
  return {
    draw: random => (chosen(normalized, random.rand()) + 0.5) / levels,
    log: place => Math.log(normalized[indexOf(place)]!),
  }
}

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

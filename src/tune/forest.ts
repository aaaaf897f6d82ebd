// A random forest over the unit cube: regression trees, each grown on a draw of the trials with replacement, until a
// leaf has one value. A tree is kept as the boxes of its leaves, from which the mean over any dimensions follows
// exactly, as in functional analysis of variance (Hutter, Hoos and Leyton-Brown, 2014).
import { RandomState } from '../random/random-state.ts'
import type { Point } from './space.ts'

const trees = 64

interface Leaf {
  low: number[]
  high: number[]
  value: number
}

export class Forest {
  readonly #trees: Leaf[][]

  /** The same data makes the same forest. */
  constructor(points: readonly Point[], values: readonly number[]) {
    const random = new RandomState(0)
    this.#trees = Array.from({ length: trees }, () => {
      const drawn = points.map(() => Math.floor(random.rand() * points.length))
      const dimensions = points[0]!.length
      const all = { low: new Array<number>(dimensions).fill(0), high: new Array<number>(dimensions).fill(1) }
      return grow(points, values, drawn, all)
    })
  }

  /** The mean at a place of some dimensions, over all the others. */
  mean(dimensions: readonly number[], place: readonly number[]): number {
    const inside = (leaf: Leaf) =>
      dimensions.every((dimension, i) => leaf.low[dimension]! <= place[i]! && place[i]! <= leaf.high[dimension]!)
    return average(
      this.#trees.map(leaves => {
        const here = leaves.filter(inside).map(leaf => ({ weight: volume(leaf, dimensions), value: leaf.value }))
        return weightedMean(here)
      }),
    )
  }

  /** For each dimension the share of the variance that it explains by itself, averaged over the trees that have any. */
  mainEffects(): number[] {
    const dimensions = this.#trees[0]![0]!.low.map((_, i) => i)
    const shares = this.#trees.map(leaves => {
      const whole = leaves.map(leaf => ({ weight: volume(leaf, []), value: leaf.value }))
      const total = variance(whole)
      return total > 0 ? dimensions.map(dimension => variance(marginal(leaves, dimension)) / total) : undefined
    })
    const known = shares.filter(share => share !== undefined)
    return dimensions.map(i => average(known.map(share => share[i]!)))
  }
}

/** The leaves below a box that holds some of the data, by their indices. */
function grow(
  points: readonly Point[],
  values: readonly number[],
  rows: number[],
  { low, high }: Omit<Leaf, 'value'>,
): Leaf[] {
  const cut = bestCut(points, values, rows)
  if (cut === undefined) return [{ low, high, value: average(rows.map(row => values[row]!)) }]
  const { dimension, at } = cut
  const isBelow = (row: number) => points[row]![dimension]! < at
  const below = rows.filter(isBelow)
  const above = rows.filter(row => !isBelow(row))
  return [
    ...grow(points, values, below, { low, high: high.with(dimension, at) }),
    ...grow(points, values, above, { low: low.with(dimension, at), high }),
  ]
}

/** The cut after which the squared errors of both parts are least; undefined where none makes them less. */
function bestCut(points: readonly Point[], values: readonly number[], rows: readonly number[]) {
  const sum = rows.reduce((total, row) => total + values[row]!, 0)
  const none = sum ** 2 / rows.length
  let best: { dimension: number; at: number } | undefined
  // Least squared errors are the greatest sums of squared sums over counts; rounding is no gain.
  let most = none + 1e-12 * Math.abs(none)
  for (let dimension = 0; dimension < points[0]!.length; dimension++) {
    const of = (row: number) => points[row]![dimension]!
    const sorted = rows.toSorted((a, b) => of(a) - of(b))
    let left = 0
    for (let i = 1; i < sorted.length; i++) {
      left += values[sorted[i - 1]!]!
      const [before, after] = [of(sorted[i - 1]!), of(sorted[i]!)]
      if (before === after) continue
      const gain = left ** 2 / i + (sum - left) ** 2 / (sorted.length - i)
      if (gain <= most) continue
      most = gain
      best = { dimension, at: (before + after) / 2 }
    }
  }
  return best
}

/** The mean along one dimension as steps between the bounds of leaves. */
function marginal(leaves: readonly Leaf[], dimension: number): Weighted[] {
  const bounds = [...new Set(leaves.flatMap(({ low, high }) => [low[dimension]!, high[dimension]!]))].sort(
    (a, b) => a - b,
  )
  return bounds.slice(1).map((end, i) => {
    const middle = (bounds[i]! + end) / 2
    const here = leaves.filter(({ low, high }) => low[dimension]! < middle && middle < high[dimension]!)
    const parts = here.map(leaf => ({ weight: volume(leaf, [dimension]), value: leaf.value }))
    return { weight: end - bounds[i]!, value: weightedMean(parts) }
  })
}

interface Weighted {
  weight: number
  value: number
}

/** Of a box, without some dimensions. */
function volume({ low, high }: Leaf, without: readonly number[]): number {
  return low.reduce((product, from, i) => (without.includes(i) ? product : product * (high[i]! - from)), 1)
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function weightedMean(parts: readonly Weighted[]): number {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return parts.reduce((sum, { weight, value }) => sum + weight * value, 0) / total
}

function variance(parts: readonly Weighted[]): number {
  const mean = weightedMean(parts)
  return weightedMean(parts.map(({ weight, value }) => ({ weight, value: (value - mean) ** 2 })))
}

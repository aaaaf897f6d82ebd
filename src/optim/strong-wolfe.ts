// The line search of L-BFGS, by PyTorch's rules: first steps that grow until a minimum must lie before the last one,
// then an interval around it that shrinks, both by cubic interpolation, until the strong Wolfe conditions hold.
import type { Tensor } from '../tensor/index.ts'

/** The function at a distance along the direction. */
export interface Point {
  at: number
  value: number
  /** The derivative along the direction. */
  slope: number
  gradient: Tensor
}

/** How much of what the first slope promises a step must reach, and how much of that slope may be left. */
const [sufficient, flat] = [1e-4, 0.9]

/** The minimum of the cubic through two points, kept within bounds, which are the points by default. */
function interpolate(a: Point, b: Point, least = Math.min(a.at, b.at), most = Math.max(a.at, b.at)): number {
  const [left, right] = a.at <= b.at ? [a, b] : [b, a]
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.at - b.at)
  const square = d1 ** 2 - a.slope * b.slope
  if (!(square >= 0)) return (least + most) / 2
  const d2 = Math.sqrt(square)
  const part = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
  return Math.min(Math.max(right.at - (right.at - left.at) * part, least), most)
}

/**
 * A point along the direction that meets the conditions, or the best of those seen, and how many were evaluated; `most`
 * is the most that may follow the first one. An interval ends when `reach`, the largest element of the direction, times
 * its length is below `toleranceChange`.
 */
export function strongWolfe(
  evaluate: (at: number) => Point,
  start: Point,
  first: number,
  reach: number,
  toleranceChange: number,
  most: number,
): { point: Point; evaluations: number } {
  const tooHigh = ({ at, value }: Point) => value > start.value + sufficient * at * start.slope
  const isFlat = ({ slope }: Point) => Math.abs(slope) <= -flat * start.slope
  let [previous, point, more] = [start, evaluate(first), 0]
  let bracket: [Point, Point] | undefined
  while (more < most && bracket === undefined) {
    if (tooHigh(point) || (more > 1 && point.value >= previous.value)) bracket = [previous, point]
    else if (isFlat(point)) return { point, evaluations: more + 1 }
    else if (point.slope >= 0) bracket = [previous, point]
    else {
      const next = interpolate(previous, point, point.at + 0.01 * (point.at - previous.at), point.at * 10)
      previous = point
      point = evaluate(next)
      more++
    }
  }
  bracket ??= [start, point]

  const lower = ([a, b]: [Point, Point]) => (a.value <= b.value ? 0 : 1)
  let low: 0 | 1 = lower(bracket)
  let stuck = false
  while (more < most && !(Math.abs(bracket[1].at - bracket[0].at) * reach < toleranceChange)) {
    const [a, b] = bracket
    let at = interpolate(a, b)
    const [least, largest] = [Math.min(a.at, b.at), Math.max(a.at, b.at)]
    // A second time beside an end, or at one: a tenth of the interval away from it.
    const margin = 0.1 * (largest - least)
    const beside = Math.min(largest - at, at - least) < margin
    const moved: boolean = beside && (stuck || at >= largest || at <= least)
    if (moved) at = Math.abs(at - largest) < Math.abs(at - least) ? largest - margin : least + margin
    stuck = beside && !moved

    point = evaluate(at)
    more++
    const high = low === 0 ? 1 : 0
    if (tooHigh(point) || point.value >= bracket[low].value) {
      bracket[high] = point
      low = lower(bracket)
      continue
    }
    const met = isFlat(point)
    if (!met && point.slope * (bracket[high].at - bracket[low].at) >= 0) bracket[high] = bracket[low]
    bracket[low] = point
    if (met) break
  }
  return { point: bracket[low], evaluations: more + 1 }
}

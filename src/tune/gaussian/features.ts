// Points as rows of numbers that a kernel can compare: the place of what has an order, and for a category a number for
// each of its levels, 1 for its own and 0 for the others.
import { type Tensor, tensor } from '../../tensor/index.ts'
import type { Dimension } from '../parameters.ts'
import type { Point } from '../space.ts'

/** A row for each point. */
export function featuresOf(dimensions: readonly Dimension[], points: readonly Point[]): Tensor {
  const rows = points.map(point =>
    dimensions.flatMap(({ kind, levels }, i) => {
      if (kind !== 'category') return [point[i]!]
      const own = Math.min(Math.floor(point[i]! * levels), levels - 1)
      return Array.from({ length: levels }, (_, level) => (level === own ? 1 : 0))
    }),
  )
  return tensor(rows, { dtype: 'float64' })
}

/** The same in reverse; categories stay those of `start`. */
export function placesOf(dimensions: readonly Dimension[], features: readonly number[], start: Point): number[] {
  let at = 0
  return dimensions.map(({ kind, levels }, i) => {
    if (kind !== 'category') return features[at++]!
    at += levels
    return start[i]!
  })
}

// Looks for the point of the largest expected improvement: of many candidates the best are moved uphill together, by
// L-BFGS. There a place is the squared sine of an angle, so that no step leaves the cube; at the features 0 and 1 of a
// category the derivative is 0, so that they stay what they are.
import { LBFGS } from '../../optim/index.ts'
import type { RandomState } from '../../random/random-state.ts'
import { noGrad, type Tensor, tensor, tidy } from '../../tensor/index.ts'
import { mostDimensions, Sobol } from '../sobol.ts'
import type { Point, Space } from '../space.ts'
import { placesOf } from './features.ts'
import { logExpectedImprovement } from './log-ei.ts'
import type { GaussianProcess } from './process.ts'
import type { Surrogate } from './surrogate.ts'

/** Candidates all over the cube, candidates around the best points, and how many of each kind are moved. */
const [wide, close, moved] = [512, 128, 4]
/** How many points count as the best. */
const centers = 4

const settings = {
  lineSearchFn: 'strong_wolfe',
  maxIter: 30,
  toleranceGrad: 1e-4,
  toleranceChange: 1e-6,
  historySize: 20,
} as const

/** Where a process expects most; undefined when nothing is left that is not among the points tried. */
export function acquire(
  surrogate: Surrogate,
  process: GaussianProcess,
  space: Space,
  tried: readonly Point[],
  random: RandomState,
): Point | undefined {
  const means = noGrad(() => process.predict(process.data.x)[0].toArray() as number[])
  const order = means.map((_, i) => i).sort((a, b) => means[a]! - means[b]!)
  const score = (x: Tensor) => logExpectedImprovement(...process.predict(x), means[order[0]!]!)
  const best = (points: readonly Point[], count: number) => {
    if (points.length === 0) return []
    const scores = noGrad(() => tidy(() => score(surrogate.features(points)).toArray() as number[]))
    const falling = points.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!)
    return falling.slice(0, count).map(i => points[i]!)
  }
  const known = new Set(tried.map(String))
  const usable = (points: readonly Point[]) =>
    points.map(point => space.snap(point)).filter(point => space.allows(point) && !known.has(String(point)))

  const nearBest = order.slice(0, centers).map(i => tried[i]!)
  const starts = [usable(everywhere(space, random)), usable(around(space, nearBest, random))].flatMap(points =>
    best(points, moved),
  )
  if (starts.length === 0) return undefined
  const ends = uphill(surrogate.features(starts), score)
  const refined = ends.map((features, i) => {
    const start = starts[i]!
    return towards(space, start, placesOf(space.dimensions, features, start))
  })
  return best([...usable(refined), ...starts], 1)[0]!
}

function everywhere({ dimensions: { length } }: Space, random: RandomState): Point[] {
  const sequence = length > mostDimensions ? undefined : new Sobol(length, random)
  const drawn = () => Array.from({ length }, () => random.rand())
  return Array.from({ length: wide }, (_, i) => sequence?.point(i) ?? drawn())
}

/** Within distances from a fifth of the cube down to a thousandth of that. Categories stay. */
function around({ dimensions }: Space, centers: readonly Point[], random: RandomState): Point[] {
  // On a face of the cube an angle has no derivative.
  const inside = (place: number) => Math.min(Math.max(place, 1e-4), 1 - 1e-4)
  return Array.from({ length: close }, (_, i) => {
    const width = 0.2 * 1000 ** -random.rand()
    const center = centers[i % centers.length]!
    return dimensions.map(({ kind }, i) =>
      kind === 'category' ? center[i]! : inside(center[i]! + width * random.randn()),
    )
  })
}

/** Rows of features, moved to where the score is larger. */
function uphill(starts: Tensor, score: (x: Tensor) => Tensor): number[][] {
  const rows = starts.toArray() as number[][]
  const angles = tensor(
    rows.map(row => row.map(x => Math.asin(Math.sqrt(x)))),
    { dtype: 'float64', requiresGrad: true },
  )
  const optimizer = new LBFGS([angles], settings)
  optimizer.step(() =>
    tidy(() => {
      optimizer.zeroGrad()
      const loss = score(angles.sin().square()).sum().neg()
      loss.backward()
      return loss.item()
    }),
  )
  return noGrad(() => angles.sin().square().toArray() as number[][])
}

/** From a start as far towards a place as the constraints allow, in halves of the way. */
function towards(space: Space, start: Point, end: Point): Point {
  for (let part = 1; part > 0.01; part /= 2) {
    const point = space.snap(start.map((from, i) => from + part * (end[i]! - from)))
    if (space.allows(point)) return point
  }
  return start
}

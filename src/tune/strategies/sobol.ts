// The points of Sobol's sequence, scrambled by the search's seed: as good as random ones where nothing is known, and
// without their gaps and clusters.

import { ArgumentError } from '../../errors.ts'
import { RandomState } from '../../random/random-state.ts'
import { atMost } from '../../tensor/index.ts'
import { mostDimensions, Sobol } from '../sobol.ts'
import type { Point, Space } from '../space.ts'
import type { Question, Strategy } from './strategy.ts'

export class SobolSearch implements Strategy {
  readonly name = 'sobol'

  constructor() {
    atMost('SobolSearch', 0, arguments.length)
  }

  /** @throws ArgumentError for more than 64 parameters */
  suggest({ space, number, seed }: Question): Point {
    const dimensions = space.dimensions.length
    if (dimensions > mostDimensions) {
      throw new ArgumentError(
        `optimize: strategy 'sobol' has points of at most ${mostDimensions} dimensions, and ${dimensions} parameters vary; take 'random'`,
      )
    }
    return nthAllowed(space, new Sobol(dimensions, new RandomState(seed)), number)
  }
}

/** Point number n of those that keep the constraints. */
function nthAllowed(space: Space, sequence: Sobol, n: number): Point {
  let next = 0
  const draw = () => space.first(() => sequence.point(next++))
  for (let i = 0; i < n; i++) draw()
  return draw()
}

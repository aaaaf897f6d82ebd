// Every combination of values: all of a choice or a short range of integers, equally spaced ones of any other range.
// The last parameter varies first. When all have been tried the search ends, whatever its number of trials is.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options } from '../../tensor/index.ts'
import type { Dimension } from '../parameters.ts'
import type { Point } from '../space.ts'
import type { Question, Strategy } from './strategy.ts'

/** Options of `GridSearch`. */
export interface GridSearchOptions {
  /** How many values of a range, the bounds among them; default 5. */
  steps?: number
}

const gridOptions = new Options<GridSearchOptions>({ steps: true })

const mostPoints = 1_000_000

/** @example optimize({ parameters, evaluationFunction, strategy: new GridSearch({ steps: 9 }), totalTrials: 81 }) */
export class GridSearch implements Strategy {
  readonly name = 'grid'
  readonly steps: number

  /** @throws ArgumentError unless there are two steps or more */
  constructor(steps?: number | GridSearchOptions) {
    atMost('GridSearch', 1, arguments.length)
    this.steps = gridOptions.readFirst('GridSearch', steps).steps ?? 5
    if (Number.isSafeInteger(this.steps) && this.steps >= 2) return
    throw new ArgumentError(`GridSearch: steps must be an integer from 2 on: ${this.steps}`)
  }

  /** @throws ArgumentError for a grid of more than a million points */
  suggest({ space, number }: Question): Point | undefined {
    const axes = space.dimensions.map(dimension => this.#placesOf(dimension))
    const size = axes.reduce((product, { length }) => product * length, 1)
    if (size > mostPoints) {
      throw new ArgumentError(`GridSearch: ${size.toLocaleString('en')} points are too many; take fewer steps`)
    }
    let left = number
    for (let i = 0; i < size; i++) {
      const point = pointOf(axes, i)
      if (space.allows(point) && left-- === 0) return point
    }
    return undefined
  }

  #placesOf({ kind, levels, encode, decode }: Dimension): number[] {
    const count = kind === 'category' ? levels : Math.min(levels, this.steps)
    const ends = Array.from({ length: count }, (_, i) => i / (count - 1))
    if (kind === 'real') return ends
    // An integer's place is the middle of its part; on a logarithmic scale several ends may be in one.
    return [...new Set(ends.map(place => encode(decode(place))!))]
  }
}

function pointOf(axes: readonly (readonly number[])[], index: number): number[] {
  const point: number[] = []
  let rest = index
  for (const axis of axes.toReversed()) {
    point.unshift(axis[rest % axis.length]!)
    rest = Math.floor(rest / axis.length)
  }
  return point
}

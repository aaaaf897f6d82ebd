// What a strategy is: it is asked for one point at a time, and told all that is known. It keeps no account of its own,
// so a search that is started again goes on where it was.
import type { RandomState } from '../../random/random-state.ts'
import type { Point, Space } from '../space.ts'

/** A trial that has a value. */
export interface Finished {
  readonly point: Point
  /** Means of the objectives in their order, signed so that all are to be small. */
  readonly losses: readonly number[]
  /** Their standard errors; null where the noise is unknown. */
  readonly sems: readonly (number | null)[]
  /** The step at which successive halving has stopped it, where the losses are from; null for a whole trial. */
  readonly stoppedAt: number | null
}

export interface Question {
  readonly space: Space
  /** In the order of their numbers. */
  readonly finished: readonly Finished[]
  /** Points of trials that have no value. */
  readonly failed: readonly Point[]
  /** Points of trials that are running. */
  readonly pending: readonly Point[]
  /** The number of the trial that is to come. */
  readonly number: number
  /** A stream of this trial's own: the same search draws the same numbers. */
  readonly random: RandomState
  /** The search's seed, for what all its trials share. */
  readonly seed: number
}

export interface Strategy {
  /** As the search's record has it. */
  readonly name: string
  /** Where to look next, in the unit cube; undefined when there is nothing left to try. */
  suggest(question: Question): Point | undefined
}

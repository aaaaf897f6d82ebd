// Bayesian optimisation: a Gaussian process of what is known, and of all places that where the expected improvement is
// largest. Of several objectives one mixture, another for each trial, counts as the loss (ParEGO; Knowles, 2006).
// Running trials count as measured, with what the process expects of them, and failed ones as bad as the worst.
import type { RandomState } from '../../random/random-state.ts'
import { atMost, Options } from '../../tensor/index.ts'
import { acquire } from '../gaussian/acquire.ts'
import { computed, type Observation, Surrogate } from '../gaussian/surrogate.ts'
import { positive } from '../parameters.ts'
import { mostDimensions } from '../sobol.ts'
import type { Point } from '../space.ts'
import { SobolSearch } from './sobol.ts'
import type { Finished, Question, Strategy } from './strategy.ts'

/** Options of `BayesianSearch`. */
export interface BayesianSearchOptions {
  /** Trials of Sobol's sequence before the first that is chosen; default one for each parameter, at least 5. */
  startTrials?: number
}

const bayesianOptions = new Options<BayesianSearchOptions>({ startTrials: true })

/** @example optimize({ parameters, evaluationFunction, strategy: new BayesianSearch({ startTrials: 10 }) }) */
export class BayesianSearch implements Strategy {
  readonly name = 'bayesian'
  readonly startTrials: number | undefined

  /** @throws ArgumentError for what is no positive number */
  constructor(startTrials?: number | BayesianSearchOptions) {
    atMost('BayesianSearch', 1, arguments.length)
    this.startTrials = bayesianOptions.readFirst('BayesianSearch', startTrials).startTrials
    if (this.startTrials !== undefined) positive('BayesianSearch: startTrials', this.startTrials)
  }

  suggest(question: Question): Point {
    const { space, finished, failed, pending, random } = question
    const { length } = space.dimensions
    if (finished.length < (this.startTrials ?? Math.max(5, length))) {
      return length > mostDimensions ? space.draw(random) : new SobolSearch().suggest(question)
    }
    const known = withoutOutliers(finished[0]!.losses.length === 1 ? single(finished) : mixed(finished, random))
    const worst = Math.max(...known.map(({ loss }) => loss))
    const all = [...known, ...failed.map(point => ({ point, loss: worst, sem: null }))]
    const tried = [...all.map(({ point }) => point), ...pending]
    const surrogate = new Surrogate(space, all)
    const point = computed(() => acquire(surrogate, surrogate.process(pending), space, tried, random))
    return point ?? space.draw(random)
  }
}

/** Of one objective. */
function single(finished: readonly Finished[]): Observation[] {
  const whole = finished.filter(({ stoppedAt }) => stoppedAt === null).map(({ losses }) => losses[0]!)
  whole.sort((a, b) => a - b)
  return finished.map(({ point, losses, sems, stoppedAt }) => {
    if (stoppedAt === null) return { point, loss: losses[0]!, sem: sems[0]! }
    return { point, loss: asStopped(losses[0]!, whole), sem: null }
  })
}

/**
 * A trial that was stopped early was worse than most, and its loss is that of another step than theirs: it counts as no
 * better than the middle one of the whole trials, given by rising losses, and as no worse than the last.
 */
function asStopped(loss: number, whole: readonly number[]): number {
  if (whole.length === 0) return loss
  return Math.min(Math.max(loss, whole[whole.length >> 1]!), whole.at(-1)!)
}

/**
 * Losses above Tukey's outer fence become it: beside a training that has diverged all others would look the same.
 */
function withoutOutliers(observations: readonly Observation[]): Observation[] {
  const rising = observations.map(({ loss }) => loss).sort((a, b) => a - b)
  const quartile = (quarters: number) => rising[Math.round((quarters / 4) * (rising.length - 1))]!
  const range = quartile(3) - quartile(1)
  const fence = range > 0 ? quartile(3) + 3 * range : Number.POSITIVE_INFINITY
  return observations.map(one => ({ ...one, loss: Math.min(one.loss, fence) }))
}

/** Of several objectives the largest, by weights of chance, and a little of their sum. */
function mixed(finished: readonly Finished[], random: RandomState): Observation[] {
  const columns = finished[0]!.losses.map((_, i) => finished.map(({ losses }) => losses[i]!))
  const weights = columns.map(() => -Math.log(1 - random.rand()))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const weighted = columns.map((column, i) => {
    const least = Math.min(...column)
    const range = Math.max(...column) - least || 1
    return column.map(loss => ((weights[i]! / total) * (loss - least)) / range)
  })
  return finished.map(({ point }, row) => {
    const parts = weighted.map(column => column[row]!)
    return { point, loss: Math.max(...parts) + 0.05 * parts.reduce((sum, part) => sum + part, 0), sem: null }
  })
}

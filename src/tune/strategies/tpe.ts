// The tree-structured Parzen estimator (Bergstra et al., 2011), with the defaults of Optuna's TPESampler. The trials
// are split into a tenth that is good and the rest; of some points that are likely among the good ones, that is taken
// which is most likelier there than among the rest. Each dimension is looked at by itself. Running trials count as bad,
// so that the next one keeps away from them.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options } from '../../tensor/index.ts'
import { rank } from '../objectives.ts'
import type { Point } from '../space.ts'
import { Parzen } from './parzen.ts'
import type { Finished, Question, Strategy } from './strategy.ts'

/** Options of `TPE`. */
export interface TPEOptions {
  /** Random trials before the first that is chosen, default 10. */
  startTrials?: number
  /** How many points are compared for one, default 24. */
  candidates?: number
}

const tpeOptions = new Options<TPEOptions>({ startTrials: true, candidates: true })

/** How often a point that breaks a constraint is thrown away before one is drawn by chance. */
const mostTries = 100

/** @example optimize({ parameters, evaluationFunction, strategy: new TPE({ startTrials: 20 }) }) */
export class TPE implements Strategy {
  readonly name = 'tpe'
  readonly startTrials: number
  readonly candidates: number

  /** @throws ArgumentError for what are no positive numbers */
  constructor(options?: TPEOptions) {
    atMost('TPE', 1, arguments.length)
    const { startTrials = 10, candidates = 24 } = tpeOptions.read('TPE', options)
    for (const [name, value] of Object.entries({ startTrials, candidates })) {
      if (Number.isSafeInteger(value) && value >= 1) continue
      throw new ArgumentError(`TPE: ${name} must be a positive integer: ${value}`)
    }
    this.startTrials = startTrials
    this.candidates = candidates
  }

  suggest({ space, finished, pending, random }: Question): Point {
    if (finished.length < this.startTrials) return space.draw(random)
    const good = bestOf(finished)
    const isGood = (trial: Finished) => good.has(trial)
    const [better, worse] = [
      finished.filter(isGood).map(({ point }) => point),
      [...finished.filter(trial => !isGood(trial)).map(({ point }) => point), ...pending],
    ]
    const estimators = space.dimensions.map((dimension, i) => ({
      dimension,
      good: new Parzen(
        dimension,
        better.map(point => point[i]!),
      ),
      bad: new Parzen(
        dimension,
        worse.map(point => point[i]!),
      ),
    }))
    for (let i = 0; i < mostTries; i++) {
      const point = estimators.map(({ dimension, good, bad }) => {
        const places = Array.from(
          { length: this.candidates },
          () => dimension.encode(dimension.decode(good.draw(random)))!,
        )
        const scores = places.map(place => good.logDensity(place) - bad.logDensity(place))
        return places[scores.indexOf(Math.max(...scores))]!
      })
      if (space.allows(point)) return point
    }
    return space.draw(random)
  }
}

/** A tenth, at most 25. Whole trials come before stopped ones, of which those that came further are better. */
function bestOf(finished: readonly Finished[]): Set<Finished> {
  const whole = finished.filter(({ stoppedAt }) => stoppedAt === null)
  const stopped = finished.filter(({ stoppedAt }) => stoppedAt !== null)
  stopped.sort((a, b) => b.stoppedAt! - a.stoppedAt! || a.losses[0]! - b.losses[0]!)
  const order = [...rank(whole.map(({ losses }) => losses)).map(i => whole[i]!), ...stopped]
  return new Set(order.slice(0, Math.min(Math.ceil(finished.length / 10), 25)))
}

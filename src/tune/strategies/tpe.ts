// The tree-structured Parzen estimator (Bergstra et al., 2011), with the defaults of Optuna's TPESampler. The trials
// are split into a tenth that is good and the rest; of some points that are likely among the good ones, that is taken
// which is most likelier there than among the rest. Each dimension is looked at by itself. Running trials count as bad,
// so that the next one keeps away from them.
import { atMost, Options } from '../../tensor/index.ts'
import { rank } from '../objectives.ts'
import { positive } from '../parameters.ts'
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

/** Candidates that are drawn, those that break a constraint among them. */
const mostTries = 1000

/** @example optimize({ parameters, evaluationFunction, strategy: new TPE({ startTrials: 20 }) }) */
export class TPE implements Strategy {
  readonly name = 'tpe'
  readonly startTrials: number
  readonly candidates: number

  /** @throws ArgumentError for what are no positive numbers */
  constructor(options?: TPEOptions) {
    atMost('TPE', 1, arguments.length)
    const { startTrials = 10, candidates = 24 } = tpeOptions.read('TPE', options)
    this.startTrials = positive('TPE: startTrials', startTrials)
    this.candidates = positive('TPE: candidates', candidates)
  }

  suggest({ space, finished, pending, random }: Question): Point {
    if (finished.length < this.startTrials) return space.draw(random)
    const best = bestOf(finished)
    const pointsOf = (some: readonly Finished[]) => some.map(({ point }) => point)
    const good = new Parzen(space.dimensions, pointsOf(finished.filter(trial => best.has(trial))))
    const others = pointsOf(finished.filter(trial => !best.has(trial)))
    const bad = new Parzen(space.dimensions, [...others, ...pending])
    const candidates: Point[] = []
    for (let i = 0; i < mostTries && candidates.length < this.candidates; i++) {
      const point = space.snap(good.draw(random))
      if (space.allows(point)) candidates.push(point)
    }
    if (candidates.length === 0) return space.draw(random)
    const scores = candidates.map(point => good.logDensity(point) - bad.logDensity(point))
    return candidates[scores.indexOf(Math.max(...scores))]!
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

// One simulation for each number of ranks, and the same with what a program could do about communication.

import type { Measured } from './comm/measured.ts'
import { type Failures, usefulShare } from './failures.ts'
import type { Cluster } from './network.ts'
import { accumulated, local, merged, type Outcome, plain, type Round, scaled, simulate } from './simulate.ts'
import { computeOf, type Step } from './step.ts'

export interface Point extends Outcome {
  /** Samples a second, against those of as many ranks alone. */
  efficiency: number
  /** Samples a second, against those of one rank alone. */
  speedup: number
  /** The share of the time that failures leave. */
  useful: number
}

export interface Variant {
  name: string
  points: Point[]
}

export interface Study {
  step: Step
  /** Links, or one machine as it was measured. */
  cluster: Cluster | Measured
  failures?: Failures | undefined
  steps: number
  seed: number
  /** As it is, then what could be done. */
  variants: [asItIs: Variant, ...others: Variant[]]
}

export interface Plan {
  step: Step
  cluster: Cluster | Measured
  failures?: Failures | undefined
  ranks: readonly number[]
  steps: number
  seed: number
}

const accumulation = 4
const localSteps = 100
/** Of rounds of many steps there are fewer, but not less than this. */
const fewestRounds = 10

export function study({ ranks, ...plan }: Plan): Study {
  const { step, cluster, failures, seed } = plan
  const unwrapped = (step.alone ?? computeOf(step)) / computeOf(step)
  const variant = (name: string, round: Round): Variant => {
    const rounds = Math.min(plan.steps, Math.max(fewestRounds, Math.ceil(plan.steps / round.batches)))
    const points = ranks.map(n => {
      const outcome = simulate(round, n, cluster, { rounds, seed })
      const useful = failures === undefined ? 1 : usefulShare(n, failures)
      const efficiency = (useful * unwrapped * outcome.compute) / outcome.seconds
      const samples = (useful * round.batches * n) / outcome.seconds
      return { ...outcome, efficiency, speedup: samples * unwrapped * computeOf(step), useful }
    })
    return { name, points }
  }
  return {
    ...plan,
    variants: [
      variant('as it is', plain(step)),
      variant('half the bytes (bfloat16)', plain(scaled(step, 1 / 2))),
      variant('buckets twice as large', plain(merged(step, 2))),
      variant('buckets four times as large', plain(merged(step, 4))),
      variant(`gradients of ${accumulation} batches`, accumulated(step, accumulation)),
      variant(`${localSteps} local steps`, local(step, localSteps)),
    ],
  }
}

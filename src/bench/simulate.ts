// Simulates training steps of data-parallel ranks: what a step takes, and where its time goes. Events are the ready
// times of buckets on each rank, begin and end of each all-reduce, and the end of the optimizer. An all-reduce begins
// when the last rank has its bucket ready and the one before is done, and ends on all ranks at once; so it is enough to
// know, for each bucket, when the slowest rank is ready, and a step costs ranks times buckets.
import { Mt19937 } from '../random/mt19937.ts'
import type { Measured } from './comm/measured.ts'
import { around } from './comm/neighbours.ts'
import type { Cluster } from './network.ts'
import { computeOf, type Jitter, type Step } from './step.ts'

/** What lies between two averages over the ranks. */
export interface Round {
  /** Passes of the rank by itself, and the seconds of each. */
  before: { passes: number; seconds: number }
  /** The pass that ends with communication. */
  step: Step
  /** How many batches a rank has then seen. */
  batches: number
}

export interface Settings {
  rounds: number
  seed: number
}

/** The typical round: the one of median duration, which is compute + slowed + waiting + exposed. All in seconds. */
export interface Outcome {
  ranks: number
  seconds: number
  /** Of 100 rounds 95 are shorter. */
  p95: number
  /** What a rank alone would take. */
  compute: number
  /** What computation takes longer because other ranks of the machine compute too. */
  slowed: number
  /** What the slowest rank takes longer. */
  waiting: number
  /** Communication when no rank computes any more, or for which computation has to stand still. */
  exposed: number
  /** In order: how long the all-reduce lasts, and what of it is exposed. */
  buckets: { bytes: number; seconds: number; exposed: number }[]
  /** The first of those that follow one another without a pause up to the last. */
  from: number
}

/** @example simulate(plain(step), 512, cluster, { rounds: 100, seed: 0 }).seconds */
export function simulate(
  round: Round,
  ranks: number,
  cluster: Cluster | Measured,
  { rounds, seed }: Settings,
): Outcome {
  const { turns, seconds: allReduce, taken: takenBy, slowed: slowedBy } = around(cluster, ranks)
  const compute = round.before.passes * round.before.seconds + computeOf(round.step)
  const { before, step } = slowedBy(round)
  const { forward, backward, optimizer, buckets } = step
  const slowed = before.passes * before.seconds + computeOf(step) - compute
  const durations = buckets.map(({ bytes }) => allReduce(bytes))
  const takes = buckets.map(({ bytes }) => takenBy(bytes))
  // Ranks that take the same time are one rank.
  const still = 'sd' in step.jitter && step.jitter.sd === 0
  const clocks = new Float64Array(still ? 1 : ranks)
  const factors = new Float64Array(clocks.length)
  const ends = new Float64Array(clocks.length)
  const draw = drawer(step.jitter, seed)

  let begun = 0
  const outcomes: Outcome[] = []
  for (let i = 0; i < (still ? 1 : rounds); i++) {
    for (let rank = 0; rank < clocks.length; rank++) {
      for (let pass = 0; pass < before.passes; pass++) clocks[rank]! += draw() * before.seconds
      factors[rank] = draw()
    }
    // Who has taken its turn waits for the others of its core.
    if (turns > 1) for (const values of [clocks, factors]) values.fill(mean(values))

    const ready = new Float64Array(buckets.length)
    let backwardEnd = 0
    for (let rank = 0; rank < clocks.length; rank++) {
      const [time, factor] = [clocks[rank]!, factors[rank]!]
      for (let b = 0; b < buckets.length; b++) {
        const at = time + factor * (forward + buckets[b]!.ready)
        if (at > ready[b]!) ready[b] = at
      }
      ends[rank] = time + factor * (forward + backward)
      if (ends[rank]! > backwardEnd) backwardEnd = ends[rank]!
    }

    let free = 0
    let from = 0
    // Seconds for which computation has stood still.
    let taken = 0
    const exposed = durations.map((seconds, b) => {
      const at = ready[b]! + taken
      if (at > free) from = b
      const begin = Math.max(at, free)
      free = begin + seconds
      // Beside the all-reduce, computation has the rest of the time.
      const left = Math.max(0, backwardEnd + taken - begin)
      const stands = left > 0 && takes[b]! > 0 ? Math.min(takes[b]!, left / (seconds / takes[b]! - 1)) : 0
      taken += stands
      return stands + Math.max(0, free - Math.max(begin, backwardEnd + taken))
    })

    let end = 0
    for (let rank = 0; rank < clocks.length; rank++) {
      clocks[rank] = Math.max(ends[rank]! + taken, free) + factors[rank]! * optimizer
      if (clocks[rank]! > end) end = clocks[rank]!
    }
    const seconds = end - begun
    const sum = taken + Math.max(0, free - backwardEnd - taken)
    outcomes.push({
      ...{
        ranks,
        seconds,
        p95: seconds,
        compute,
        slowed,
        waiting: seconds - compute - slowed - sum,
        exposed: sum,
        from,
      },
      buckets: buckets.map(({ bytes }, b) => ({ bytes, seconds: durations[b]!, exposed: exposed[b]! })),
    })
    begun = end
  }
  const sorted = outcomes.sort((a, b) => a.seconds - b.seconds)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!
  return { ...at(0.5), p95: at(0.95).seconds }
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Factors of a rank's time, with the median 1. */
function drawer(jitter: Jitter, seed: number): () => number {
  const random = new Mt19937()
  random.seed(seed)
  if ('samples' in jitter) {
    const { samples } = jitter
    return () => samples[random.upTo(samples.length - 1)]!
  }
  const { sd } = jitter
  if (sd === 0) return () => 1
  let spare: number | undefined
  return () => {
    let normal = spare
    spare = undefined
    if (normal === undefined) {
      const radius = Math.sqrt(-2 * Math.log(1 - random.double()))
      const angle = 2 * Math.PI * random.double()
      normal = radius * Math.cos(angle)
      spare = radius * Math.sin(angle)
    }
    return Math.max(0, 1 + sd * normal)
  }
}

/** Every step is averaged. */
export const plain = (step: Step): Round => ({ before: { passes: 0, seconds: 0 }, step, batches: 1 })

/** Gradients of `batches` batches are summed before they are averaged: `noSync`. */
export function accumulated(step: Step, batches: number): Round {
  return { before: { passes: batches - 1, seconds: step.forward + step.backward }, step, batches }
}

/** Each rank makes `steps` steps by itself, then parameters are averaged, after the optimizer. */
export function local(step: Step, steps: number): Round {
  const seconds = computeOf(step)
  const buckets = step.buckets.map(({ bytes }) => ({ bytes, ready: 0 }))
  const last = { ...step, forward: seconds, backward: 0, optimizer: 0, buckets }
  return { before: { passes: steps - 1, seconds }, step: last, batches: steps }
}

/** Gradients of `factor` times as many bytes. */
export function scaled(step: Step, factor: number): Step {
  return { ...step, buckets: step.buckets.map(({ bytes, ready }) => ({ bytes: bytes * factor, ready })) }
}

/** Of `factor` buckets one. */
export function merged(step: Step, factor: number): Step {
  const count = Math.ceil(step.buckets.length / factor)
  const groups = Array.from({ length: count }, (_, i) => step.buckets.slice(i * factor, (i + 1) * factor))
  const buckets = groups.map(group => ({
    bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
    ready: Math.max(...group.map(({ ready }) => ready)),
  }))
  return { ...step, buckets }
}

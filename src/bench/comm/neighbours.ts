// What ranks do to each other, as the simulation asks for it: in a cluster of links they wait for what is sent, and on
// one machine, as `dtrain bench comm` has measured it, they also share its memory and its cores.
import { ArgumentError } from '../../errors.ts'
import { allReduceSeconds, type Cluster } from '../network.ts'
import type { Round } from '../simulate.ts'
import { computeOf } from '../step.ts'
import { secondsOf } from './fit.ts'
import type { Measured, Slowdown } from './measured.ts'

export interface Neighbours {
  /** How many threads of ranks take turns on a core; 1 where each has its own. */
  turns: number
  /** Seconds of an all-reduce of gradients, from the moment at which all ranks are ready. */
  seconds: (bytes: number) => number
  /** Of these, those for which computation stands still where all cores compute. */
  taken: (bytes: number) => number
  /** What a rank computes, when all others compute too. */
  slowed: (round: Round) => Round
}

/** @throws ArgumentError for a number of ranks that has not been measured */
export function around(on: Cluster | Measured, ranks: number): Neighbours {
  const alone: Neighbours = { turns: 1, seconds: () => 0, taken: () => 0, slowed: round => round }
  if (ranks === 1) return alone
  if ('link' in on) return { ...alone, seconds: bytes => allReduceSeconds(bytes, ranks, on) }
  const { jobs, cores, device } = on
  const job = jobs.find(one => one.ranks === ranks)
  if (job === undefined) {
    const known = jobs.map(one => one.ranks).join(', ')
    throw new ArgumentError(
      `--ranks ${ranks}: --comm was measured with ${known} ranks; measure it with --nproc ${ranks}`,
    )
  }
  // Ranks on GPUs do not compute on cores.
  const turns = device === 'cuda' ? 1 : Math.max(1, (job.threads * ranks) / cores)
  // The threads that communicate have what cores are left. Where there are none, they take them from computation.
  const share = device === 'cuda' ? 0 : Math.min(1, Math.max(0, (job.threads + 1) * ranks - cores) / ranks) * turns
  const { samples } = job.collectives.gradients!
  const seconds = (bytes: number) => secondsOf(bytes, samples)
  return {
    turns,
    seconds,
    taken: bytes => Math.min(seconds(bytes), share * secondsOf(bytes, job.busy)),
    slowed: round => slowed(round, job.slowdown, turns),
  }
}

function slowed({ before, step, batches }: Round, slowdown: readonly Slowdown[], turns: number): Round {
  const bytes = step.buckets.reduce((sum, bucket) => sum + bucket.bytes, 0)
  const { activations = 0 } = step
  const weights = between(bytes, slowdown, one => one.passes)
  const images = between(activations, slowdown, one => one.convolution)
  const passes = (turns * (bytes * weights + activations * images)) / (bytes + activations)
  const update = turns * between(bytes, slowdown, one => one.update)
  const slower = {
    ...step,
    forward: passes * step.forward,
    backward: passes * step.backward,
    optimizer: update * step.optimizer,
    buckets: step.buckets.map(({ bytes, ready }) => ({ bytes, ready: passes * ready })),
  }
  const seconds = (before.seconds * computeOf(slower)) / computeOf(step)
  return { before: { passes: before.passes, seconds }, step: slower, batches }
}

/** Over the logarithm of the size; the first and the last beyond them. */
function between(bytes: number, all: readonly Slowdown[], of: (one: Slowdown) => number): number {
  const above = all.findIndex(one => one.bytes >= bytes)
  if (above === 0) return of(all[0]!)
  if (above < 0) return of(all.at(-1)!)
  const [a, b] = [all[above - 1]!, all[above]!]
  const share = Math.log(bytes / a.bytes) / Math.log(b.bytes / a.bytes)
  return of(a) + share * (of(b) - of(a))
}

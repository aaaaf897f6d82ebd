// What `dtrain bench comm` has found, as numbers to compute with: the file of `--json`, which `dtrain bench simulate`
// reads. Seconds everywhere.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { ArgumentError } from '../../errors.ts'
import { machineLine, median, type Spread, spreadOf } from '../measure.ts'
import { type Line, lineThrough, type Sample } from './fit.ts'
import { type CommPlan, type JobsFound, type PeerFound, threadsOf } from './jobs.ts'
import { copyBytes, type Found, kernelSizes, type Seconds } from './plan.ts'

/** A collective over some ranks. */
export interface Curve {
  samples: (Sample & Spread)[]
  line: Line
}

/**
 * How many times as long something takes a processor when all ranks do it at once as when one process does it alone:
 * that ranks also wait for processors is not in it.
 */
export interface Slowdown {
  /** Of weights, or of what a convolution makes. */
  bytes: number
  /** Forward and backward of a layer. */
  passes: number
  convolution: number
  /** An optimizer. */
  update: number
}

/** What was measured with so many ranks. */
export interface RanksMeasured {
  ranks: number
  /** Of a rank. */
  threads: number
  /** By name; `gradients` is their averaging in backward. Empty without times. */
  collectives: Record<string, Curve>
  barrier: number | null
  /** Seconds of processors that an average of gradients takes on a rank, by size. */
  busy: Sample[]
  /** Bytes that a process copies in a second, alone and with all others at once. */
  copy: { alone: number; together: number } | null
  slowdown: Slowdown[]
  peer?: { name: string; collectives: Record<string, Curve>; barrier: number }
}

export interface Measured {
  benchmark: typeof benchmark
  machine: string
  cores: number
  device: 'cpu' | 'cuda'
  jobs: RanksMeasured[]
}

const benchmark = 'dtrain bench comm'

/** A difference of two times may come out below nothing. */
const least = 1e-7

/** Of several jobs: of each value all rounds. */
const joined = (all: readonly Seconds[]): number[] => all.flatMap(seconds => seconds ?? [])
const medianOf = (all: readonly Seconds[]): number => median(joined(all))

export function measuredOf(plan: CommPlan, found: JobsFound): Measured {
  const { device, emulate, sizes } = plan
  const jobs = plan.ranks.map((ranks): RanksMeasured => {
    const threads = threadsOf(ranks)
    const all = found.ranks.get(ranks)!
    const alone = found.alone.get(threads)!
    const base = { ranks, threads }
    if (emulate) return { ...base, collectives: {}, barrier: null, busy: [], copy: null, slowdown: [] }
    const names = Object.keys(all[0]!.collectives)
    // Others never make it faster.
    const times = (of: (one: Found) => Seconds) => Math.max(1, medianOf(all.map(of)) / medianOf(alone.map(of)))
    const peers = found.peers.get(ranks)
    return {
      ...base,
      collectives: curves(names, sizes, (name, i) => joined(all.map(one => one.collectives[name]![i]!))),
      barrier: medianOf(all.map(one => one.barrier)),
      busy: sizes.map((bytes, i) => ({ bytes, seconds: Math.max(least, medianOf(all.map(one => one.busy[i]!))) })),
      copy: {
        alone: copyBytes / medianOf(alone.map(one => one.copy)),
        together: copyBytes / medianOf(all.map(one => one.copy)),
      },
      slowdown: kernelSizes.map((bytes, i) => {
        return {
          bytes,
          passes: times(one => one.passes[i]!),
          convolution: times(one => one.convolution[i]!),
          update: times(one => one.update[i]!),
        }
      }),
      ...(peers && { peer: peerOf(device === 'cpu' ? 'Gloo' : 'NCCL', peers, sizes) }),
    }
  })
  const torch = found.torch === undefined ? [] : [`PyTorch ${found.torch}`]
  return { benchmark, machine: machineLine(...torch), cores: availableParallelism(), device, jobs }
}

/** What a backend does not have is left out. */
function peerOf(name: string, all: readonly PeerFound[], sizes: readonly number[]) {
  const { barrier: _, ...first } = all[0]!
  const names = Object.keys(first).filter(name => (first[name] as Seconds[]).every(seconds => seconds !== null))
  return {
    name,
    collectives: curves(names, sizes, (name, i) => joined(all.map(one => (one[name] as Seconds[])[i]!))),
    barrier: medianOf(all.map(one => one.barrier as Seconds)),
  }
}

function curves(names: string[], sizes: readonly number[], rounds: (name: string, size: number) => number[]) {
  const entries = names.map((name): [string, Curve] => {
    const samples = sizes.map((bytes, i) => {
      const spread = spreadOf(rounds(name, i).map(seconds => Math.max(least, seconds)))
      return { bytes, seconds: spread.median, ...spread }
    })
    return [name, { samples, line: lineThrough(samples) }]
  })
  return Object.fromEntries(entries)
}

/** @throws ArgumentError for what is no such file */
export function readMeasured(file: string): Measured {
  const fail = (message: string): never => {
    throw new ArgumentError(`--comm '${file}': ${message}`)
  }
  let value: Partial<Measured>
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) fail(`not JSON: ${error.message}`)
    throw error
  }
  if (value?.benchmark !== benchmark || !Array.isArray(value.jobs))
    fail('expected what `dtrain bench comm --json` prints')
  const measured = value as Measured
  if (measured.jobs.some(({ collectives }) => collectives.gradients === undefined))
    fail('it has no times, since the GPUs were emulated')
  if (measured.jobs.some(({ slowdown }) => slowdown.some(({ convolution }) => convolution === undefined)))
    fail('another version of dtrain has written it; measure again')
  return measured
}

// Runs a benchmark: one process, as many as there are ranks at the same time, the ranks, and PyTorch's beside them.
// Weak scaling gives every rank a batch of its own; strong scaling shares one.
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { ArgumentError } from '../../errors.ts'
import { breakdown, type Parts } from './breakdown.ts'
import { Jobs, type Measurement, type Model, type Program, type Surroundings } from './jobs.ts'
import { Peer } from './peer.ts'
import type { Timing } from './timing.ts'

export type Mode = 'weak' | 'strong'

export interface Setting {
  /** A workload, or the name of a script. */
  name: string
  program: Program
  measurement: Measurement
  /** Numbers of ranks. */
  ranks: readonly number[]
  modes: readonly Mode[]
  /** Of a rank; with strong scaling of all ranks together. */
  batchSize: number
  /** The Python that has PyTorch. */
  python?: string | undefined
  /** Where traces stay; default: they do not. */
  traces?: string | undefined
}

/** One side at a number of ranks. */
export interface Side {
  timing: Timing
  /** So many single processes at the same time, each with the batch of a rank. */
  together?: Timing | undefined
  /** Samples a second against those of one process, for each rank; and against the processes at the same time. */
  efficiency: number
  besideOthers?: number | undefined
}

export interface Point extends Side {
  ranks: number
  /** More ranks than cores. */
  oversubscribed: boolean
  parts?: Parts | undefined
  peer?: Side | undefined
}

export interface Scaling {
  mode: Mode
  /** One process without a wrapper. */
  alone: Timing
  peerAlone?: Timing | undefined
  points: Point[]
}

export interface Report {
  name: string
  batchSize?: number | undefined
  threads: number
  machine: string
  cores: number
  gpus: boolean
  measurement: Measurement
  scalings: Scaling[]
}

export async function study(setting: Setting, around: Surroundings, progress: (what: string) => void): Promise<Report> {
  const { name, program, measurement, modes, batchSize } = setting
  const jobs = new Jobs(program, measurement, around)
  const scalings: Scaling[] = []
  for (const mode of modes) scalings.push(await scale(mode, jobs, setting, around, progress))
  return {
    ...{ name, batchSize: jobs.isFactory ? batchSize : undefined, threads: program.threads, gpus: program.gpus },
    ...{
      machine: cpus()[0]?.model.trim() ?? 'unknown processor',
      cores: availableParallelism(),
      measurement,
      scalings,
    },
  }
}

async function scale(
  mode: Mode,
  jobs: Jobs,
  setting: Setting,
  around: Surroundings,
  progress: (what: string) => void,
): Promise<Scaling> {
  const { program, measurement, ranks: counts, batchSize, python, name } = setting
  const peer = python === undefined ? undefined : new Peer(python, name, program.threads, measurement, around)
  const partOf = (ranks: number) => (mode === 'weak' ? batchSize : batchSize / ranks)
  const side = (ranks: number, timing: Timing, alone: Timing, together: Timing | undefined): Side => {
    const work = mode === 'weak' ? 1 : 1 / ranks
    const efficiency = (work * alone.seconds) / timing.seconds
    return { timing, together, efficiency, besideOthers: together && together.seconds / timing.seconds }
  }
  progress('1 process')
  const alone = await jobs.ranks(1, { batchSize, wrapped: false })
  const { isFactory } = jobs
  if (isFactory && mode === 'strong') checkShares(counts, batchSize)
  const peerAlone = await peer?.run('alone', 1, batchSize)
  const points: Point[] = []
  for (const ranks of counts) {
    const model: Model = { batchSize: partOf(ranks), wrapped: true }
    const several = ranks > 1
    // A program that shares a batch among its ranks cannot be told to take a part of it alone.
    const comparable = several && (mode === 'weak' || isFactory)
    progress(several ? `${ranks} processes` : '1 rank')
    const together = comparable ? await jobs.together(ranks, { ...model, wrapped: false }) : undefined
    if (several) progress(`${ranks} ranks`)
    // With one rank a wrapper is transparent, so a script of one rank is the single process.
    const timing = several || isFactory ? await jobs.ranks(ranks, model) : alone
    const parts = await traced(jobs, ranks, model, setting.traces ?? around.folder, mode)
    const point: Point = {
      ...{ ranks, oversubscribed: !program.gpus && ranks * program.threads > availableParallelism(), parts },
      ...side(ranks, timing, alone, together),
    }
    if (peer !== undefined && peerAlone !== undefined) {
      progress(`${ranks === 1 ? '1 rank' : `${ranks} ranks`} of PyTorch`)
      const others = several ? await peer.run('alone', ranks, model.batchSize) : undefined
      point.peer = side(ranks, await peer.run('ddp', ranks, model.batchSize), peerAlone, others)
    }
    points.push(point)
  }
  return { mode, alone, peerAlone, points }
}

async function traced(jobs: Jobs, ranks: number, model: Model, home: string, mode: Mode): Promise<Parts | undefined> {
  const folder = join(home, `${mode}-${ranks}`)
  const steps = await jobs.traced(ranks, model, folder)
  return breakdown(tracesIn(folder), steps)
}

function tracesIn(folder: string): object[] {
  const files = readdirSync(folder).filter(name => /^rank-\d+\.json$/.test(name))
  return files.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object)
}

/** @throws ArgumentError where a batch cannot be shared */
function checkShares(counts: readonly number[], batchSize: number): void {
  const odd = counts.find(count => batchSize % count !== 0)
  if (odd === undefined) return
  throw new ArgumentError(
    `--strong: ${odd} ranks cannot share a batch of ${batchSize} equally; give another --batch-size`,
  )
}

// The jobs of a benchmark, each a run of the launcher: some ranks, or several single processes at the same time, or
// ranks that are traced. What they answer is in files of a folder of its own.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ArgumentError, DistributedError } from '../../errors.ts'
import { type BenchAnswer, type BenchPlan, isAnswer } from '../../job/bench.ts'
import { gpusOf, runLauncher } from '../../job/launched.ts'
import { type Timing, timing } from './timing.ts'

export interface Program {
  /** Absolute. */
  script: string
  args: readonly string[]
  gpus: boolean
  emulate: boolean
  /** Of a rank. */
  threads: number
}

export type Measurement = Pick<BenchPlan, 'warmup' | 'windows' | 'steps' | 'seconds'>

export interface Model {
  /** Samples of a step of a rank. */
  batchSize: number
  wrapped: boolean
}

/** A benchmark's own folder, and how long a job may take. */
export interface Surroundings {
  folder: string
  timeout: number
  signal: AbortSignal
}

/** Ranks have this long to end when their time is up. */
const graceSeconds = 1
/** A trace has room for so much. */
const mostTracedSeconds = 1
const fewestWindows = 2

export class Jobs {
  readonly #program: Program
  readonly #measurement: Measurement
  readonly #around: Surroundings
  #started = 0
  /** The last program exports a step factory. */
  isFactory = false

  constructor(program: Program, measurement: Measurement, around: Surroundings) {
    this.#program = program
    this.#measurement = measurement
    this.#around = around
  }

  /** A job of so many ranks. */
  async ranks(ranks: number, model: Model): Promise<Timing> {
    const who = ranks === 1 ? '1 rank' : `${ranks} ranks`
    return timing(await this.#run(who, 1, ranks, model, this.#measurement))
  }

  /** So many jobs of one rank at the same time, which have nothing to do with each other. */
  async together(jobs: number, model: Model): Promise<Timing> {
    const who = jobs === 1 ? '1 process' : `${jobs} processes`
    return timing(await this.#run(who, jobs, 1, model, this.#measurement))
  }

  /** A short job whose traces are in the folder. Returns how many steps of each rank count, the last ones. */
  async traced(ranks: number, model: Model, folder: string): Promise<number> {
    const { seconds, ...given } = this.#measurement
    const short = { ...given, windows: 1, seconds: Math.min(seconds, mostTracedSeconds) }
    const who = `${ranks === 1 ? '1 rank' : `${ranks} ranks`} that are traced`
    const [answer] = await this.#run(who, 1, ranks, model, short, ['--trace', folder])
    return answer!.perWindow!
  }

  async #run(who: string, jobs: number, ranks: number, model: Model, measurement: Measurement, more: string[] = []) {
    const { folder: home, timeout, signal } = this.#around
    const folder = join(home, `jobs-${++this.#started}`)
    mkdirSync(folder)
    const { script, args, gpus, emulate, threads } = this.#program
    const launcherArgs = [
      ...[gpus ? '--gpus' : '--nproc', String(ranks), ...(emulate ? ['--emulate'] : [])],
      ...['--omp-threads', String(threads), '--grace', String(graceSeconds), ...more, script, ...args],
    ]
    // Those that run at the same time wait for each other, so when one fails the others end too.
    const failed = new AbortController()
    const run = async (job: number) => {
      const plan: BenchPlan = { folder, job, jobs, ...measurement, ...model }
      const device = gpus && !emulate ? { CUDA_VISIBLE_DEVICES: gpusOf(job, ranks) } : {}
      // What is traced is slower.
      const env = { ...device, DTRAIN_TRACE: undefined, DTRAIN_BENCH: JSON.stringify(plan) }
      const result = await runLauncher(launcherArgs, env, timeout, AbortSignal.any([signal, failed.signal]))
      if (result.code !== 0) failed.abort()
      return result
    }
    const all = await Promise.allSettled(Array.from({ length: jobs }, (_, job) => run(job)))
    signal.throwIfAborted()
    for (const { late, code, reason, refused } of all.flatMap(job => (job.status === 'fulfilled' ? [job.value] : []))) {
      if (late) {
        throw new DistributedError(
          `${who}: not at the end of ${measurement.warmup} steps and ${windowsOf(measurement)} after ${timeout} s; ` +
            'either a step does not end, or there is more to do than --timeout allows',
        )
      }
      if (refused) throw new ArgumentError(reason!)
      if (code !== 0) throw new DistributedError(`${who}: ${reason}`)
    }
    return this.#answers(who, folder, measurement)
  }

  #answers(who: string, folder: string, measurement: Measurement): BenchAnswer[] {
    const files = readdirSync(folder).filter(name => isAnswer(name))
    const answers = files.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as BenchAnswer)
    const [first] = answers
    const script = basename(this.#program.script)
    if (first === undefined) {
      throw new DistributedError(
        `${who}: ${script} marks no step; call benchStep(() => …) around what a step does, or export a function that ` +
          'returns a step as default',
      )
    }
    this.isFactory = first.isFactory
    const least = Math.min(fewestWindows, measurement.windows)
    const short = answers.find(({ windows }) => windows.length < least)
    if (short === undefined) return answers
    const { warmup, steps } = measurement
    const perWindow = short.perWindow ?? steps
    // A window that does not count comes before them.
    const wanted = perWindow === undefined ? `more than ${warmup}` : warmup + (1 + least) * perWindow
    throw new DistributedError(
      `${who}: ${script} has made ${short.steps} steps, but needs ${wanted}; let it train longer, or measure less ` +
        '(--warmup, --steps, --seconds)',
    )
  }
}

const windowsOf = ({ windows, steps, seconds }: Measurement) =>
  `${windows} windows of ${steps === undefined ? `${seconds} s` : `${steps} steps`}`

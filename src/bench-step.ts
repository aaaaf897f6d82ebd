// `benchStep`: by this `dtrain bench scaling` knows what a step of a program is. In a job of the benchmark it times
// steps, writes down what it has found, and ends the program there: nobody wants the rest of the training. Anywhere
// else it calls its function. A program that marks no step may export a function that makes one as its default; this
// file then runs it, when the program itself has ended.
import { readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { synchronize } from './cuda/index.ts'
import { allReduce, getRank, getWorldSize } from './distributed/index.ts'
import { answerFile, type BenchAnswer, type BenchPlan } from './job/bench.ts'
import { env } from './job/env.ts'
import { native } from './native/load.ts'
import { tracing } from './native/trace.ts'
import { atMost, refuse, tensor } from './tensor/index.ts'

/** What a step factory is told. */
export interface BenchSettings {
  /** Samples of a step of this rank: `--batch-size`, or its part of it with `--strong`. */
  batchSize: number
  /** Whether to wrap the model: not in the single process that efficiency is measured against. */
  wrapped: boolean
}

/**
 * Marks a step of training for `dtrain bench scaling`, which measures it; elsewhere it only calls `step`, and returns
 * what that returns. Every rank must come to the same steps.
 * @example
 * for (const [x, y] of loader) {
 *   benchStep(() => {
 *     optimizer.zeroGrad()
 *     criterion(model(x), y).backward()
 *     optimizer.step()
 *   })
 * }
 */
export function benchStep<T>(step: () => T): T {
  atMost('benchStep', 1, arguments.length)
  if (typeof step !== 'function') refuse('benchStep', 'a function', step)
  if (recorder === undefined && !tracing) return step()
  const span = native.traceOpen('program', 'step', device)
  const result = step()
  const ended = () => {
    // What the recorder does between two windows is no part of the next step.
    recorder?.stepped()
    native.traceClose(span, device)
    recorder?.leaveIfDone()
  }
  if (!(result instanceof Promise)) {
    ended()
    return result
  }
  return result.then(value => {
    ended()
    return value
  }) as T
}

/** A step on a GPU has ended when the GPU comes to its end. */
const device = env('DTRAIN_GPUS') === undefined ? 'cpu' : 'cuda'

class Recorder {
  readonly plan: BenchPlan
  /** The steps are those of a factory, and are called here. */
  isFactory = false
  #steps = 0
  #perWindow: number | undefined
  /** Stretches of steps that have ended: two halves of the warm-up, a window that does not count, those that do. */
  #ended = 0
  /** The stretch that runs: when it began, how many steps it has, and how many of them are to come. */
  #begun = 0
  #length: number
  #left: number
  readonly #windows: number[] = []

  constructor(plan: BenchPlan) {
    this.plan = plan
    this.#length = this.#left = plan.warmup >> 1
    process.once('exit', () => this.#steps > 0 && !this.done && this.#answer())
  }

  get done(): boolean {
    return this.#windows.length === this.plan.windows
  }

  get begun(): boolean {
    return this.#steps > 0
  }

  stepped(): void {
    this.#steps++
    if (this.done || --this.#left > 0) return
    if (device !== 'cpu') synchronize()
    this.#begin(this.#next((performance.now() - this.#begun) / 1000 / this.#length))
  }

  #begin(length: number): void {
    this.#length = this.#left = length
    this.#begun = performance.now()
  }

  /** How many steps the next stretch has, if a step of the last one has taken so many seconds. */
  #next(seconds: number): number {
    const { warmup } = this.plan
    switch (++this.#ended) {
      case 1:
        return warmup - (warmup >> 1) // the first steps are none to judge by
      case 2:
        return this.#stepsFor(seconds)
      case 3:
        // By now the code is as fast as it gets.
        this.#perWindow = this.#stepsFor(seconds)
        this.#meet()
        return this.#perWindow
      default:
        this.#windows.push(seconds)
        if (this.done) this.#answer()
        return this.#perWindow!
    }
  }

  /** The steps of a factory are called here, and whoever does that leaves by himself. */
  leaveIfDone(): void {
    if (this.done && !this.isFactory) process.exit(0)
  }

  /** How many steps make a window, the same on all ranks, if each takes so many seconds. */
  #stepsFor(seconds: number): number {
    if (this.plan.steps !== undefined) return this.plan.steps
    const mean = tensor([seconds], { dtype: 'float64' })
    if (getWorldSize() > 1) allReduce(mean, 'mean')
    return Math.max(1, Math.round(this.plan.seconds / mean.item()))
  }

  /** Jobs that are to run at the same time wait for the last of them. */
  #meet(): void {
    const { folder, job, jobs } = this.plan
    if (jobs === 1) return
    writeFileSync(join(folder, `warm-${job}`), '')
    const clock = new Int32Array(new SharedArrayBuffer(4))
    while (readdirSync(folder).filter(name => name.startsWith('warm-')).length < jobs) Atomics.wait(clock, 0, 0, 1)
  }

  #answer(): void {
    const answer: BenchAnswer = {
      ...{ isFactory: this.isFactory, steps: this.#steps },
      ...{ perWindow: this.#perWindow ?? null, windows: this.#windows },
    }
    const path = join(this.plan.folder, answerFile(this.plan.job, getRank()))
    writeFileSync(`${path}.part`, JSON.stringify(answer))
    renameSync(`${path}.part`, path)
  }
}

const given = isMainThread ? env('DTRAIN_BENCH') : undefined
const recorder = given === undefined ? undefined : new Recorder(JSON.parse(given))
if (recorder !== undefined) {
  process.env.DTRAIN_BENCH = '' // what the program starts in turn is not measured
  process.once('beforeExit', () => void runFactory(recorder))
}

async function runFactory(recorder: Recorder): Promise<void> {
  if (recorder.begun) return
  const program = await import(pathToFileURL(process.argv[1]!).href)
  // Of what is compiled to CommonJS the default export is all that it exports.
  const factory: unknown = program.default?.default ?? program.default
  if (typeof factory !== 'function') return
  const { batchSize, wrapped } = recorder.plan
  const step = await factory({ batchSize, wrapped } satisfies BenchSettings)
  recorder.isFactory = true
  while (!recorder.done) {
    const result = benchStep(step)
    if (result instanceof Promise) await result
  }
  // The trace is told of the last collections of garbage.
  await new Promise(resolve => setImmediate(resolve))
  process.exit(0)
}

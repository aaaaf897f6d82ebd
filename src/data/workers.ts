// The worker threads of a `DataLoader`, seen from the thread that trains. Batch b is made by worker b mod n, and
// batches come in that order. How many are asked for in advance is PyTorch's, since samplers draw when they are asked.
import { Worker } from 'node:worker_threads'
import * as errors from '../errors.ts'
import { native } from '../native/load.ts'
import type { EpochState, WorkerState } from './epoch.ts'
import type { Index } from './fetch.ts'
import { discard, give, type Parcel, pack, unpack } from './parcel.ts'
import { type Modules, type Program, programOf } from './program.ts'
import type { Answer, Failure, First, Setup, Start, Task } from './worker.ts'
import { getWorkerInfo } from './worker-info.ts'

export interface WorkersOptions {
  numWorkers: number
  /** Batches that each worker makes in advance. */
  prefetchFactor: number
  /** Worker i is seeded by this plus i. */
  seed: bigint
  /** Batches come in pinned memory. */
  pinned: boolean
  /** Seconds to wait for a batch; 0: for ever. */
  timeout: number
  /** Where workers of another process were; empty if these are the first. */
  left: readonly WorkerState[]
}

interface WorkerThread {
  id: number
  /** It is started when there is something to do for it. */
  thread?: Worker
  /** Of the thread, also when it is gone. */
  threadId?: number
  /** Its copy of an iterable dataset has no more. */
  ended: boolean
  /** Batches of this epoch that the program has got. */
  given: number
  /** Its default generator when this epoch began and after the last of those batches; null: as it was seeded. */
  atStart: Uint8Array | null
  generator: Uint8Array | null
  /** Why it does not run any more. */
  death?: Error
}

/** A batch that was asked for. */
interface Pending {
  worker: WorkerThread
  answer?: Answer
}

/** In `dist` this code is in a file for all of the library. */
const entry = new URL(`../data/worker-thread${/\.\w+(\?|$)/.exec(import.meta.url)![0]}`, import.meta.url)

export class Workers {
  readonly #options: WorkersOptions
  readonly #workers: readonly WorkerThread[]
  readonly #pending = new Map<number, Pending>()
  readonly #waiting = new Set<() => void>()
  readonly #parcel: Parcel
  readonly #program: Program
  #asked = 0
  #used = false
  /** The worker that gives the next batch. */
  next = 0
  #stopping = false

  constructor(setup: Setup, options: WorkersOptions) {
    if (getWorkerInfo() !== null) {
      throw new errors.ArgumentError(
        'DataLoader: a worker of a loader cannot have workers itself. In a script that its own workers import, ' +
          "what only the main thread should do stands behind 'if (getWorkerInfo() === null)'",
      )
    }
    this.#options = options
    this.#parcel = pack(setup)
    this.#program = programOf(this.#parcel.definitions.map(({ module }) => module))
    this.#workers = Array.from({ length: options.numWorkers }, (_, id) => {
      const { generator, skip } = options.left[id] ?? { generator: null, skip: 0 }
      return { id, ended: false, given: skip, atStart: generator, generator }
    })
    // It may do anything, so also where there is no batch for a worker.
    if (setup.workerInitFn !== undefined) for (const worker of this.#workers) this.#start(worker)
  }

  /** A worker is gone, or hangs. */
  get broken(): boolean {
    return this.#workers.some(({ death }) => death !== undefined)
  }

  get seed(): bigint {
    return this.#options.seed
  }

  /** How far the workers have come; `again`: if they make the batches of this epoch once more. */
  states(again: boolean): WorkerState[] {
    return this.#workers.map(({ generator, atStart, given }) =>
      again ? { generator: atStart, skip: given } : { generator, skip: 0 },
    )
  }

  /**
   * The batches of an epoch, which are counted in its state. The first epoch begins with fresh workers, later ones with
   * those that there are. `first` is the worker that makes the first batch.
   */
  async *batches(indices: Iterator<Index>, state: EpochState, first: number): AsyncGenerator<unknown, void, undefined> {
    const order: number[] = []
    let turn = first
    const ask = () => {
      const { done, value } = indices.next()
      if (done) return
      for (let tried = 0; tried < this.#workers.length; tried++) {
        const worker = this.#workers[turn++ % this.#workers.length]!
        if (worker.ended) continue
        order.push(this.#ask(worker, value))
        return
      }
    }
    if (this.#used) this.#restart()
    this.#used = true
    this.next = first
    try {
      for (let i = this.#options.prefetchFactor * this.#workers.length; i > 0; i--) ask()
      while (order.length > 0) {
        const { worker, answer } = await this.#answered(order[0]!)
        this.#pending.delete(order.shift()!)
        ask()
        if (answer?.failure !== undefined) throw errorOf(answer.failure, worker.id)
        worker.generator = answer?.generator ?? worker.generator
        if (answer?.batch === undefined) continue
        state.given++
        worker.given++
        this.next = (worker.id + 1) % this.#workers.length
        yield (unpack(answer.batch) as { batch: unknown }).batch
      }
    } finally {
      for (const number of order) this.#forget(number)
    }
  }

  /** Ends the threads, whatever they are doing, and frees what they have made and nobody has got. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#workers.map(({ thread }) => thread?.terminate()))
    for (const { threadId } of this.#workers) if (threadId !== undefined) native.takeBack(threadId)
  }

  #start(worker: WorkerThread): Worker {
    const { numWorkers, seed, pinned } = this.#options
    const { id, generator, given } = worker
    const workerData: Start = { id, numWorkers, seed: seed + BigInt(id), pinned, generator, skip: given }
    const { execArgv } = this.#program
    const thread = new Worker(entry, { workerData, execArgv, name: `DataLoader ${id}` })
    Object.assign(worker, { thread, threadId: thread.threadId })
    thread.on('message', (answer: Answer) => this.#arrived(worker, answer))
    thread.on('error', error => this.#died(worker, `died: ${error?.message ?? error}`, error))
    thread.on('exit', status => {
      this.#died(worker, `ended with exit code ${status} in the middle of its work; did it call process.exit()?`)
    })
    // Only while somebody waits for a batch do the threads keep the process alive.
    thread.unref()
    this.#post(worker, modules => ({ parcel: give(this.#parcel, worker.threadId!), modules }) satisfies First)
    return thread
  }

  /** Sends what is made when it is known where the modules are: by then the thread is about to be ready. */
  #post(worker: WorkerThread, message: (modules: Modules) => First | Task): void {
    this.#program.modules
      .then(modules => this.#stopping || worker.thread!.postMessage(message(modules)))
      .catch(error => this.#died(worker, `cannot be told what to do: ${error.message}`, error))
  }

  #ask(worker: WorkerThread, index: Index): number {
    if (worker.thread === undefined) this.#start(worker)
    const number = this.#asked++
    this.#pending.set(number, { worker })
    this.#post(worker, () => ({ number, index }))
    return number
  }

  #restart(): void {
    for (const worker of this.#workers) {
      worker.ended = false
      worker.given = 0
      worker.atStart = worker.generator
      if (worker.thread !== undefined) this.#post(worker, () => ({ number: -1 }))
    }
  }

  #arrived(worker: WorkerThread, answer: Answer): void {
    if (this.#stopping) return
    const pending = this.#pending.get(answer.number)
    if (pending === undefined) {
      if (answer.batch !== undefined) discard(answer.batch)
      return
    }
    if (answer.ended) worker.ended = true
    pending.answer = answer
    this.#wakeAll()
  }

  #died(worker: WorkerThread, how: string, cause?: unknown): void {
    if (this.#stopping) return
    worker.death ??= new errors.WorkerError(`DataLoader: worker ${worker.id} ${how}`, { cause })
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** Waits for an answer, or until it is known that there will be none. @throws WorkerError */
  async #answered(number: number): Promise<Pending> {
    const pending = this.#pending.get(number)!
    const { worker } = pending
    const { timeout } = this.#options
    const late = `has not made its batch in ${timeout} ${timeout === 1 ? 'second' : 'seconds'} (the loader's timeout)`
    const timer = timeout > 0 ? setTimeout(() => this.#died(worker, late), timeout * 1000) : undefined
    for (const { thread } of this.#workers) thread?.ref()
    try {
      while (pending.answer === undefined && !worker.ended) {
        if (worker.death !== undefined) throw worker.death
        await new Promise<void>(resolve => this.#waiting.add(resolve))
      }
      return pending
    } finally {
      clearTimeout(timer)
      for (const { thread } of this.#workers) thread?.unref()
    }
  }

  #forget(number: number): void {
    const batch = this.#pending.get(number)?.answer?.batch
    if (batch !== undefined) discard(batch)
    this.#pending.delete(number)
  }
}

const builtIn = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]

/** The error of a worker as one of this thread: of the same class where it is dtrain's or JavaScript's own. */
function errorOf({ name, message, stack, code }: Failure, id: number): Error {
  const known = [...builtIn, ...Object.values(errors)].find(type => type.name === name) as typeof Error | undefined
  const error = new (known ?? Error)(`${message} (in worker ${id} of the DataLoader)`)
  if (known === undefined) error.name = name
  const frames = stack?.slice(stack.indexOf(message) + message.length)
  if (frames !== undefined) error.stack = `${name}: ${error.message}${frames}`
  if (code !== undefined && !('code' in error)) Object.assign(error, { code })
  return error
}

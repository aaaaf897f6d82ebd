// What runs in a worker thread of a `DataLoader` (workers.ts is the other side). It makes the batches that it is asked
// for, one after the other. An error of the dataset is an answer too; the thread lives on.
import { on } from 'node:events'
import { parentPort, threadId, workerData } from 'node:worker_threads'
import { defaultGenerator, manualSeed, setNumThreads } from '../tensor/index.ts'
import { exported } from './definitions.ts'
import type { WorkerState } from './epoch.ts'
import { ended, type Fetcher, fetcherOf, type Index, type Recipe } from './fetch.ts'
import { give, type Posted, pack, unpack } from './parcel.ts'
import { pin } from './pin.ts'
import { importerOf, type Modules } from './program.ts'
import { setWorkerInfo } from './worker-info.ts'

/** What a worker is told when it starts. */
export interface Start extends WorkerState {
  id: number
  numWorkers: number
  seed: bigint
  pinned: boolean
}

/** What comes first: a parcel of a `Setup`, and where the modules of its definitions are. */
export interface First {
  parcel: Posted
  modules: Modules
}

export interface Setup extends Recipe {
  workerInitFn: ((id: number) => unknown) | undefined
}

/** A batch to be made; or, with no index, word that the dataset is to be iterated from its start again. */
export interface Task {
  number: number
  index?: Index
}

/** An error as it crosses: structuredClone would keep neither the class nor the code. */
export interface Failure {
  name: string
  message: string
  stack: string | undefined
  code: unknown
}

/** `ended`: an iterable dataset has no more. */
export interface Answer {
  number: number
  batch?: Posted
  failure?: Failure
  ended?: true
  /** The default generator of the thread, if that batch or what came before it has drawn. */
  generator?: Uint8Array
}

/** Serves the loader that has started this thread, until that ends it. */
export async function serve(): Promise<void> {
  const start = workerData as Start
  setNumThreads(1)
  manualSeed(start.seed)
  inform(start, undefined)
  let setup: Promise<Setup> | undefined
  let fetcher: Fetcher | undefined
  let again = start.skip
  let atEnd = false
  for await (const [message] of on(parentPort!, 'message')) {
    if (setup === undefined) {
      setup = prepare(start, message)
      setup.catch(() => {}) // the first task tells
      continue
    }
    const { number, index } = message as Task
    if (index === undefined) {
      await fetcher?.close()
      fetcher = undefined
      atEnd = false
      continue
    }
    if (atEnd) continue
    let answer: Answer
    try {
      fetcher ??= fetcherOf(await setup)
      for (; again > 0; again--) await fetcher.fetchLater(index)
      answer = await make(fetcher, number, index, start.pinned)
      atEnd = answer.ended ?? false
    } catch (error) {
      answer = { number, failure: failureOf(error) }
    }
    parentPort!.postMessage(answer)
  }
}

function inform({ id, numWorkers, seed }: Start, dataset: unknown): void {
  setWorkerInfo({ id, numWorkers, seed, dataset })
}

async function prepare(start: Start, { parcel, modules }: First): Promise<Setup> {
  const importOne = await importerOf(modules)
  const functions = parcel.definitions.map(async definition => exported(definition, await importOne(definition.module)))
  const setup = unpack(parcel, await Promise.all(functions)) as Setup
  inform(start, setup.dataset)
  await setup.workerInitFn?.(start.id)
  if (start.generator !== null) defaultGenerator.setState(start.generator)
  return setup
}

async function make(fetcher: Fetcher, number: number, index: Index, pinned: boolean): Promise<Answer> {
  const batch = await fetcher.fetchLater(index)
  if (batch === ended) return { number, ended: true, ...drawn() }
  const parcel = pack({ batch: pinned ? pin(batch) : batch }, { dataOnly: true })
  return { number, batch: give(parcel, threadId), ...drawn() }
}

let known: Uint8Array = new Uint8Array()

function drawn(): Pick<Answer, 'generator'> {
  const now = defaultGenerator.getState()
  if (Buffer.compare(now, known) === 0) return {}
  known = now
  return { generator: now }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, code: undefined }
  const { name, message, stack, code } = error as Error & { code?: unknown }
  return { name, message, stack, code }
}

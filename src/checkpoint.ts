// All that a training needs to go on where it was, in one file: model, optimizer, scheduler and place in the data, and
// where the random numbers of every rank were. What ranks have in common is rank 0's; streams of random numbers and
// loaders are each rank's own.
import { existsSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import * as cuda from './cuda/index.ts'
import { isStateful, type Stateful } from './data/epoch.ts'
import { DataLoader } from './data/index.ts'
import { allGather, broadcast, getRank, getWorldSize, save } from './distributed/index.ts'
import { ArgumentError } from './errors.ts'
import { load, type Saved, type SaveOptions, saveOptions } from './io/index.ts'
import { native } from './native/load.ts'
import type { RandomStateTuple } from './random/random-state.ts'
import { mathRandomState, setMathRandomState } from './random/seed-everything.ts'
import { atMost, defaultGenerator, isOptions, refuse, tensor } from './tensor/index.ts'

export type { Stateful }

/** A `Generator` or a `RandomState`. */
export interface Stream {
  getState(): Uint8Array | RandomStateTuple
  setState(state: never): unknown
}

/** Models, optimizers, schedulers, loaders, what is one's own and can do the same; and streams. */
type Parts = Readonly<Record<string, Stateful | Stream>>

/** The default generators and `Math.random`, where `seedEverything` has replaced it. */
interface Streams {
  cpu: Uint8Array
  cuda: Uint8Array[]
  /** How often replicas of `DataParallel` have drawn. */
  replicas: number
  math: RandomStateTuple | null
}

interface RankState {
  streams: Streams
  parts: Record<string, unknown>
}

interface Contents {
  values: object
  parts: Record<string, unknown>
  ranks: RankState[]
}

/** What belongs to a rank. */
const isOwn = (part: Stateful | Stream) => part instanceof DataLoader || 'getState' in part

/**
 * A file from which a training goes on to the last bit as if nothing had happened: with the next batch, and the random
 * numbers that would have come. All ranks make it, save and resume.
 * @example
 * const checkpoint = new Checkpoint('run.pth', { model, optimizer, scheduler, loader })
 * const { epoch: first = 1 } = checkpoint.resume()
 * for (let epoch = first; epoch <= 10; epoch++) {
 *   for (const [x, y] of loader) trainStep(x, y)
 *   scheduler.step()
 *   checkpoint.save({ epoch: epoch + 1 })
 * }
 */
export class Checkpoint {
  readonly path: string
  readonly #parts: Parts
  readonly #options: SaveOptions | undefined

  /** @throws ArgumentError for a part that is neither kind, or wrong options */
  constructor(path: string, parts: Parts, options?: SaveOptions) {
    atMost('Checkpoint', 3, arguments.length)
    if (typeof path !== 'string') refuse('Checkpoint', 'the path of a file', path)
    if (!isOptions(parts)) refuse('Checkpoint', 'an object of parts', parts)
    for (const [name, part] of Object.entries(parts as Record<string, unknown>)) {
      if (isStateful(part) || isStream(part)) continue
      refuse(`Checkpoint: ${name}`, 'a part with stateDict and loadStateDict, or getState and setState', part)
    }
    this.path = path
    this.#parts = parts
    this.#options = saveOptions.read('Checkpoint', options)
  }

  /**
   * Writes where everything is, and values of the program, such as the number of the epoch. It may be called in the
   * middle of an epoch, where no gradients wait for the next step. A crash meanwhile leaves the file as it was.
   */
  save(values: Readonly<Record<string, Saved>>): void {
    atMost('save', 1, arguments.length)
    const own = Object.entries(this.#parts).filter(([, part]) => isOwn(part))
    const shared = Object.entries(this.#parts).filter(([, part]) => !isOwn(part))
    const ranks = ofAllRanks<RankState>({ streams: streams(), parts: states(own) })
    save({ values, parts: states(shared), ranks } satisfies Contents, this.path, this.#options)
  }

  /**
   * Puts everything where it was when the file was written, and returns the values; without a file it changes nothing
   * and returns no values. Call it when all is made that draws random numbers, right before the loop.
   * @throws ArgumentError for a file of other parts
   */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows what it has saved
  resume<V extends object = Record<string, any>>(): Partial<V> {
    atMost('resume', 0, arguments.length)
    const there = tensor([getRank() === 0 && existsSync(this.path) ? 1 : 0], { dtype: 'int64' })
    broadcast(there)
    if (there.item() === 0) return {}
    const { values, parts, ranks } = load<Contents>(this.path, { mapLocation: 'cpu' })
    const mine = ranks.length === getWorldSize() ? ranks[getRank()]! : ranks[0]!
    if (ranks.length !== getWorldSize()) warnOfRanks(this.path, ranks.length)
    const saved = { ...parts, ...mine.parts }
    const [had, has] = [saved, this.#parts].map(names => Object.keys(names).sort().join(', '))
    if (had !== has) throw new ArgumentError(`Checkpoint: ${this.path} has the parts ${had}; expected ${has}`)
    for (const [name, part] of Object.entries(this.#parts)) {
      if ('getState' in part) part.setState(saved[name] as never)
      else part.loadStateDict(saved[name] as never)
    }
    setStreams(mine.streams)
    return values as Partial<V>
  }
}

function isStream(value: unknown): value is Stream {
  const { getState, setState } = (value ?? {}) as Partial<Stream>
  return typeof getState === 'function' && typeof setState === 'function'
}

function states(parts: [name: string, part: Stateful | Stream][]): Record<string, unknown> {
  return Object.fromEntries(
    parts.map(([name, part]) => [name, 'getState' in part ? plain(part.getState()) : part.stateDict()]),
  )
}

/** What a file can hold. */
function plain<T extends Uint8Array | RandomStateTuple | null>(state: T): T {
  return Array.isArray(state) ? (state.map(it => (it instanceof Uint32Array ? [...it] : it)) as unknown as T) : state
}

function streams(): Streams {
  return {
    cpu: defaultGenerator.getState(),
    cuda: Array.from({ length: cuda.deviceCount() }, (_, device) => cuda.getRngState(device)),
    replicas: native.replicaCount(),
    math: plain(mathRandomState()),
  }
}

function setStreams(streams: Streams): void {
  defaultGenerator.setState(streams.cpu)
  for (const [device, state] of streams.cuda.slice(0, cuda.deviceCount()).entries()) cuda.setRngState(state, device)
  native.setReplicaCount(streams.replicas)
  if (streams.math !== null) setMathRandomState(streams.math)
}

/** The plain values of every rank. */
function ofAllRanks<T>(value: T): T[] {
  if (getWorldSize() === 1) return [value]
  const bytes = serialize(value)
  const lengths = allGather(tensor([bytes.length], { dtype: 'int64' })).map(length => Number(length.item()))
  const padded = new Uint8Array(Math.max(...lengths))
  padded.set(bytes)
  const all = allGather(tensor(padded)).map(each => each.toTypedArray() as Uint8Array)
  return all.map((each, rank) => deserialize(each.subarray(0, lengths[rank])) as T)
}

function warnOfRanks(path: string, before: number): void {
  const text =
    `Checkpoint: ${path} was saved by ${before} ranks and is resumed by ${getWorldSize()}: all go on with the random ` +
    'numbers of rank 0, and a DistributedSampler shares out what is left of this epoch otherwise'
  process.emitWarning(text, { code: 'DTRAIN_CHECKPOINT_RANKS' })
}

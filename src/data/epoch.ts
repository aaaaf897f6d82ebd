// Where a DataLoader is in an epoch, so that another process can go on with the next batch. The order is not written
// down: the generators are set to where they were when the epoch began, the sampler is gone through again, and the
// generators are put back. So a sampler that draws while it goes should have a generator to itself.
import { defaultGenerator, Generator } from '../tensor/index.ts'
import type { Index } from './fetch.ts'
import type { Workers } from './workers.ts'

/** The state of a `DataLoader`, which `save` can write. */
export interface DataLoaderState {
  /** What workers are seeded with; null if the next epoch draws a new one. */
  seed: bigint | null
  /** Null between two epochs. */
  epoch: EpochState | null
  /** By worker; empty where there are none, or the next epoch makes new ones. */
  workers: WorkerState[]
  /** The worker that makes the next batch. */
  next: number
  /** The generators of the loader and its sampler as they are, without the default one. */
  generators: Uint8Array[]
}

/** How far an epoch has come. */
export interface EpochState {
  /** Batches that the program has got. */
  given: number
  /** How often the sampler has been asked: with workers it is ahead. */
  asked: number
  /** The default generator, and those of the loader and its sampler, before the sampler drew from them. */
  generators: Uint8Array[]
  /** Samplers that have a state of their own, at the same time. */
  samplers: unknown[]
}

/** How far a worker thread has come. */
export interface WorkerState {
  /** Its default generator; null: as it was seeded. */
  generator: Uint8Array | null
  /** Batches of an iterable dataset that it makes again, and drops, to come to where it was. */
  skip: number
}

/** A module, an optimizer, a scheduler, a loader, or an object of one's own that can do the same. */
export interface Stateful {
  stateDict(): object
  loadStateDict(state: never): unknown
}

/** What decides an order: samplers, which may have others inside, and generators. The first is the default one. */
export class Order {
  readonly generators: readonly Generator[]
  readonly samplers: readonly Stateful[]

  constructor(given: readonly unknown[]) {
    const parts = given.flatMap(part => [part, (part as { sampler?: unknown } | null)?.sampler])
    const generators = parts.map(part => (part as { generator?: unknown } | null | undefined)?.generator)
    this.generators = [...new Set([defaultGenerator, ...generators.filter(it => it instanceof Generator)])]
    this.samplers = [...new Set(parts)].filter(part => isStateful(part))
  }

  /** Sets generators to where they were; what it returns puts them back. */
  rewind(states: readonly Uint8Array[]): () => void {
    const now = this.generators.map(generator => generator.getState())
    setStates(this.generators, states)
    return () => setStates(this.generators, now)
  }
}

/** Functions too, since a module is one. @internal */
export function isStateful(value: unknown): value is Stateful {
  const { stateDict, loadStateDict } = (value ?? {}) as Partial<Stateful>
  return typeof stateDict === 'function' && typeof loadStateDict === 'function'
}

/** @internal */
export function setStates(generators: readonly Generator[], states: readonly Uint8Array[]): void {
  for (const [i, generator] of generators.entries()) generator.setState(states[i]!)
}

/** One way through the dataset, from its start or from where it was left. */
export class Epoch {
  readonly state: EpochState
  readonly seed: bigint
  workers: Workers | undefined
  readonly #order: Order

  constructor(order: Order, seed: bigint, left?: EpochState | null) {
    this.#order = order
    this.seed = seed
    if (left != null)
      for (const [i, sampler] of order.samplers.entries()) sampler.loadStateDict(left.samplers[i] as never)
    this.state =
      left != null
        ? { ...left }
        : {
            given: 0,
            asked: 0,
            generators: order.generators.map(generator => generator.getState()),
            samplers: order.samplers.map(sampler => sampler.stateDict()),
          }
  }

  /** Sets the generators to where they were at its start; what it returns puts them back. */
  rewind(): () => void {
    return this.#order.rewind(this.state.generators)
  }

  /** What is to be fetched from here on. */
  *indices(source: Iterable<Index>): IterableIterator<Index> {
    const { state } = this
    const indices = source[Symbol.iterator]()
    try {
      yield* this.#askedBefore(indices)
      for (;;) {
        state.asked++
        const { done, value } = indices.next()
        if (done) return
        yield value
      }
    } finally {
      indices.return?.()
    }
  }

  /** Brings a sampler to where it was. Returns what it had given for batches that nobody has got. */
  #askedBefore(indices: Iterator<Index>): Index[] {
    const { asked, given } = this.state
    if (asked === 0) return []
    const putBack = this.rewind()
    const all = Array.from({ length: asked }, () => indices.next())
    putBack()
    return all.slice(given).flatMap(({ done, value }) => (done ? [] : [value]))
  }
}

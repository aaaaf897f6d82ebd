// Batches of a dataset, for `for … of` and `for await … of`. It draws what PyTorch's loader draws: at the start of each
// epoch a number that worker threads are seeded with, even if there are none, then what the sampler needs. So the same
// seed gives the same batches, with any number of workers. How an epoch goes on in another process is in epoch.ts.
import { ArgumentError } from '../errors.ts'
import { tracing } from '../native/trace.ts'
import { atMost, flag, type Generator, isOptions, Options, refuse } from '../tensor/index.ts'
import type { Collated } from './collate.ts'
import { type Dataset, type IterableDataset, isIterableDataset } from './dataset.ts'
import { type DataLoaderState, Epoch, Order, setStates } from './epoch.ts'
import { ended, fetcherOf, type Index } from './fetch.ts'
import { canPin, pin } from './pin.ts'
import {
  BatchSampler,
  checkInteger,
  drawSeed,
  lengthOf,
  RandomSampler,
  type Sampler,
  SequentialSampler,
} from './sampler.ts'
import { tracedBatches, tracedLater } from './traced.ts'
import { Workers } from './workers.ts'

/** Options of `DataLoader`. */
export interface DataLoaderOptions<T, B> {
  /** Samples per batch, default 1; null: no batches but single samples. */
  batchSize?: number | null
  /** New random order every epoch, default false. */
  shuffle?: boolean
  /** Own order of samples, instead of `shuffle`. */
  sampler?: Sampler
  /** Own batches, instead of everything else. */
  batchSampler?: Sampler<number[]>
  /**
   * Threads that make batches while the program computes, default 0: batches are made when they are asked for. With
   * workers the loop is `for await (const batch of loader)`. The dataset, `collateFn` and `workerInitFn` go to the
   * workers: classes and functions by the names under which their modules export them. To start a worker takes about
   * 60 ms of processor time, in each epoch without `persistentWorkers`: where all samples of an epoch take less than
   * 0.3 s together, it is faster without workers.
   */
  numWorkers?: number
  /** Makes a batch of samples, default `defaultCollate`; with `batchSize: null` it gets a single sample. */
  collateFn?: (samples: T[]) => B
  /**
   * Batches come in pinned memory where there is a CUDA device, so that `to('cuda', { nonBlocking: true })` copies them
   * while the device computes; default false. Without a device there is a warning.
   */
  pinMemory?: boolean
  /** Leave out a last batch that is not full, default false. */
  dropLast?: boolean
  /** Seconds to wait for a batch of a worker, default 0: for ever. */
  timeout?: number
  /** Called in each worker, with its number, before it makes batches. */
  workerInitFn?: (id: number) => unknown
  /** For shuffling and for the seeds of workers; default: the default generator. */
  generator?: Generator
  /** Batches that each worker makes in advance, default 2. */
  prefetchFactor?: number
  /** Keep the workers, and their copies of the dataset, from one epoch to the next; default false. */
  persistentWorkers?: boolean
}

const loaderOptions = new Options<DataLoaderOptions<never, unknown>>({
  batchSize: true,
  shuffle: true,
  sampler: true,
  batchSampler: true,
  numWorkers: true,
  collateFn: true,
  pinMemory: true,
  dropLast: true,
  timeout: true,
  workerInitFn: true,
  generator: true,
  prefetchFactor: true,
  persistentWorkers: true,
})

// not run: it starts worker threads, which need compiled files; test/loader has some
/**
 * Goes through a dataset in batches, as often as it is iterated. PyTorch: torch.utils.data.DataLoader.
 * @throws ArgumentError for options that exclude each other, and when something cannot go to a worker
 * @example
 * const loader = new DataLoader(new TensorDataset(images, labels), { batchSize: 64, shuffle: true })
 * for (const [x, y] of loader) criterion(model(x), y).backward()
 * @example
 * const loader = new DataLoader(photos, { batchSize: 64, shuffle: true, numWorkers: 4 })
 * for await (const [x, y] of loader) criterion(model(x), y).backward()
 */
export class DataLoader<T, B = Collated<T>> implements Iterable<B>, AsyncIterable<B> {
  readonly dataset: Dataset<T> | IterableDataset<T>
  readonly batchSize: number | null
  readonly numWorkers: number
  /** The order of single samples; null with a `batchSampler` of one's own, and for an iterable dataset. */
  readonly sampler: Sampler | null
  /** null where samples come one by one, and for an iterable dataset. */
  readonly batchSampler: Sampler<number[]> | null
  readonly collateFn: ((samples: T[]) => B) | undefined
  readonly pinMemory: boolean
  readonly dropLast: boolean
  readonly timeout: number
  readonly workerInitFn: ((id: number) => unknown) | undefined
  readonly generator: Generator | undefined
  readonly prefetchFactor: number
  readonly persistentWorkers: boolean
  readonly #order: Order
  #workers: Workers | undefined
  /** The one that began last, while it lasts. */
  #epoch: Epoch | undefined
  /** Where the next epoch goes on. */
  #left: DataLoaderState | undefined

  constructor(
    dataset: Dataset<T> | IterableDataset<T>,
    batchSize?: number | null | DataLoaderOptions<T, B>,
    options?: DataLoaderOptions<T, B>,
  ) {
    atMost('DataLoader', 3, arguments.length)
    const iterable = isIterableDataset(dataset)
    if (!iterable && typeof dataset?.get !== 'function') refuse('DataLoader', 'a dataset', dataset)
    const given = loaderOptions.readFirst('DataLoader', batchSize, options) as DataLoaderOptions<T, B>
    const { shuffle = false, sampler, batchSampler, dropLast = false, generator } = given
    flag('DataLoader: shuffle', shuffle)
    this.dataset = dataset
    this.dropLast = flag('DataLoader: dropLast', dropLast)
    this.collateFn = given.collateFn
    this.pinMemory = flag('DataLoader: pinMemory', given.pinMemory ?? false)
    this.generator = generator
    this.workerInitFn = given.workerInitFn
    this.numWorkers = given.numWorkers ?? 0
    this.timeout = given.timeout ?? 0
    this.prefetchFactor = given.prefetchFactor ?? 2
    this.persistentWorkers = flag('DataLoader: persistentWorkers', given.persistentWorkers ?? false)
    checkWorkers(given)
    if (iterable) checkIterable(given)
    else checkOrder(given)

    this.batchSize = batchSampler !== undefined ? null : given.batchSize === undefined ? 1 : given.batchSize
    if (this.batchSize !== null) checkInteger('batchSize', this.batchSize, 1)
    if (iterable || batchSampler !== undefined) {
      this.sampler = null
      this.batchSampler = batchSampler ?? null
    } else {
      const source = dataset as Dataset<T>
      this.sampler = sampler ?? (shuffle ? new RandomSampler(source, { generator }) : new SequentialSampler(source))
      this.batchSampler = this.batchSize === null ? null : new BatchSampler(this.sampler, this.batchSize, dropLast)
    }
    this.#order = new Order([{ generator, sampler: this.sampler }, this.batchSampler])
  }

  /** Number of batches; of an iterable dataset that knows its length, if no worker repeats what another has. */
  get length(): number {
    if (this.batchSampler !== null) return this.batchSampler.length
    if (this.sampler !== null) return this.sampler.length
    const batches = lengthOf('dataset', this.dataset as { length: number }) / (this.batchSize ?? 1)
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches)
  }

  /** @throws ArgumentError when the batches can only come asynchronously */
  [Symbol.iterator](): IterableIterator<B> {
    const why = this.numWorkers > 0 ? 'batches come from worker threads' : 'the dataset is asynchronous'
    if (this.numWorkers > 0 || (isIterableDataset(this.dataset) && !(Symbol.iterator in this.dataset))) {
      throw new ArgumentError(`DataLoader: ${why}: write for await (const batch of loader)`)
    }
    const batches = this.#batches(this.#begin()) as IterableIterator<B>
    return tracing ? tracedBatches(batches) : batches
  }

  [Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    const left = this.#left
    const epoch = this.#begin()
    const batches = this.numWorkers === 0 ? this.#laterBatches(epoch) : this.#workerBatches(epoch, left)
    return (tracing ? tracedLater(batches) : batches) as AsyncGenerator<B, void, undefined>
  }

  /**
   * Where the epoch is that began last, between two batches or between two epochs. What `get` of the dataset has drawn
   * in workers is in it; the default generators of this thread are not: `Checkpoint` saves both. torchdata:
   * StatefulDataLoader.state_dict.
   */
  stateDict(): DataLoaderState {
    if (this.#left !== undefined) return this.#left
    const workers = this.#epoch?.workers ?? this.#workers
    const again = this.#epoch !== undefined && isIterableDataset(this.dataset)
    return {
      seed: workers?.seed ?? this.#epoch?.seed ?? null,
      epoch: this.#epoch === undefined ? null : { ...this.#epoch.state },
      workers: workers?.states(again) ?? [],
      next: this.#epoch?.workers?.next ?? 0,
      generators: this.#order.generators.slice(1).map(generator => generator.getState()),
    }
  }

  /**
   * The next iteration goes on where a loader of the same dataset and options was: it gives the rest of that epoch. An
   * iterable dataset is gone through again up to there. torchdata: StatefulDataLoader.load_state_dict.
   * @throws ArgumentError for what is no such state, and for an iterable dataset when the number of workers differs
   */
  loadStateDict(state: DataLoaderState): void {
    atMost('loadStateDict', 1, arguments.length)
    if (!isOptions(state) || !Array.isArray(state.workers) || !Array.isArray(state.generators)) {
      refuse('loadStateDict', "a loader's state dict", state)
    }
    const { epoch, workers, generators } = state
    const own = this.#order.generators.slice(1)
    if (generators.length !== own.length) {
      throw new ArgumentError(
        `loadStateDict: the loader has ${own.length} generators of its own, and had ${generators.length}`,
      )
    }
    const sameWorkers = workers.length === this.numWorkers
    if (epoch !== null && !sameWorkers && isIterableDataset(this.dataset)) {
      throw new ArgumentError(
        `loadStateDict: the loader has ${this.numWorkers} workers, and had ${workers.length}; an iterable dataset ` +
          'goes on with the same number only',
      )
    }
    setStates(own, generators)
    void this.#workers?.stop()
    this.#workers = undefined
    this.#left = sameWorkers ? state : { ...state, workers: [], next: 0 }
  }

  /** Draws what an epoch begins with, unless it has been drawn. */
  #begin(): Epoch {
    const left = this.#left
    this.#left = undefined
    // Workers that live on have their seeds.
    const seed = left?.seed ?? (this.#workers === undefined ? drawSeed(this.generator) : this.#workers.seed)
    this.#epoch = new Epoch(this.#order, BigInt(seed), left?.epoch)
    return this.#epoch
  }

  *#batches(epoch: Epoch): IterableIterator<unknown> {
    const pinned = this.pinMemory && canPin()
    const fetcher = fetcherOf(this)
    try {
      const putBack = epoch.rewind()
      for (let i = this.#again(epoch); i > 0; i--) fetcher.fetch(this.#samples())
      putBack()
      for (const index of epoch.indices(this.#indices())) {
        const batch = fetcher.fetch(index)
        if (batch === ended) return
        epoch.state.given++
        yield pinned ? pin(batch) : batch
      }
    } finally {
      this.#end(epoch)
      fetcher.close()
    }
  }

  async *#laterBatches(epoch: Epoch): AsyncGenerator<unknown, void, undefined> {
    const pinned = this.pinMemory && canPin()
    const fetcher = fetcherOf(this)
    try {
      const putBack = epoch.rewind()
      for (let i = this.#again(epoch); i > 0; i--) await fetcher.fetchLater(this.#samples())
      putBack()
      for (const index of epoch.indices(this.#indices())) {
        const batch = await fetcher.fetchLater(index)
        if (batch === ended) return
        epoch.state.given++
        yield pinned ? pin(batch) : batch
      }
    } finally {
      this.#end(epoch)
      await fetcher.close()
    }
  }

  async *#workerBatches(epoch: Epoch, left?: DataLoaderState): AsyncGenerator<unknown, void, undefined> {
    const { dataset, collateFn, dropLast, workerInitFn, numWorkers, prefetchFactor, timeout } = this
    const pinned = this.pinMemory && canPin()
    this.#workers ??= new Workers(
      { dataset, collateFn, dropLast, workerInitFn },
      { numWorkers, prefetchFactor, timeout, seed: epoch.seed, pinned, left: left?.workers ?? [] },
    )
    const workers = this.#workers
    if (!this.persistentWorkers) this.#workers = undefined
    epoch.workers = workers
    try {
      yield* workers.batches(epoch.indices(this.#indices()), epoch.state, left?.next ?? 0)
    } finally {
      this.#end(epoch)
      if (workers.broken) this.#workers = undefined
      if (this.#workers !== workers) await workers.stop()
    }
  }

  #end(epoch: Epoch): void {
    if (this.#epoch === epoch) this.#epoch = undefined
  }

  /** What to fetch, batch by batch; of an iterable dataset only the number of samples counts. */
  #indices(): Iterable<Index> {
    return this.batchSampler ?? this.sampler ?? forEver(this.#samples())
  }

  /** The samples of a batch of an iterable dataset. */
  #samples(): Index {
    return this.batchSize === null ? 0 : Array<number>(this.batchSize).fill(0)
  }

  /** Batches that an iterable dataset has to give once more. */
  #again({ state }: Epoch): number {
    return isIterableDataset(this.dataset) ? state.given : 0
  }
}

function* forEver<T>(value: T): IterableIterator<T> {
  for (;;) yield value
}

type AnyOptions = DataLoaderOptions<never, unknown>

function checkOrder({ batchSize = 1, shuffle = false, sampler, batchSampler, dropLast = false }: AnyOptions): void {
  if (sampler !== undefined && shuffle) throw new ArgumentError('sampler option is mutually exclusive with shuffle')
  if (batchSampler !== undefined && (batchSize !== 1 || shuffle || sampler !== undefined || dropLast)) {
    throw new ArgumentError('batchSampler option is mutually exclusive with batchSize, shuffle, sampler, and dropLast')
  }
  if (batchSize === null && dropLast) {
    throw new ArgumentError('batchSize: null disables auto-batching and is mutually exclusive with dropLast')
  }
}

function checkIterable({ batchSize, dropLast, shuffle, sampler, batchSampler }: AnyOptions): void {
  const wrong = Object.entries({ shuffle: shuffle || undefined, sampler, batchSampler }).find(
    ([, v]) => v !== undefined,
  )
  if (wrong) throw new ArgumentError(`DataLoader with an iterable dataset: expected no option ${wrong[0]}`)
  if (batchSize === null) checkOrder({ batchSize, dropLast })
}

function checkWorkers({ numWorkers = 0, timeout = 0, workerInitFn, prefetchFactor, persistentWorkers }: AnyOptions) {
  checkInteger('numWorkers', numWorkers, 0)
  if (typeof timeout !== 'number' || !(timeout >= 0)) {
    throw new ArgumentError(`timeout should be a non-negative number of seconds, but got timeout=${timeout}`)
  }
  if (prefetchFactor !== undefined) checkInteger('prefetchFactor', prefetchFactor, 1)
  if (workerInitFn !== undefined && typeof workerInitFn !== 'function') {
    refuse('DataLoader', 'workerInitFn as a function', workerInitFn)
  }
  if (numWorkers > 0) return
  const needless = Object.entries({
    timeout: timeout > 0,
    prefetchFactor: prefetchFactor !== undefined,
    persistentWorkers,
  }).find(([, isGiven]) => isGiven)
  if (needless) throw new ArgumentError(`${needless[0]} option needs numWorkers > 0`)
}

// Batches of a dataset, for `for … of`. It draws what PyTorch's loader draws: at the start of every epoch one number
// that PyTorch needs for worker processes, even though there are none here, then what the sampler needs. So the same
// seed gives the same batches.
import { ArgumentError } from '../errors.ts'
import { atMost, flag, type Generator, Options, refuse } from '../tensor/index.ts'
import { type Collated, defaultCollate } from './collate.ts'
import type { Dataset } from './dataset.ts'
import { canPin, pin } from './pin.ts'
import { BatchSampler, drawSeed, RandomSampler, type Sampler, SequentialSampler } from './sampler.ts'

/** Options of `DataLoader`. */
export interface DataLoaderOptions<T, B> {
  /** Samples per batch, default 1. */
  batchSize?: number
  /** New random order every epoch, default false. */
  shuffle?: boolean
  /** Own order of samples, instead of `shuffle`. */
  sampler?: Sampler
  /** Own batches, instead of everything else. */
  batchSampler?: Sampler<number[]>
  /** Leave out a last batch that is not full, default false. */
  dropLast?: boolean
  /** For shuffling; default: the default generator. */
  generator?: Generator
  /**
   * Batches come in pinned memory where there is a CUDA device, so that `to('cuda', { nonBlocking: true })` copies them
   * while the device computes; default false. Without a device there is a warning.
   */
  pinMemory?: boolean
  /** Makes a batch of samples, default `defaultCollate`. */
  collateFn?: (samples: T[]) => B
}

const loaderOptions = new Options<DataLoaderOptions<never, unknown>>({
  batchSize: true,
  shuffle: true,
  sampler: true,
  batchSampler: true,
  dropLast: true,
  generator: true,
  pinMemory: true,
  collateFn: true,
})

/**
 * Goes through a dataset in batches, as often as it is iterated. PyTorch: torch.utils.data.DataLoader.
 * @throws ArgumentError for options that exclude each other
 * @example
 * const loader = new DataLoader(new TensorDataset(images, labels), { batchSize: 64, shuffle: true })
 * for (const [x, y] of loader) criterion(model(x), y).backward()
 */
export class DataLoader<T, B = Collated<T>> implements Iterable<B> {
  readonly dataset: Dataset<T>
  readonly batchSampler: Sampler<number[]>
  readonly generator: Generator | undefined
  readonly pinMemory: boolean
  readonly #fetch: (indices: readonly number[]) => B

  constructor(dataset: Dataset<T>, batchSize?: number | DataLoaderOptions<T, B>, options?: DataLoaderOptions<T, B>) {
    atMost('DataLoader', 3, arguments.length)
    if (typeof dataset?.get !== 'function') refuse('DataLoader', 'a dataset', dataset)
    const given = loaderOptions.readFirst('DataLoader', batchSize, options) as DataLoaderOptions<T, B>
    const { shuffle = false, sampler, batchSampler, dropLast = false, generator, collateFn } = given
    flag('DataLoader: shuffle', shuffle)
    flag('DataLoader: dropLast', dropLast)
    if (sampler !== undefined && shuffle) throw new ArgumentError('sampler option is mutually exclusive with shuffle')
    if (batchSampler !== undefined && ((given.batchSize ?? 1) !== 1 || shuffle || sampler !== undefined || dropLast)) {
      throw new ArgumentError(
        'batchSampler option is mutually exclusive with batchSize, shuffle, sampler, and dropLast',
      )
    }
    const order = sampler ?? (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset))
    this.dataset = dataset
    this.generator = generator
    this.pinMemory = flag('DataLoader: pinMemory', given.pinMemory ?? false)
    this.batchSampler = batchSampler ?? new BatchSampler(order, given.batchSize ?? 1, dropLast)
    if (collateFn === undefined && dataset.getBatch !== undefined) {
      this.#fetch = indices => dataset.getBatch!(indices) as B
    } else {
      const join = collateFn ?? (defaultCollate as unknown as (samples: T[]) => B)
      this.#fetch = indices => join(indices.map(i => dataset.get(i)))
    }
  }

  /** Number of batches. */
  get length(): number {
    return this.batchSampler.length
  }

  [Symbol.iterator](): IterableIterator<B> {
    drawSeed(this.generator)
    return this.#batches()
  }

  *#batches(): IterableIterator<B> {
    const pinned = this.pinMemory && canPin()
    for (const indices of this.batchSampler) {
      const batch = this.#fetch(indices)
      yield pinned ? pin(batch) : batch
    }
  }
}

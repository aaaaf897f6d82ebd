// From indices to a batch, in the main thread as in a worker. An iterable dataset is asked for as many samples as there
// are indices, whatever these are.
import { mapTensors, tensor } from '../tensor/index.ts'
import { defaultCollate } from './collate.ts'
import { type Dataset, type IterableDataset, isIterableDataset } from './dataset.ts'

/** What batches are made of, and how. */
export interface Recipe {
  dataset: Dataset<unknown> | IterableDataset<unknown>
  /** Default: `defaultCollate` for batches; single samples stay as they are but for typed arrays. */
  collateFn: ((samples: never) => unknown) | undefined
  dropLast: boolean
}

/** One sample, or those of a batch. */
export type Index = number | readonly number[]

/** What an iterable dataset that has come to its end gives instead of a batch. */
export const ended = Symbol('ended')

export interface Fetcher {
  fetch(index: Index): unknown
  /** The same for a dataset that may be asynchronous. */
  fetchLater(index: Index): Promise<unknown>
  /** Lets a dataset that is being iterated clean up; a promise if it is asynchronous. */
  close(): unknown
}

export function fetcherOf(recipe: Recipe): Fetcher {
  const { dataset } = recipe
  return isIterableDataset(dataset) ? new StreamFetcher(dataset, recipe) : new NumberedFetcher(dataset, recipe)
}

class NumberedFetcher implements Fetcher {
  readonly #dataset: Dataset<unknown>
  readonly #recipe: Recipe

  constructor(dataset: Dataset<unknown>, recipe: Recipe) {
    this.#dataset = dataset
    this.#recipe = recipe
  }

  fetch(index: Index): unknown {
    const dataset = this.#dataset
    if (typeof index === 'number') return single(dataset.get(index), this.#recipe)
    if (this.#recipe.collateFn === undefined && dataset.getBatch !== undefined) return dataset.getBatch(index)
    return together(
      index.map(i => dataset.get(i)),
      this.#recipe,
    )
  }

  async fetchLater(index: Index): Promise<unknown> {
    return this.fetch(index)
  }

  close(): void {}
}

class StreamFetcher implements Fetcher {
  readonly #dataset: IterableDataset<unknown>
  readonly #recipe: Recipe
  #samples: Iterator<unknown> | AsyncIterator<unknown> | undefined
  #ended = false

  constructor(dataset: IterableDataset<unknown>, recipe: Recipe) {
    this.#dataset = dataset
    this.#recipe = recipe
  }

  fetch(index: Index): unknown {
    this.#samples ??= this.#dataset[Symbol.iterator]!()
    const found: unknown[] = []
    while (!this.#ended && found.length < count(index)) {
      this.#put(this.#samples.next() as IteratorResult<unknown>, found)
    }
    return this.#made(found, index)
  }

  async fetchLater(index: Index): Promise<unknown> {
    this.#samples ??= this.#dataset[Symbol.asyncIterator]?.() ?? this.#dataset[Symbol.iterator]!()
    const found: unknown[] = []
    while (!this.#ended && found.length < count(index)) this.#put(await this.#samples.next(), found)
    return this.#made(found, index)
  }

  close(): unknown {
    return this.#ended ? undefined : this.#samples?.return?.()
  }

  #put({ done, value }: IteratorResult<unknown>, into: unknown[]): void {
    if (done) this.#ended = true
    else into.push(value)
  }

  #made(samples: unknown[], index: Index): unknown {
    if (samples.length === 0 || (this.#recipe.dropLast && samples.length < count(index))) return ended
    return typeof index === 'number' ? single(samples[0], this.#recipe) : together(samples, this.#recipe)
  }
}

const count = (index: Index) => (typeof index === 'number' ? 1 : index.length)

function together(samples: unknown[], { collateFn }: Recipe): unknown {
  return collateFn === undefined ? defaultCollate(samples) : collateFn(samples as never)
}

/** PyTorch: torch.utils.data.default_convert. */
function single(sample: unknown, { collateFn }: Recipe): unknown {
  if (collateFn !== undefined) return collateFn(sample as never)
  return mapTensors(
    sample,
    x => x,
    other => (ArrayBuffer.isView(other) ? tensor(other) : other),
  )
}

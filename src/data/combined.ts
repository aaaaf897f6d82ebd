// Datasets made of other datasets: one behind the other, or side by side.
import { ArgumentError, IndexError } from '../errors.ts'
import { atMost, refuse } from '../tensor/index.ts'
import type { Collated } from './collate.ts'
import { type Dataset, type IterableDataset, isIterableDataset } from './dataset.ts'
import { checkInteger, lengthOf, type Sized } from './sampler.ts'

/**
 * The samples of several datasets as those of one. PyTorch: torch.utils.data.ConcatDataset.
 * @throws ArgumentError when there is no dataset, or one without numbered samples
 * @example const both = new ConcatDataset([train, test])
 */
export class ConcatDataset<T> implements Dataset<T> {
  readonly datasets: readonly Dataset<T>[]
  /** Where each dataset ends. */
  readonly cumulativeSizes: readonly number[]

  constructor(datasets: Iterable<Dataset<T>>) {
    atMost('ConcatDataset', 1, arguments.length)
    this.datasets = [...datasets]
    if (this.datasets.length === 0) throw new ArgumentError('ConcatDataset: datasets should not be an empty iterable')
    let size = 0
    this.cumulativeSizes = this.datasets.map(dataset => {
      if (isIterableDataset(dataset)) throw new ArgumentError('ConcatDataset does not support IterableDataset')
      if (typeof dataset?.get !== 'function') refuse('ConcatDataset', 'datasets', dataset)
      size += lengthOf('dataset', dataset)
      return size
    })
  }

  get length(): number {
    return this.cumulativeSizes.at(-1)!
  }

  /** @throws IndexError when there is no such sample; negative numbers count from the end */
  get(index: number): T {
    checkInteger('index', index)
    const at = index < 0 ? index + this.length : index
    const which = at < 0 ? -1 : this.cumulativeSizes.findIndex(end => at < end)
    const dataset = this.datasets[which]
    if (dataset === undefined) throw new IndexError(`ConcatDataset: there is no sample ${index} among ${this.length}`)
    return dataset.get(at - (this.cumulativeSizes[which - 1] ?? 0))
  }
}

/**
 * The samples of one iterable dataset after those of another. PyTorch: torch.utils.data.ChainDataset.
 * @example const days = new ChainDataset([monday, tuesday])
 */
export class ChainDataset<T> implements IterableDataset<T> {
  readonly datasets: Iterable<IterableDataset<T>>

  constructor(datasets: Iterable<IterableDataset<T>>) {
    atMost('ChainDataset', 1, arguments.length)
    this.datasets = datasets
  }

  /** @throws ArgumentError when one of them does not know its length */
  get length(): number {
    let total = 0
    for (const dataset of this.datasets) total += lengthOf('dataset', checked(dataset) as { length: number })
    return total
  }

  /** @throws ArgumentError when one of them can only be iterated asynchronously */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const dataset of this.datasets) {
      const samples = checked(dataset)
      if (!(Symbol.iterator in samples)) {
        throw new ArgumentError('ChainDataset: a dataset of it is asynchronous: write for await (… of …)')
      }
      yield* samples as Iterable<T>
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (const dataset of this.datasets) yield* checked(dataset) as AsyncIterable<T>
  }
}

function checked<T>(dataset: IterableDataset<T>): IterableDataset<T> {
  if (isIterableDataset(dataset)) return dataset
  throw new ArgumentError('ChainDataset only supports IterableDataset')
}

/** A dataset of any kind of samples. */
interface AnyDataset extends Sized {
  get(index: number): unknown
  getBatch?(indices: readonly number[]): unknown
}

type SampleOf<D> = D extends { get(index: number): infer T } ? T : never
type Named = Record<string, AnyDataset>

/** The sample of a `StackDataset`: an array, or an object for datasets that were given by name. */
export type Stacked<D extends readonly unknown[]> = D extends readonly AnyDataset[]
  ? { -readonly [K in keyof D]: SampleOf<D[K]> }
  : { -readonly [K in keyof D[0]]: SampleOf<D[0][K]> }

/**
 * Datasets side by side: a sample holds one of each, in an array, or in an object if they are given by name. PyTorch:
 * torch.utils.data.StackDataset.
 * @throws ArgumentError when there is none, or they differ in length
 * @example
 * new StackDataset(images, texts).get(0) // [images.get(0), texts.get(0)]
 * new StackDataset({ image: images, text: texts }).get(0) // { image: images.get(0), text: texts.get(0) }
 */
export class StackDataset<D extends readonly AnyDataset[] | readonly [Named]> implements Dataset<Stacked<D>> {
  /** As they were given. */
  readonly datasets: D | D[0]

  constructor(...datasets: D) {
    const [first] = datasets
    if (first === undefined) throw new ArgumentError('StackDataset: at least one dataset should be passed')
    this.datasets = typeof first.get === 'function' ? datasets : first
    const lengths = partsOf(this.datasets).map(dataset => lengthOf('dataset', dataset))
    if (lengths.some(length => length !== lengths[0])) throw new ArgumentError('Size mismatch between datasets')
  }

  get length(): number {
    return partsOf(this.datasets)[0]!.length
  }

  get(index: number): Stacked<D> {
    return ofEach(this.datasets, dataset => dataset.get(index)) as Stacked<D>
  }

  /** Undefined unless all datasets have it. */
  get getBatch(): ((indices: readonly number[]) => Collated<Stacked<D>>) | undefined {
    if (partsOf(this.datasets).some(({ getBatch }) => getBatch === undefined)) return undefined
    return indices => ofEach(this.datasets, dataset => dataset.getBatch!(indices)) as Collated<Stacked<D>>
  }
}

const partsOf = (datasets: object): AnyDataset[] => Object.values(datasets)

function ofEach(datasets: object, part: (dataset: AnyDataset) => unknown): unknown {
  if (Array.isArray(datasets)) return datasets.map(part)
  return Object.fromEntries(Object.entries(datasets).map(([name, dataset]) => [name, part(dataset)]))
}

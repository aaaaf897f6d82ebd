// Datasets: anything with a length and a `get`. A dataset may also offer `getBatch`, which returns a whole batch at
// once, already collated; the loader then never looks at single samples.
import { ArgumentError, IndexError, ShapeError } from '../errors.ts'
import { atMost, Generator, handlesOf, Options, randperm, refuse, type Tensor, tensor } from '../tensor/index.ts'
import type { Collated } from './collate.ts'
import { checkInteger, lengthOf, taken } from './sampler.ts'

/**
 * Samples by number. PyTorch: torch.utils.data.Dataset.
 * @example
 * class Squares implements Dataset<number> {
 *   length = 100
 *   get(index: number): number {
 *     return index ** 2
 *   }
 * }
 */
export interface Dataset<T> {
  /** Number of samples. */
  readonly length: number
  /** One sample. */
  get(index: number): T
  /** The samples at several indices as one batch. */
  getBatch?(indices: readonly number[]): Collated<T>
}

/**
 * Samples one after the other: anything that can be iterated, as often as asked, but arrays and the like. It may know
 * how many there are. In a `DataLoader` with workers each of them iterates a copy of its own, and `getWorkerInfo` tells
 * the copies apart. PyTorch: torch.utils.data.IterableDataset.
 * @example
 * class Lines implements IterableDataset<string> {
 *   async *[Symbol.asyncIterator]() {
 *     yield* (await open('log.txt')).readLines() // of node:fs/promises
 *   }
 * }
 */
export interface IterableDataset<T> {
  readonly length?: number
  get?: undefined
  [Symbol.iterator]?(): Iterator<T>
  [Symbol.asyncIterator]?(): AsyncIterator<T>
}

/** Whether a value is an `IterableDataset`, which arrays, maps and such are not. @internal */
export function isIterableDataset(value: unknown): value is IterableDataset<unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false
  return !('get' in value) && !(value instanceof Set) && (Symbol.iterator in value || Symbol.asyncIterator in value)
}

/**
 * Samples are the slices of one or more tensors along dimension 0; a batch is one native call per tensor. PyTorch:
 * torch.utils.data.TensorDataset.
 * @throws ShapeError when the tensors differ in their first size, ArgumentError for anything but tensors
 * @example const [image, label] = new TensorDataset(images, labels).get(0)
 */
export class TensorDataset<T extends Tensor[] = Tensor[]> implements Dataset<T> {
  readonly tensors: Readonly<T>

  constructor(...tensors: T) {
    if (tensors.length === 0) throw new ArgumentError('TensorDataset: expected at least one tensor')
    handlesOf('TensorDataset', tensors)
    if (tensors.some(x => x.size(0) !== tensors[0]!.size(0))) throw new ShapeError('Size mismatch between tensors')
    this.tensors = Object.freeze(tensors)
  }

  get length(): number {
    return this.tensors[0]!.size(0)
  }

  get(index: number): T {
    return this.tensors.map(x => x.select(0, index)) as T
  }

  getBatch(indices: readonly number[]): Collated<T> {
    for (const index of indices) checkInteger('index', index)
    const at = tensor(BigInt64Array.from(indices, BigInt))
    const batch = this.tensors.map(x => x.indexSelect(0, at))
    at.dispose()
    return batch as unknown as Collated<T>
  }
}

/** Some samples of another dataset, in the given order. PyTorch: torch.utils.data.Subset. */
export class Subset<T> implements Dataset<T> {
  readonly dataset: Dataset<T>
  readonly indices: readonly number[]

  constructor(dataset: Dataset<T>, indices: readonly number[]) {
    atMost('Subset', 2, arguments.length)
    this.dataset = dataset
    this.indices = indices
  }

  get length(): number {
    return this.indices.length
  }

  get(index: number): T {
    return this.dataset.get(chosen(this, index))
  }

  /** Undefined if the other dataset has none. */
  get getBatch(): ((indices: readonly number[]) => Collated<T>) | undefined {
    if (this.dataset.getBatch === undefined) return undefined
    return indices => this.dataset.getBatch!(indices.map(index => chosen(this, index)))
  }
}

function chosen({ indices }: Subset<unknown>, index: number): number {
  const found = indices[index]
  if (found === undefined) throw new IndexError(`Subset: there is no sample ${index} among ${indices.length}`)
  return found
}

/** Whole lengths from fractions of a total; what is left over goes one by one to the first parts. */
function fractionLengths(fractions: readonly number[], total: number): number[] {
  const lengths = fractions.map((fraction, i) => {
    if (fraction < 0 || fraction > 1) throw new ArgumentError(`Fraction at index ${i} is not between 0 and 1`)
    return Math.floor(total * fraction)
  })
  const rest = total - lengths.reduce((a, b) => a + b, 0)
  for (let i = 0; i < rest; i++) lengths[i % lengths.length]! += 1
  return lengths
}

/** Options of `randomSplit`. */
export interface SplitOptions {
  /** Default: the default generator. */
  generator?: Generator | undefined
}

const splitOptions = new Options<SplitOptions>({ generator: true })

/**
 * Splits a dataset into random parts of the given lengths, or of fractions that add up to 1. PyTorch:
 * torch.utils.data.random_split.
 * @throws ArgumentError when the lengths do not add up, or are neither integers nor such fractions
 * @example const [train, test] = randomSplit(dataset, [0.8, 0.2], { generator: new Generator().manualSeed(42) })
 */
export function randomSplit<T, const L extends readonly number[]>(
  dataset: Dataset<T>,
  lengths: L,
  generator?: Generator | SplitOptions,
): { -readonly [K in keyof L]: Subset<T> } {
  atMost('randomSplit', 3, arguments.length)
  const first = generator instanceof Generator ? { generator } : generator
  const given = splitOptions.readFirst('randomSplit', first)
  const total = lengthOf('dataset', dataset)
  for (const length of lengths) if (typeof length !== 'number') refuse('randomSplit', 'lengths as numbers', length)
  const sum = lengths.reduce((a, b) => a + b, 0)
  const whole = sum <= 1 && sum > 1 - 1e-9 ? fractionLengths(lengths, total) : lengths
  for (const length of whole) checkInteger('length of a part', length, 0)
  if (whole.reduce((a, b) => a + b, 0) !== total) {
    throw new ArgumentError('Sum of input lengths does not equal the length of the input dataset!')
  }
  const order = randperm(total, { generator: given.generator })
  const indices = taken(order)
  let start = 0
  const parts = whole.map(length => {
    start += length
    return new Subset(dataset, indices.slice(start - length, start))
  })
  return parts as { -readonly [K in keyof L]: Subset<T> }
}

// The order in which samples are visited. Each iteration of a sampler is one epoch; random ones draw exactly what
// PyTorch draws, from the same generators in the same order.
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import {
  asTensor,
  atMost,
  flag,
  Generator,
  generatorOf,
  keep,
  multinomial,
  Options,
  randint,
  randperm,
  refuse,
  type Tensor,
} from '../tensor/index.ts'

/**
 * A sequence of sample numbers (or of batches of them) that can be gone through again and again. One that depends on
 * more than its options and dtrain's generators has a state, for that of a `DataLoader`.
 */
export interface Sampler<T = number> extends Iterable<T> {
  readonly length: number
  stateDict?(): unknown
  loadStateDict?(state: never): unknown
}

type Indices = IterableIterator<number>

/** Anything that has a length. */
export interface Sized {
  readonly length: number
}

/** @throws ArgumentError unless an option is an integer, and not below `least` @internal */
export function checkInteger(name: string, value: unknown, least = Number.NEGATIVE_INFINITY): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return
  const kind = least === 1 ? 'a positive' : least === 0 ? 'a non-negative' : 'an'
  const text = typeof value === 'string' ? `'${value}'` : String(value)
  throw new ArgumentError(`${name} should be ${kind} integer value, but got ${name}=${text}`)
}

/** How many there are, of a dataset or sampler that a program may have written. @throws ArgumentError @internal */
export function lengthOf(what: string, { length }: Sized): number {
  checkInteger(`length of the ${what}`, length, 0)
  return length
}

/** The numbers of an int64 tensor, which is freed. @internal */
export function taken(x: Tensor): number[] {
  const numbers = Array.from(x.toTypedArray() as BigInt64Array, Number)
  x.dispose()
  return numbers
}

/** A seed as PyTorch draws it: an int64 over [0, 2^63). @internal */
export function drawSeed(generator: Generator | undefined): bigint {
  const scalar = native.random64(generatorOf('DataLoader', generator))
  const into = new BigInt64Array(1)
  native.toData(scalar, into)
  native.dispose(scalar)
  return into[0]!
}

/** All samples in order. PyTorch: torch.utils.data.SequentialSampler. */
export class SequentialSampler implements Sampler {
  readonly dataSource: Sized

  constructor(dataSource: Sized) {
    atMost('SequentialSampler', 1, arguments.length)
    this.dataSource = dataSource
  }

  get length(): number {
    return lengthOf('dataset', this.dataSource)
  }

  *[Symbol.iterator](): Indices {
    for (let i = 0; i < this.length; i++) yield i
  }
}

/** Options of `RandomSampler`. */
export interface RandomSamplerOptions {
  /** Draw each sample independently, default false: a permutation. */
  replacement?: boolean
  /** Default: the length of the dataset. */
  numSamples?: number
  /** Default: a new one per epoch, seeded by the default generator. */
  generator?: Generator | undefined
}

const samplerOptions = new Options<RandomSamplerOptions>({ replacement: true, numSamples: true, generator: true })

/**
 * Samples in random order. PyTorch: torch.utils.data.RandomSampler.
 * @throws ArgumentError when there is nothing to sample
 */
export class RandomSampler implements Sampler {
  readonly dataSource: Sized
  readonly replacement: boolean
  readonly generator: Generator | undefined
  readonly #numSamples: number | undefined

  constructor(dataSource: Sized, replacement?: boolean | RandomSamplerOptions, options?: RandomSamplerOptions) {
    atMost('RandomSampler', 3, arguments.length)
    const given = samplerOptions.readFirst('RandomSampler', replacement, options)
    this.dataSource = dataSource
    this.replacement = flag('RandomSampler: replacement', given.replacement ?? false)
    this.generator = given.generator
    this.#numSamples = given.numSamples
    lengthOf('dataset', dataSource)
    checkInteger('numSamples', this.length, 1)
  }

  get length(): number {
    return this.#numSamples ?? this.dataSource.length
  }

  *[Symbol.iterator](): Indices {
    const n = this.dataSource.length
    if (n === 0) {
      throw new ArgumentError(`RandomSampler: ${this.length} samples cannot be drawn from a dataset without any`)
    }
    const generator = this.generator ?? new Generator().manualSeed(drawSeed(undefined))
    if (this.replacement) {
      for (let left = this.length; left > 0; left -= 32) {
        yield* taken(randint(n, [Math.min(left, 32)], { generator }))
      }
      return
    }
    for (let round = 0; round < Math.floor(this.length / n); round++) yield* taken(randperm(n, { generator }))
    // PyTorch draws this permutation even when nothing of it is used, which a shared generator remembers.
    yield* taken(randperm(n, { generator })).slice(0, this.length % n)
  }
}

/** Options of `SubsetRandomSampler`. */
export interface SubsetRandomSamplerOptions {
  /** Default: the default generator. */
  generator?: Generator | undefined
}

const subsetOptions = new Options<SubsetRandomSamplerOptions>({ generator: true })

/**
 * The given samples in random order. PyTorch: torch.utils.data.SubsetRandomSampler.
 * @example const loader = new DataLoader(dataset, { sampler: new SubsetRandomSampler([0, 5, 7]) })
 */
export class SubsetRandomSampler implements Sampler {
  readonly indices: readonly number[]
  readonly generator: Generator | undefined

  constructor(indices: readonly number[], generator?: Generator | SubsetRandomSamplerOptions) {
    atMost('SubsetRandomSampler', 2, arguments.length)
    if (!Array.isArray(indices)) refuse('SubsetRandomSampler', 'indices as an array', indices)
    const given = subsetOptions.readFirst(
      'SubsetRandomSampler',
      generator instanceof Generator ? { generator } : generator,
    )
    this.indices = indices
    this.generator = given.generator
  }

  get length(): number {
    return lengthOf('indices', this.indices)
  }

  *[Symbol.iterator](): Indices {
    for (const at of taken(randperm(this.length, { generator: this.generator }))) yield this.indices[at]!
  }
}

/** Options of `WeightedRandomSampler`. */
export interface WeightedRandomSamplerOptions {
  /** Draw each sample independently, default true; false: none twice. */
  replacement?: boolean
  /** Default: the default generator. */
  generator?: Generator | undefined
}

const weightedOptions = new Options<WeightedRandomSamplerOptions>({ replacement: true, generator: true })

/**
 * Samples drawn with the given weights, which need not add up to 1. PyTorch: torch.utils.data.WeightedRandomSampler.
 * @throws ArgumentError unless the weights are a list and the number is positive
 * @example const sampler = new WeightedRandomSampler([0.1, 0.9, 0.5], 20)
 */
export class WeightedRandomSampler implements Sampler {
  /** float64. */
  readonly weights: Tensor
  readonly numSamples: number
  readonly replacement: boolean
  readonly generator: Generator | undefined

  constructor(
    weights: Tensor | readonly number[],
    numSamples: number,
    replacement?: boolean | WeightedRandomSamplerOptions,
    options?: WeightedRandomSamplerOptions,
  ) {
    atMost('WeightedRandomSampler', 4, arguments.length)
    const given = weightedOptions.readFirst('WeightedRandomSampler', replacement, options)
    checkInteger('numSamples', numSamples, 1)
    this.weights = keep(asTensor(weights, { dtype: 'float64' }))
    if (this.weights.ndim !== 1) {
      const shape = this.weights.shape.join(', ')
      throw new ArgumentError(`weights should be a 1d sequence but given weights have shape (${shape})`)
    }
    this.numSamples = numSamples
    this.replacement = flag('WeightedRandomSampler: replacement', given.replacement ?? true)
    this.generator = given.generator
  }

  get length(): number {
    return this.numSamples
  }

  *[Symbol.iterator](): Indices {
    const { replacement, generator } = this
    yield* taken(multinomial(this.weights, this.numSamples, { replacement, generator }))
  }
}

/**
 * Batches of the numbers another sampler gives. PyTorch: torch.utils.data.BatchSampler.
 * @throws ArgumentError when the batch size is not a positive integer
 * @example Array.from(new BatchSampler(new SequentialSampler([7, 8, 9, 10]), 3, false)) // [[0, 1, 2], [3]]
 */
export class BatchSampler implements Sampler<number[]> {
  readonly sampler: Sampler
  readonly batchSize: number
  readonly dropLast: boolean

  constructor(sampler: Sampler, batchSize: number, dropLast: boolean) {
    atMost('BatchSampler', 3, arguments.length)
    checkInteger('batchSize', batchSize, 1)
    this.sampler = sampler
    this.batchSize = batchSize
    this.dropLast = dropLast
  }

  get length(): number {
    const batches = lengthOf('sampler', this.sampler) / this.batchSize
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches)
  }

  *[Symbol.iterator](): IterableIterator<number[]> {
    let batch: number[] = []
    for (const index of this.sampler) {
      batch.push(index)
      if (batch.length < this.batchSize) continue
      yield batch
      batch = []
    }
    if (batch.length > 0 && !this.dropLast) yield batch
  }
}

// Each rank's share of a dataset. All ranks shuffle with the same seed, so they agree without talking; call `setEpoch`
// before each epoch or every epoch has the same order.
import { ArgumentError } from '../errors.ts'
import { rankInfo } from '../job/rank.ts'
import { atMost, flag, Generator, Options, randperm } from '../tensor/index.ts'
import { checkInteger, lengthOf, type Sampler, type Sized, taken } from './sampler.ts'

/** Options of `DistributedSampler`. */
export interface DistributedSamplerOptions {
  /** Default: the number of ranks of the job. */
  numReplicas?: number
  /** Default: this process's rank. */
  rank?: number
  /** Default true. */
  shuffle?: boolean
  /** The same on every rank, default 0. */
  seed?: number
  /** Leave samples out, instead of repeating some, to give every rank equally many; default false. */
  dropLast?: boolean
}

const samplerOptions = new Options<DistributedSamplerOptions>({
  numReplicas: true,
  rank: true,
  shuffle: true,
  seed: true,
  dropLast: true,
})

/**
 * Every `numReplicas`-th sample from `rank` on, of a dataset padded or cut to a multiple of `numReplicas`. PyTorch:
 * torch.utils.data.distributed.DistributedSampler.
 * @throws ArgumentError when the rank is not below `numReplicas`, or an option is no integer
 * @example
 * const sampler = new DistributedSampler(dataset)
 * const loader = new DataLoader(dataset, { batchSize: 32, sampler })
 * sampler.setEpoch(epoch)
 */
export class DistributedSampler implements Sampler {
  readonly dataset: Sized
  readonly numReplicas: number
  readonly rank: number
  readonly shuffle: boolean
  readonly seed: number
  readonly dropLast: boolean
  /** Samples of each rank. */
  readonly length: number
  #epoch = 0

  constructor(dataset: Sized, numReplicas?: number | DistributedSamplerOptions, options?: DistributedSamplerOptions) {
    atMost('DistributedSampler', 3, arguments.length)
    const given = samplerOptions.readFirst('DistributedSampler', numReplicas, options)
    const { numReplicas: replicas = rankInfo().worldSize, rank = rankInfo().rank } = given
    checkInteger('numReplicas', replicas, 1)
    checkInteger('rank', rank)
    checkInteger('seed', given.seed ?? 0)
    if (rank >= replicas || rank < 0) {
      throw new ArgumentError(`Invalid rank ${rank}, rank should be in the interval [0, ${replicas - 1}]`)
    }
    this.dataset = dataset
    this.numReplicas = replicas
    this.rank = rank
    this.shuffle = flag('DistributedSampler: shuffle', given.shuffle ?? true)
    this.seed = given.seed ?? 0
    this.dropLast = flag('DistributedSampler: dropLast', given.dropLast ?? false)
    const share = lengthOf('dataset', dataset) / replicas
    this.length = this.dropLast ? Math.floor(share) : Math.ceil(share)
  }

  /** Makes the next iteration use the order of this epoch. */
  setEpoch(epoch: number): void {
    checkInteger('epoch', epoch)
    this.#epoch = epoch
  }

  /** The epoch, for the state of a `DataLoader`. */
  stateDict(): { epoch: number } {
    return { epoch: this.#epoch }
  }

  loadStateDict({ epoch }: { epoch: number }): void {
    this.setEpoch(epoch)
  }

  *[Symbol.iterator](): IterableIterator<number> {
    const order = this.#order()
    const total = this.length * this.numReplicas
    // Past the end it starts over, which is how PyTorch pads.
    for (let i = this.rank; i < total; i += this.numReplicas) yield order[i % order.length]!
  }

  #order(): number[] {
    const n = this.dataset.length
    if (!this.shuffle) return Array.from({ length: n }, (_, i) => i)
    const generator = new Generator().manualSeed(this.seed + this.#epoch)
    return taken(randperm(n, { generator }))
  }
}

// A softmax over many classes, of which few are frequent: the frequent ones and the clusters of the others make the
// head, and a cluster computes its classes from fewer features, for the rows whose class it has. So classes must be
// numbered by their frequency, the most frequent first.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { atMost, cat, flag, Options, refuse, shown, type Tensor, zeros, zerosLike } from '../../tensor/index.ts'
import type { Place } from '../layers/affine.ts'
import { Linear } from '../layers/linear.ts'
import { ModuleList, Sequential } from '../module/container.ts'
import { Module } from '../module/module.ts'

/** Options of `AdaptiveLogSoftmaxWithLoss`. */
export interface AdaptiveLogSoftmaxOptions extends Place {
  /** Each cluster has so many times fewer features than the one before, default 4. */
  divValue?: number
  /** Whether the head has a bias, default false. */
  headBias?: boolean
}

const adaptiveOptions = new Options<AdaptiveLogSoftmaxOptions>({
  divValue: true,
  headBias: true,
  device: true,
  dtype: true,
})

/** Python's `a // b` of positive floats: what is left is exact, and the quotient is not. */
const floorDivided = (a: number, b: number) => Math.round((a - (a % b)) / b)

/**
 * The log probability of each row's class, (N), and the mean of its negative: of (N, inFeatures) and classes (N), or of
 * one row and its class. `cutoffs` are the first classes of the clusters. PyTorch: torch.nn.AdaptiveLogSoftmaxWithLoss.
 * Source: https://arxiv.org/abs/1609.04309.
 * @throws ArgumentError unless cutoffs increase from 1 to nClasses - 1, or for classes that there are not; ShapeError
 * @example
 * const criterion = new nn.AdaptiveLogSoftmaxWithLoss(64, 1000, [20, 200])
 * const [output, loss] = criterion(randn(8, 64), randint(1000, [8]))
 */
export class AdaptiveLogSoftmaxWithLoss extends Module<
  [input: Tensor, target: Tensor],
  [output: Tensor, loss: Tensor]
> {
  readonly inFeatures: number
  readonly nClasses: number
  /** With nClasses at the end. */
  readonly cutoffs: readonly number[]
  readonly divValue: number
  readonly headBias: boolean
  /** Classes of the head itself. */
  readonly shortlistSize: number
  readonly nClusters: number
  readonly headSize: number
  head: Linear
  tail: ModuleList<Sequential>

  constructor(
    inFeatures: number,
    nClasses: number,
    cutoffs: readonly number[],
    divValue?: number | AdaptiveLogSoftmaxOptions,
    options?: AdaptiveLogSoftmaxOptions,
  ) {
    const name = 'AdaptiveLogSoftmaxWithLoss'
    atMost('AdaptiveLogSoftmaxWithLoss', 5, arguments.length)
    const given = adaptiveOptions.readFirst(name, divValue, options)
    const { device, dtype } = given
    for (const count of [inFeatures, nClasses]) if (typeof count !== 'number') refuse(name, 'a number', count)
    const fits = (cutoff: number, i: number, all: readonly number[]) =>
      Number.isInteger(cutoff) && cutoff > (all[i - 1] ?? 0) && cutoff < nClasses
    if (!(Array.isArray(cutoffs) && cutoffs.length > 0 && cutoffs.every(fits)))
      throw new ArgumentError(`${name}: expected increasing cutoffs from 1 to ${nClasses - 1}, got ${shown(cutoffs)}`)
    super()
    this.inFeatures = inFeatures
    this.nClasses = nClasses
    this.cutoffs = Object.freeze([...cutoffs, nClasses])
    this.divValue = given.divValue ?? 4
    this.headBias = flag(`${name}: headBias`, given.headBias ?? false)
    this.shortlistSize = cutoffs[0]!
    this.nClusters = cutoffs.length
    this.headSize = this.shortlistSize + this.nClusters
    this.head = new Linear(inFeatures, this.headSize, { bias: this.headBias, device, dtype })
    this.tail = new ModuleList<Sequential>()
    for (const [i, start] of cutoffs.entries()) {
      const features = floorDivided(inFeatures, this.divValue ** (i + 1))
      const size = this.cutoffs[i + 1]! - start
      const plain = { bias: false, device, dtype }
      this.tail.append(new Sequential(new Linear(inFeatures, features, plain), new Linear(features, size, plain)))
    }
  }

  /** Draws new parameters. */
  resetParameters(): void {
    for (const module of this.modules()) if (module instanceof Linear) module.resetParameters()
  }

  forward(x: Tensor, target: Tensor): [output: Tensor, loss: Tensor] {
    checkShapes(x, target)
    if (target.ndim === 0) {
      const [output, loss] = this.forward(x.unsqueeze(0), target.unsqueeze(0))
      return [output.squeeze(0), loss]
    }
    const { shortlistSize, tail } = this
    let inCluster = zeros([x.size(0)], { dtype: x.dtype, device: x.device })
    let inHead = zerosLike(target)
    let found = 0
    for (const [i, end] of this.cutoffs.entries()) {
      const start = this.cutoffs[i - 1] ?? 0
      const rows = target.ge(start).logicalAnd(target.lt(end)).nonzero().squeeze(1)
      if (rows.numel() === 0) continue
      found += rows.numel()
      const classes = target.indexSelect(0, rows)
      if (i === 0) {
        inHead = inHead.indexCopy(0, rows, classes)
        continue
      }
      const scores = tail.at(i - 1)!(x.indexSelect(0, rows)).logSoftmax(1)
      inHead = inHead.indexFill(0, rows, shortlistSize + i - 1)
      inCluster = inCluster.indexCopy(0, rows, scores.gather(1, classes.sub(start).unsqueeze(1)).squeeze(1))
    }
    if (found !== target.numel()) {
      const range = `${target.min().item()} to ${target.max().item()}`
      throw new ArgumentError(
        `AdaptiveLogSoftmaxWithLoss: expected classes from 0 to ${this.nClasses - 1}, got some from ${range}`,
      )
    }
    const output = inCluster.add(this.head(x).logSoftmax(1).gather(1, inHead.unsqueeze(1)).squeeze(1))
    return [output, output.neg().mean()]
  }

  #logProb(x: Tensor, head: Tensor): Tensor {
    const scores = head.logSoftmax(1)
    const { shortlistSize } = this
    const clusters = [...this.tail].map((cluster, i) =>
      cluster(x)
        .logSoftmax(1)
        .add(scores.narrow(1, shortlistSize + i, 1)),
    )
    return cat([scores.narrow(1, 0, shortlistSize), ...clusters], 1)
  }

  /** Log probabilities of all classes: (N, nClasses) of (N, inFeatures). PyTorch: log_prob. */
  logProb(x: Tensor): Tensor {
    return this.#logProb(x, this.head(x))
  }

  /** The most probable class of each row, where no cluster is asked in vain: (N) of (N, inFeatures). */
  predict(x: Tensor): Tensor {
    const head = this.head(x)
    const first = head.argmax(1)
    const rows = first.ge(this.shortlistSize).nonzero().squeeze(1)
    if (rows.numel() === 0) return first
    const all = this.#logProb(x.indexSelect(0, rows), head.indexSelect(0, rows))
    return first.indexCopy(0, rows, all.argmax(1))
  }
}

function checkShapes(x: Tensor, target: Tensor): void {
  const fits = target.ndim < 2 && x.ndim === target.ndim + 1 && (target.ndim === 0 || x.size(0) === target.size(0))
  if (fits) return
  throw new ShapeError(
    'AdaptiveLogSoftmaxWithLoss: expected an input (N, inFeatures) and a target (N), or (inFeatures) and (), got ' +
      `[${x.shape.join(', ')}] and [${target.shape.join(', ')}]`,
  )
}

// Losses of margins and of likelihoods as modules: options once, then `criterion(output, target)`.
import { ArgumentError } from '../../errors.ts'
import { atMost, shown, type Tensor } from '../../tensor/index.ts'
import { gaussianNllLoss, klDiv, poissonNllLoss } from '../functional/likelihood-loss.ts'
import {
  type ClassWeightOptions,
  classWeightOptions,
  type GaussianNllLossOptions,
  gaussianNllLossOptions,
  type KlDivOptions,
  klDivOptions,
  type MarginLossOptions,
  type MultiMarginLossOptions,
  marginLossOptions,
  multiMarginLossOptions,
  type PoissonNllLossOptions,
  poissonNllLossOptions,
  type Reduction,
  type ReductionOptions,
  reductionOptions,
  type TripletMarginLossOptions,
  type TripletMarginWithDistanceLossOptions,
  tripletMarginLossOptions,
  tripletMarginWithDistanceLossOptions,
} from '../functional/loss-options.ts'
import {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  marginRankingLoss,
  multilabelMarginLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  softMarginLoss,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from '../functional/margin-loss.ts'
import { Module } from '../module/module.ts'
import { Loss } from './loss.ts'

/** `max(0, -target (x1 - x2) + margin)`. PyTorch: torch.nn.MarginRankingLoss. */
export class MarginRankingLoss extends Loss<[x1: Tensor, x2: Tensor, target: Tensor]> {
  readonly margin: number

  constructor(margin?: number | MarginLossOptions, options?: MarginLossOptions) {
    atMost('MarginRankingLoss', 2, arguments.length)
    const given = marginLossOptions.readFirst('MarginRankingLoss', margin, options)
    super(given)
    this.margin = given.margin ?? 0
  }

  forward(x1: Tensor, x2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this
    return marginRankingLoss(x1, x2, target, { margin, reduction })
  }
}

/** The input where the target is 1, `max(0, margin - input)` where it is -1. PyTorch: torch.nn.HingeEmbeddingLoss. */
export class HingeEmbeddingLoss extends Loss {
  readonly margin: number

  constructor(margin?: number | MarginLossOptions, options?: MarginLossOptions) {
    atMost('HingeEmbeddingLoss', 2, arguments.length)
    const given = marginLossOptions.readFirst('HingeEmbeddingLoss', margin, options)
    super(given)
    this.margin = given.margin ?? 1
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this
    return hingeEmbeddingLoss(input, target, { margin, reduction })
  }
}

/** How far rows are from one direction, or from different ones. PyTorch: torch.nn.CosineEmbeddingLoss. */
export class CosineEmbeddingLoss extends Loss<[x1: Tensor, x2: Tensor, target: Tensor]> {
  readonly margin: number

  constructor(margin?: number | MarginLossOptions, options?: MarginLossOptions) {
    atMost('CosineEmbeddingLoss', 2, arguments.length)
    const given = marginLossOptions.readFirst('CosineEmbeddingLoss', margin, options)
    super(given)
    this.margin = given.margin ?? 0
  }

  forward(x1: Tensor, x2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this
    return cosineEmbeddingLoss(x1, x2, target, { margin, reduction })
  }
}

/** `log(1 + exp(-target input))`. PyTorch: torch.nn.SoftMarginLoss. */
export class SoftMarginLoss extends Loss {
  constructor(reduction?: Reduction | ReductionOptions, options?: ReductionOptions) {
    atMost('SoftMarginLoss', 2, arguments.length)
    const given = reductionOptions.readFirst('SoftMarginLoss', reduction, options)
    super(given)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { reduction } = this
    return softMarginLoss(input, target, { reduction })
  }
}

/** How far classes that are wanted are not 1 above the others. PyTorch: torch.nn.MultiLabelMarginLoss. */
export class MultiLabelMarginLoss extends Loss {
  constructor(reduction?: Reduction | ReductionOptions, options?: ReductionOptions) {
    atMost('MultiLabelMarginLoss', 2, arguments.length)
    const given = reductionOptions.readFirst('MultiLabelMarginLoss', reduction, options)
    super(given)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { reduction } = this
    return multilabelMarginLoss(input, target, { reduction })
  }
}

/** How far the negative is not `margin` further away than the positive. PyTorch: torch.nn.TripletMarginLoss. */
export class TripletMarginLoss extends Loss<[anchor: Tensor, positive: Tensor, negative: Tensor]> {
  readonly margin: number
  readonly p: number
  readonly eps: number
  readonly swap: boolean

  constructor(margin?: number | TripletMarginLossOptions, options?: TripletMarginLossOptions) {
    atMost('TripletMarginLoss', 2, arguments.length)
    const given = tripletMarginLossOptions.readFirst('TripletMarginLoss', margin, options)
    super(given)
    this.margin = given.margin ?? 1
    this.p = given.p ?? 2
    this.eps = given.eps ?? 1e-6
    this.swap = given.swap ?? false
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this
    return tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction })
  }
}

/** The same with a distance of one's own. PyTorch: torch.nn.TripletMarginWithDistanceLoss. */
export class TripletMarginWithDistanceLoss extends Loss<[anchor: Tensor, positive: Tensor, negative: Tensor]> {
  readonly distanceFunction: ((a: Tensor, b: Tensor) => Tensor) | null
  readonly margin: number
  readonly swap: boolean

  constructor(options?: TripletMarginWithDistanceLossOptions) {
    atMost('TripletMarginWithDistanceLoss', 1, arguments.length)
    const given = tripletMarginWithDistanceLossOptions.read('TripletMarginWithDistanceLoss', options)
    super(given)
    this.distanceFunction = given.distanceFunction ?? null
    this.margin = given.margin ?? 1
    this.swap = given.swap ?? false
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction, margin, swap, reduction } = this
    return tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction })
  }
}

/** Negative log likelihood under normal distributions. PyTorch: torch.nn.GaussianNLLLoss. */
export class GaussianNLLLoss extends Loss<[input: Tensor, target: Tensor, variance: Tensor | number]> {
  readonly full: boolean
  readonly eps: number

  constructor(options?: GaussianNllLossOptions) {
    atMost('GaussianNLLLoss', 1, arguments.length)
    const given = gaussianNllLossOptions.read('GaussianNLLLoss', options)
    super(given)
    this.full = given.full ?? false
    this.eps = given.eps ?? 1e-6
  }

  forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    const { full, eps, reduction } = this
    return gaussianNllLoss(input, target, variance, { full, eps, reduction })
  }
}

/** Negative log likelihood under Poisson distributions. PyTorch: torch.nn.PoissonNLLLoss. */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean
  readonly full: boolean
  readonly eps: number

  constructor(logInput?: boolean | PoissonNllLossOptions, options?: PoissonNllLossOptions) {
    atMost('PoissonNLLLoss', 2, arguments.length)
    const given = poissonNllLossOptions.readFirst('PoissonNLLLoss', logInput, options)
    super(given)
    this.logInput = given.logInput ?? true
    this.full = given.full ?? false
    this.eps = given.eps ?? 1e-8
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this
    return poissonNllLoss(input, target, { logInput, full, eps, reduction })
  }
}

/** Losses with a weight of each class, which is a buffer, so it is saved. */
abstract class ClassLoss extends Loss {
  declare readonly weight: Tensor | null

  constructor(given: ClassWeightOptions) {
    super(given)
    this.registerBuffer('weight', given.weight ?? null)
  }
}

/** Cross entropy of each class of scores (N, C) and targets 0 or 1. PyTorch: torch.nn.MultiLabelSoftMarginLoss. */
export class MultiLabelSoftMarginLoss extends ClassLoss {
  constructor(weight?: Tensor | null | ClassWeightOptions, options?: ClassWeightOptions) {
    atMost('MultiLabelSoftMarginLoss', 2, arguments.length)
    super(classWeightOptions.readFirst('MultiLabelSoftMarginLoss', weight, options))
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this
    return multilabelSoftMarginLoss(input, target, { weight, reduction })
  }
}

/**
 * How far the score of the class is not `margin` above each other score. PyTorch: torch.nn.MultiMarginLoss.
 * @throws ArgumentError unless p is 1 or 2
 */
export class MultiMarginLoss extends ClassLoss {
  readonly p: 1 | 2
  readonly margin: number

  constructor(p?: 1 | 2 | MultiMarginLossOptions, options?: MultiMarginLossOptions) {
    atMost('MultiMarginLoss', 2, arguments.length)
    const given = multiMarginLossOptions.readFirst('MultiMarginLoss', p, options)
    super(given)
    this.p = given.p ?? 1
    this.margin = given.margin ?? 1
    if (this.p !== 1 && this.p !== 2) throw new ArgumentError(`MultiMarginLoss: p must be 1 or 2, got ${shown(this.p)}`)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this
    return multiMarginLoss(input, target, { p, margin, weight, reduction })
  }
}

/** Kullback-Leibler divergence of the target from logarithms. PyTorch: torch.nn.KLDivLoss. */
export class KLDivLoss extends Module<[input: Tensor, target: Tensor]> {
  readonly reduction: Reduction | 'batchmean'
  readonly logTarget: boolean

  constructor(reduction?: Reduction | 'batchmean' | KlDivOptions, options?: KlDivOptions) {
    atMost('KLDivLoss', 2, arguments.length)
    super()
    const given = klDivOptions.readFirst('KLDivLoss', reduction, options)
    this.reduction = given.reduction ?? 'mean'
    this.logTarget = given.logTarget ?? false
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, logTarget } = this
    return klDiv(input, target, { reduction, logTarget })
  }
}

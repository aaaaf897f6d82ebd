// The options of losses, of functions and of modules.
import { Options, type Tensor } from '../../tensor/index.ts'

/** How the losses of the samples become the result. */
export type Reduction = 'none' | 'mean' | 'sum'

/** Options of `nllLoss`. */
export interface ClassificationLossOptions {
  /** (C) weight of each class. */
  weight?: Tensor | null
  /** Target value that does not count, default -100. */
  ignoreIndex?: number
  /** Default `'mean'`. */
  reduction?: Reduction
}

/** @internal */
export const classificationLossOptions = new Options<ClassificationLossOptions>({
  weight: true,
  ignoreIndex: true,
  reduction: true,
})

/** Options of `crossEntropy`. */
export interface CrossEntropyLossOptions extends ClassificationLossOptions {
  /** How much of the target is spread evenly over all classes, from 0, the default, to 1. */
  labelSmoothing?: number
}

/** @internal */
export const crossEntropyLossOptions = new Options<CrossEntropyLossOptions>({
  weight: true,
  ignoreIndex: true,
  reduction: true,
  labelSmoothing: true,
})

/** Options of `mseLoss` and `l1Loss`. */
export interface WeightedLossOptions {
  /** Default `'mean'`; with weights it divides by their sum. */
  reduction?: Reduction
  /** A weight for each element, of input's shape. */
  weight?: Tensor | null
}

/** @internal */
export const weightedLossOptions = new Options<WeightedLossOptions>({ reduction: true, weight: true })

/** Options of the losses `MSELoss` and `L1Loss`. */
export interface ReductionOptions {
  /** Default `'mean'`. */
  reduction?: Reduction
}

/** @internal */
export const reductionOptions = new Options<ReductionOptions>({ reduction: true })

/** Options of `smoothL1Loss`. */
export interface SmoothL1LossOptions extends ReductionOptions {
  /** Where the square ends and the straight line begins, default 1; 0 is `l1Loss`. */
  beta?: number
}

/** @internal */
export const smoothL1LossOptions = new Options<SmoothL1LossOptions>({ reduction: true, beta: true })

/** Options of the loss `HuberLoss`. */
export interface HuberLossLayerOptions extends ReductionOptions {
  /** Where the square ends and the straight line begins, default 1. */
  delta?: number
}

/** @internal */
export const huberLossLayerOptions = new Options<HuberLossLayerOptions>({ reduction: true, delta: true })

/** Options of `huberLoss`. */
export interface HuberLossOptions extends HuberLossLayerOptions {
  /** A weight for each element, of input's shape; the mean does not divide by their sum. */
  weight?: Tensor | null
}

/** @internal */
export const huberLossOptions = new Options<HuberLossOptions>({ reduction: true, delta: true, weight: true })

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions {
  /** Weights that broadcast to the losses. */
  weight?: Tensor | null
  /** Default `'mean'`, over all elements, whatever their weights. */
  reduction?: Reduction
}

/** @internal */
export const binaryCrossEntropyOptions = new Options<BinaryCrossEntropyOptions>({ weight: true, reduction: true })

/** Options of `binaryCrossEntropyWithLogits`. */
export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** How much more a target of 1 counts than one of 0; broadcasts to the losses. */
  posWeight?: Tensor | null
}

/** @internal */
export const binaryCrossEntropyWithLogitsOptions = new Options<BinaryCrossEntropyWithLogitsOptions>({
  weight: true,
  reduction: true,
  posWeight: true,
})

/** Options of `marginRankingLoss`, `hingeEmbeddingLoss` and `cosineEmbeddingLoss`. */
export interface MarginLossOptions extends ReductionOptions {
  /** How far apart is far enough: default 1 for `hingeEmbeddingLoss`, else 0. */
  margin?: number
}

/** @internal */
export const marginLossOptions = new Options<MarginLossOptions>({ margin: true, reduction: true })

/** Options of `multilabelSoftMarginLoss`. */
export interface ClassWeightOptions extends ReductionOptions {
  /** (C) weight of each class. */
  weight?: Tensor | null
}

/** @internal */
export const classWeightOptions = new Options<ClassWeightOptions>({ weight: true, reduction: true })

/** Options of `multiMarginLoss`. */
export interface MultiMarginLossOptions extends ClassWeightOptions {
  /** Power of the differences, 1, the default, or 2. */
  p?: 1 | 2
  /** Default 1. */
  margin?: number
}

/** @internal */
export const multiMarginLossOptions = new Options<MultiMarginLossOptions>({
  p: true,
  margin: true,
  weight: true,
  reduction: true,
})

/** Options of `tripletMarginLoss`. */
export interface TripletMarginLossOptions extends ReductionOptions {
  /** How much further the negative has to be than the positive, default 1. */
  margin?: number
  /** Of the norm, default 2. */
  p?: number
  /** Added to each difference, default 1e-6. */
  eps?: number
  /** Take the negative's distance to the positive where that is smaller; default false. */
  swap?: boolean
}

/** @internal */
export const tripletMarginLossOptions = new Options<TripletMarginLossOptions>({
  margin: true,
  p: true,
  eps: true,
  swap: true,
  reduction: true,
})

/** Options of `tripletMarginWithDistanceLoss`. */
export interface TripletMarginWithDistanceLossOptions extends ReductionOptions {
  /** Default `pairwiseDistance`. */
  distanceFunction?: ((a: Tensor, b: Tensor) => Tensor) | null
  /** How much further the negative has to be than the positive, default 1. */
  margin?: number
  /** Take the negative's distance to the positive where that is smaller; default false. */
  swap?: boolean
}

/** @internal */
export const tripletMarginWithDistanceLossOptions = new Options<TripletMarginWithDistanceLossOptions>({
  distanceFunction: true,
  margin: true,
  swap: true,
  reduction: true,
})

/** Options of `gaussianNllLoss`. */
export interface GaussianNllLossOptions extends ReductionOptions {
  /** With the term that does not depend on the input; default false. */
  full?: boolean
  /** Variances are taken to be at least this, default 1e-6. */
  eps?: number
}

/** @internal */
export const gaussianNllLossOptions = new Options<GaussianNllLossOptions>({ full: true, eps: true, reduction: true })

/** Options of `poissonNllLoss`. */
export interface PoissonNllLossOptions extends ReductionOptions {
  /** Whether the input is the logarithm of the rate, default true. */
  logInput?: boolean
  /** With Stirling's approximation of the term that does not depend on the input; default false. */
  full?: boolean
  /** Added to a rate before its logarithm is taken, default 1e-8. */
  eps?: number
}

/** @internal */
export const poissonNllLossOptions = new Options<PoissonNllLossOptions>({
  logInput: true,
  full: true,
  eps: true,
  reduction: true,
})

/** Options of `klDiv`. */
export interface KlDivOptions {
  /** Default `'mean'`, over all elements; `'batchmean'`, over samples, is the divergence by definition. */
  reduction?: Reduction | 'batchmean'
  /** Whether the target is given as logarithms; default false. */
  logTarget?: boolean
}

/** @internal */
export const klDivOptions = new Options<KlDivOptions>({ reduction: true, logTarget: true })

/** Options of `ctcLoss`. */
export interface CtcLossOptions extends ReductionOptions {
  /** The class that stands for no label, default 0. */
  blank?: number
  /** Whether what cannot be spelled in so many steps costs 0, default false: it costs infinity. */
  zeroInfinity?: boolean
}

/** @internal */
export const ctcLossOptions = new Options<CtcLossOptions>({ blank: true, reduction: true, zeroInfinity: true })

/** Options of `linearCrossEntropy`. */
export interface LinearCrossEntropyOptions {
  /** (C, …) */
  linearBias?: Tensor | null
  /** (C) weight of each class. */
  weight?: Tensor | null
  /** Default `'mean'`. */
  reduction?: Reduction
  /** Target value that does not count; of classes -100 by default. */
  ignoreIndex?: number | null
  /** How much of the target is spread evenly over all classes, from 0, the default, to 1. */
  labelSmoothing?: number
}

/** @internal */
export const linearCrossEntropyOptions = new Options<LinearCrossEntropyOptions>({
  linearBias: true,
  weight: true,
  reduction: true,
  ignoreIndex: true,
  labelSmoothing: true,
})

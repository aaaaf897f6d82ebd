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

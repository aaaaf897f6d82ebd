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

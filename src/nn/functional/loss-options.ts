// The options of losses, of functions and of modules.
import { Options, type Tensor } from '../../tensor/index.ts'

/** How the losses of the samples become the result. */
export type Reduction = 'none' | 'mean' | 'sum'

/** Options of `nllLoss` and `crossEntropy`. */
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

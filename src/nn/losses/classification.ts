// Losses as modules: options once, then `criterion(output, target)`. A class weight is a buffer, so it is saved.
import { UnsupportedError } from '../../errors.ts'
import { firstOption, type Tensor } from '../../tensor/index.ts'
import { type ClassificationLossOptions, crossEntropy, nllLoss, type Reduction } from '../functional/index.ts'
import { Module } from '../module/module.ts'

/** Options of `CrossEntropyLoss`. */
export interface CrossEntropyLossOptions extends ClassificationLossOptions {
  /** Only 0 is implemented. */
  labelSmoothing?: number
}

abstract class ClassificationLoss extends Module<[input: Tensor, target: Tensor]> {
  declare readonly weight: Tensor | null
  readonly ignoreIndex: number
  readonly reduction: Reduction

  constructor(weight?: Tensor | null | ClassificationLossOptions, options?: ClassificationLossOptions) {
    super()
    const given = firstOption('weight', weight, options)
    this.registerBuffer('weight', given.weight ?? null)
    this.ignoreIndex = given.ignoreIndex ?? -100
    this.reduction = given.reduction ?? 'mean'
  }

  protected get options(): ClassificationLossOptions {
    const { weight, ignoreIndex, reduction } = this
    return { weight, ignoreIndex, reduction }
  }
}

/**
 * Negative log likelihood of log probabilities (N, C) and classes (N). PyTorch: torch.nn.NLLLoss.
 * @throws ShapeError when the sizes do not fit, DTypeError unless the target is int64, IndexError for a class out of
 * range
 */
export class NLLLoss extends ClassificationLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return nllLoss(input, target, this.options)
  }
}

/**
 * Cross entropy of scores (N, C) and classes (N), softmax included. PyTorch: torch.nn.CrossEntropyLoss.
 * @throws ShapeError when the sizes do not fit, DTypeError unless the target is int64, IndexError for a class out of
 * range
 * @example new nn.CrossEntropyLoss()(model(images), labels).backward()
 */
export class CrossEntropyLoss extends ClassificationLoss {
  constructor(weight?: Tensor | null | CrossEntropyLossOptions, options?: CrossEntropyLossOptions) {
    super(weight, options)
    const { labelSmoothing = 0 } = firstOption('weight', weight, options)
    if (labelSmoothing !== 0) throw new UnsupportedError('CrossEntropyLoss: labelSmoothing is not implemented')
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, this.options)
  }
}

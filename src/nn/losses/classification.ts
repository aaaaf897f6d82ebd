// Losses as modules: options once, then `criterion(output, target)`. A class weight is a buffer, so it is saved.
import { UnsupportedError } from '../../errors.ts'
import { atMost, Options, type Tensor } from '../../tensor/index.ts'
import { type ClassificationLossOptions, crossEntropy, nllLoss, type Reduction } from '../functional/index.ts'
import { classificationLossOptions } from '../functional/loss-options.ts'
import { Module } from '../module/module.ts'

/** Options of `CrossEntropyLoss`. */
export interface CrossEntropyLossOptions extends ClassificationLossOptions {
  /** Only 0 is implemented. */
  labelSmoothing?: number
}

const crossEntropyOptions = new Options<CrossEntropyLossOptions>({
  weight: true,
  ignoreIndex: true,
  reduction: true,
  labelSmoothing: true,
})

abstract class ClassificationLoss extends Module<[input: Tensor, target: Tensor]> {
  declare readonly weight: Tensor | null
  readonly ignoreIndex: number
  readonly reduction: Reduction

  constructor(given: ClassificationLossOptions) {
    super()
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
  constructor(weight?: Tensor | null | ClassificationLossOptions, options?: ClassificationLossOptions) {
    atMost('NLLLoss', 2, arguments.length)
    super(classificationLossOptions.readFirst('NLLLoss', weight, options))
  }

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
    atMost('CrossEntropyLoss', 2, arguments.length)
    const given = crossEntropyOptions.readFirst('CrossEntropyLoss', weight, options)
    super(given)
    const { labelSmoothing = 0 } = given
    if (labelSmoothing !== 0) throw new UnsupportedError('CrossEntropyLoss: labelSmoothing is not implemented')
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, this.options)
  }
}

// Losses as modules: options once, then `criterion(output, target)`. A class weight is a buffer, so it is saved.
import { atMost, type Tensor } from '../../tensor/index.ts'
import { type ClassificationLossOptions, crossEntropy, nllLoss } from '../functional/index.ts'
import {
  type CrossEntropyLossOptions,
  classificationLossOptions,
  crossEntropyLossOptions,
} from '../functional/loss-options.ts'
import { Loss } from './loss.ts'

abstract class ClassificationLoss extends Loss {
  declare readonly weight: Tensor | null
  readonly ignoreIndex: number

  constructor(given: ClassificationLossOptions) {
    super(given)
    this.registerBuffer('weight', given.weight ?? null)
    this.ignoreIndex = given.ignoreIndex ?? -100
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
 * Cross entropy of scores (N, C), softmax included, with classes (N) or their probabilities (N, C). PyTorch:
 * torch.nn.CrossEntropyLoss.
 * @throws ShapeError when the sizes do not fit, DTypeError unless the target is int64, IndexError for a class out of
 * range
 * @example new nn.CrossEntropyLoss()(model(images), labels).backward()
 */
export class CrossEntropyLoss extends ClassificationLoss {
  readonly labelSmoothing: number

  constructor(weight?: Tensor | null | CrossEntropyLossOptions, options?: CrossEntropyLossOptions) {
    atMost('CrossEntropyLoss', 2, arguments.length)
    const given = crossEntropyLossOptions.readFirst('CrossEntropyLoss', weight, options)
    super(given)
    this.labelSmoothing = given.labelSmoothing ?? 0
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, { ...this.options, labelSmoothing: this.labelSmoothing })
  }
}

// Losses for classification, functions only. Targets are int64 classes or probabilities of classes; `ignoreIndex` marks
// samples that do not count, and the mean is over the others (over their weights, if there are weights).
import { native } from '../../native/load.ts'
import { atMost, handleOf, optional, type Tensor, wrap } from '../../tensor/index.ts'
import {
  type ClassificationLossOptions,
  type CrossEntropyLossOptions,
  classificationLossOptions,
  crossEntropyLossOptions,
  type Reduction,
} from './loss-options.ts'

export type { ClassificationLossOptions, CrossEntropyLossOptions, Reduction }

/**
 * Negative log likelihood of log probabilities (N, C) and classes (N). PyTorch: torch.nn.functional.nll_loss.
 * @throws ShapeError when the sizes do not fit, DTypeError unless the target is int64, IndexError for a class out of
 * range
 */
export function nllLoss(
  x: Tensor,
  target: Tensor,
  weight?: Tensor | null | ClassificationLossOptions,
  options?: ClassificationLossOptions,
): Tensor {
  atMost('nllLoss', 4, arguments.length)
  const given = classificationLossOptions.readFirst('nllLoss', weight, options)
  const [reduction, ignoreIndex] = [given.reduction ?? 'mean', given.ignoreIndex ?? -100]
  const [handle, classes] = [handleOf('nllLoss', x), handleOf('nllLoss', target)]
  return wrap(native.nllLoss(handle, classes, optional('nllLoss', given.weight), reduction, ignoreIndex))
}

/**
 * Cross entropy of scores (N, C), softmax included, with classes (N) or their probabilities (N, C). PyTorch:
 * torch.nn.functional.cross_entropy.
 * @throws ShapeError when the sizes do not fit, DTypeError unless the target is int64, IndexError for a class out of
 * range, ArgumentError for a labelSmoothing that is not from 0 to 1
 * @example crossEntropy(model(images), labels).backward()
 */
export function crossEntropy(
  x: Tensor,
  target: Tensor,
  weight?: Tensor | null | CrossEntropyLossOptions,
  options?: CrossEntropyLossOptions,
): Tensor {
  atMost('crossEntropy', 4, arguments.length)
  const given = crossEntropyLossOptions.readFirst('crossEntropy', weight, options)
  const [reduction, ignoreIndex] = [given.reduction ?? 'mean', given.ignoreIndex ?? -100]
  const [handle, goal] = [handleOf('crossEntropy', x), handleOf('crossEntropy', target)]
  const classWeight = optional('crossEntropy', given.weight)
  return wrap(native.crossEntropy(handle, goal, classWeight, reduction, ignoreIndex, given.labelSmoothing ?? 0))
}

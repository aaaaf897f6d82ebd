// Losses for classification, functions only. Targets are int64 classes; `ignoreIndex` marks samples that do not count,
// and the mean is over the others (over their weights, if there are weights).
import { native } from '../../native/load.ts'
import { atMost, handleOf, optional, type Tensor, wrap } from '../../tensor/index.ts'
import { type ClassificationLossOptions, classificationLossOptions, type Reduction } from './loss-options.ts'

export type { ClassificationLossOptions, Reduction }

function classification(
  name: 'nllLoss' | 'crossEntropy',
  x: Tensor,
  target: Tensor,
  weight?: Tensor | null | ClassificationLossOptions,
  options?: ClassificationLossOptions,
): Tensor {
  const given = classificationLossOptions.readFirst(name, weight, options)
  const classWeight = optional(name, given.weight)
  const [reduction, ignoreIndex] = [given.reduction ?? 'mean', given.ignoreIndex ?? -100]
  return wrap(native[name](handleOf(name, x), handleOf(name, target), classWeight, reduction, ignoreIndex))
}

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
  return classification('nllLoss', x, target, weight, options)
}

/**
 * Cross entropy of scores (N, C) and classes (N), softmax included. PyTorch: torch.nn.functional.cross_entropy.
 * @throws ShapeError when the sizes do not fit, DTypeError unless the target is int64, IndexError for a class out of
 * range
 * @example crossEntropy(model(images), labels).backward()
 */
export function crossEntropy(
  x: Tensor,
  target: Tensor,
  weight?: Tensor | null | ClassificationLossOptions,
  options?: ClassificationLossOptions,
): Tensor {
  atMost('crossEntropy', 4, arguments.length)
  return classification('crossEntropy', x, target, weight, options)
}

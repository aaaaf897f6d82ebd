// Losses for classification, functions only. Targets are int64 classes or probabilities of classes; `ignoreIndex` marks
// samples that do not count, and the mean is over the others (over their weights, if there are weights).
import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { atMost, checked, handleOf, named, optional, type Tensor, wrap } from '../../tensor/index.ts'
import {
  type ClassificationLossOptions,
  type CrossEntropyLossOptions,
  classificationLossOptions,
  crossEntropyLossOptions,
  type LinearCrossEntropyOptions,
  linearCrossEntropyOptions,
  type Reduction,
} from './loss-options.ts'
import { linear } from './matmul.ts'

export type { ClassificationLossOptions, CrossEntropyLossOptions, LinearCrossEntropyOptions, Reduction }

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

/**
 * Cross entropy of `linear(input, linearWeight, linearBias)`: input (N, in) or (in), weight (C, in), or (C, …, in) for
 * targets of more dimensions. PyTorch: torch.nn.functional.linear_cross_entropy.
 * @throws ShapeError when the sizes do not fit, and what `crossEntropy` throws
 */
export function linearCrossEntropy(
  x: Tensor,
  linearWeight: Tensor,
  target: Tensor,
  linearBias?: Tensor | null | LinearCrossEntropyOptions,
  options?: LinearCrossEntropyOptions,
): Tensor {
  const op = 'linearCrossEntropy'
  atMost('linearCrossEntropy', 5, arguments.length)
  const given = linearCrossEntropyOptions.readFirst(op, linearBias, options)
  for (const one of [x, linearWeight, target]) checked(op, one)
  if (given.linearBias != null) checked(op, given.linearBias)
  const [classes, ...others] = linearWeight.shape.slice(0, -1)
  const batch = x.shape.slice(0, -1)
  const show = (shape: readonly number[]) => `[${shape.join(', ')}]`
  if (x.ndim < 1 || x.ndim > 2 || linearWeight.ndim < 2 || x.size(-1) !== linearWeight.size(-1))
    throw new ShapeError(
      `${op}: expected input [N, in] or [in] and linearWeight [C, …, in], got ${show(x.shape)} and ${show(linearWeight.shape)}`,
    )
  if (others.length > 0 && batch.length === 0)
    throw new ShapeError(`${op}: linearWeight ${show(linearWeight.shape)} is for a batch, got input ${show(x.shape)}`)
  const bias = given.linearBias ?? null
  if (bias !== null && String(bias.shape) !== String([classes, ...others]))
    throw new ShapeError(`${op}: expected linearBias ${show([classes!, ...others])}, got ${show(bias.shape)}`)
  const sizes = [...batch, classes!, ...others]
  const { weight, reduction, ignoreIndex = null, labelSmoothing } = given
  if (ignoreIndex !== null && String(target.shape) === String(sizes))
    throw new ArgumentError(`${op}: ignoreIndex does not go with class probabilities`)
  return named(op, () => {
    const scores = linear(x, linearWeight.reshape([-1, linearWeight.size(-1)]), bias?.reshape([-1]))
    return crossEntropy(scores.reshape(sizes), target, {
      ...{ weight, reduction, labelSmoothing, ignoreIndex: ignoreIndex ?? -100 },
    })
  })
}

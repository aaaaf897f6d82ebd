// Losses of pairs of elements, input and target, functions only. Differences broadcast, with PyTorch's warning, because
// a column beside a row is seldom meant; cross entropies take nothing but equal shapes. Target has a gradient too.
import type { Handle } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { atMost, handleOf, optional, type Tensor, wrap } from '../../tensor/index.ts'
import {
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropyOptions,
  binaryCrossEntropyWithLogitsOptions,
  type HuberLossOptions,
  huberLossOptions,
  type Reduction,
  type SmoothL1LossOptions,
  smoothL1LossOptions,
  type WeightedLossOptions,
  weightedLossOptions,
} from './loss-options.ts'

const warned = new Set<string>()

/** The loss, with a warning of shapes that differ, once for each function. */
function compared(op: string, x: Tensor, target: Tensor, loss: Handle): Tensor {
  const [a, b] = [x.shape, target.shape]
  if (warned.has(op) || (a.length === b.length && a.every((size, i) => size === b[i]))) return wrap(loss)
  warned.add(op)
  const text = `${op}: target [${b.join(', ')}] broadcasts to input [${a.join(', ')}], which is likely to give a wrong \
result; give them the same shape`
  process.emitWarning(text, { code: 'DTRAIN_LOSS_SHAPES' })
  return wrap(loss)
}

/**
 * Mean of the squares of input - target. PyTorch: torch.nn.functional.mse_loss.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for integers
 * @example mseLoss(model(x), y).backward()
 */
export function mseLoss(
  x: Tensor,
  target: Tensor,
  reduction?: Reduction | WeightedLossOptions,
  options?: WeightedLossOptions,
): Tensor {
  atMost('mseLoss', 4, arguments.length)
  const given = weightedLossOptions.readFirst('mseLoss', reduction, options)
  const [input, goal] = [handleOf('mseLoss', x), handleOf('mseLoss', target)]
  return compared(
    'mseLoss',
    x,
    target,
    native.mseLoss(input, goal, given.reduction ?? 'mean', optional('mseLoss', given.weight)),
  )
}

/**
 * Mean of the absolute values of input - target. PyTorch: torch.nn.functional.l1_loss.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for a mean of integers
 * @example l1Loss(model(x), y).backward()
 */
export function l1Loss(
  x: Tensor,
  target: Tensor,
  reduction?: Reduction | WeightedLossOptions,
  options?: WeightedLossOptions,
): Tensor {
  atMost('l1Loss', 4, arguments.length)
  const given = weightedLossOptions.readFirst('l1Loss', reduction, options)
  const [input, goal] = [handleOf('l1Loss', x), handleOf('l1Loss', target)]
  const weight = optional('l1Loss', given.weight)
  return compared('l1Loss', x, target, native.l1Loss(input, goal, given.reduction ?? 'mean', weight))
}

/**
 * Squares of small differences, and the absolute values of those from `beta` on. PyTorch:
 * torch.nn.functional.smooth_l1_loss.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for integers, ArgumentError for a negative beta
 * @example smoothL1Loss(model(x), y, { beta: 0.5 })
 */
export function smoothL1Loss(
  x: Tensor,
  target: Tensor,
  reduction?: Reduction | SmoothL1LossOptions,
  options?: SmoothL1LossOptions,
): Tensor {
  atMost('smoothL1Loss', 4, arguments.length)
  const given = smoothL1LossOptions.readFirst('smoothL1Loss', reduction, options)
  const [input, goal] = [handleOf('smoothL1Loss', x), handleOf('smoothL1Loss', target)]
  return compared(
    'smoothL1Loss',
    x,
    target,
    native.smoothL1Loss(input, goal, given.reduction ?? 'mean', given.beta ?? 1),
  )
}

/**
 * Squares of small differences, and `delta` times the absolute values of those from `delta` on. PyTorch:
 * torch.nn.functional.huber_loss.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for integers, ArgumentError unless delta is positive
 * @example huberLoss(model(x), y, { delta: 0.5 })
 */
export function huberLoss(
  x: Tensor,
  target: Tensor,
  reduction?: Reduction | HuberLossOptions,
  options?: HuberLossOptions,
): Tensor {
  atMost('huberLoss', 4, arguments.length)
  const given = huberLossOptions.readFirst('huberLoss', reduction, options)
  const [input, goal] = [handleOf('huberLoss', x), handleOf('huberLoss', target)]
  const weight = optional('huberLoss', given.weight)
  return compared(
    'huberLoss',
    x,
    target,
    native.huberLoss(input, goal, given.reduction ?? 'mean', given.delta ?? 1, weight),
  )
}

/**
 * Cross entropy of probabilities with targets from 0 to 1; no logarithm is below -100. PyTorch:
 * torch.nn.functional.binary_cross_entropy.
 * @throws ShapeError when the shapes differ, DTypeError when the dtypes do, ArgumentError for elements outside [0, 1]
 * on the CPU (a GPU gives NaN)
 * @example binaryCrossEntropy(model(x).sigmoid(), y)
 */
export function binaryCrossEntropy(
  x: Tensor,
  target: Tensor,
  weight?: Tensor | null | BinaryCrossEntropyOptions,
  options?: BinaryCrossEntropyOptions,
): Tensor {
  atMost('binaryCrossEntropy', 4, arguments.length)
  const given = binaryCrossEntropyOptions.readFirst('binaryCrossEntropy', weight, options)
  const [input, goal] = [handleOf('binaryCrossEntropy', x), handleOf('binaryCrossEntropy', target)]
  const weights = optional('binaryCrossEntropy', given.weight)
  return wrap(native.binaryCrossEntropy(input, goal, weights, given.reduction ?? 'mean'))
}

/**
 * Cross entropy of scores, sigmoid included, with targets from 0 to 1. PyTorch:
 * torch.nn.functional.binary_cross_entropy_with_logits.
 * @throws ShapeError when the shapes differ, DTypeError for integers
 * @example binaryCrossEntropyWithLogits(model(x), y, { posWeight: tensor([3]) })
 */
export function binaryCrossEntropyWithLogits(
  x: Tensor,
  target: Tensor,
  weight?: Tensor | null | BinaryCrossEntropyWithLogitsOptions,
  options?: BinaryCrossEntropyWithLogitsOptions,
): Tensor {
  const op = 'binaryCrossEntropyWithLogits'
  atMost('binaryCrossEntropyWithLogits', 4, arguments.length)
  const given = binaryCrossEntropyWithLogitsOptions.readFirst(op, weight, options)
  const [weights, posWeight] = [optional(op, given.weight), optional(op, given.posWeight)]
  const reduction = given.reduction ?? 'mean'
  return wrap(native.binaryCrossEntropyWithLogits(handleOf(op, x), handleOf(op, target), weights, reduction, posWeight))
}

// Losses that are 0 once something is a margin away from something else, functions only. They are made of other ops.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { arange, atMost, checked, flag, isFloatingPoint, shown, type Tensor, where } from '../../tensor/index.ts'
import { logsigmoid } from './activation.ts'
import { type PairwiseDistanceOptions, pairwiseDistance } from './distance.ts'
import {
  type ClassWeightOptions,
  classWeightOptions,
  type MarginLossOptions,
  type MultiMarginLossOptions,
  marginLossOptions,
  multiMarginLossOptions,
  type Reduction,
  type ReductionOptions,
  reductionOptions,
  type TripletMarginLossOptions,
  type TripletMarginWithDistanceLossOptions,
  tripletMarginLossOptions,
  tripletMarginWithDistanceLossOptions,
} from './loss-options.ts'
import { reduced } from './reduced.ts'

/** `max(0, -target (x1 - x2) + margin)`. PyTorch: torch.nn.functional.margin_ranking_loss. @throws ShapeError */
export function marginRankingLoss(
  x1: Tensor,
  x2: Tensor,
  target: Tensor,
  margin?: number | MarginLossOptions,
  options?: MarginLossOptions,
): Tensor {
  const op = 'marginRankingLoss'
  atMost('marginRankingLoss', 5, arguments.length)
  const given = marginLossOptions.readFirst(op, margin, options)
  sameDims(op, x1, x2, target)
  const distances = target.neg().mul(x1.sub(x2))
  const real = isFloatingPoint(distances.dtype) ? distances : distances.to('float32')
  return reduced(op, real.add(given.margin ?? 0).clampMin(0), given.reduction)
}

function sameDims(op: string, ...tensors: Tensor[]): void {
  for (const x of tensors) checked(op, x)
  const dims = tensors.map(x => x.dim())
  if (new Set(dims).size > 1) throw new ShapeError(`${op}: expected as many dimensions each, got ${dims.join(', ')}`)
}

/**
 * x where the target is 1, `max(0, margin - x)` where it is -1. PyTorch: torch.nn.functional.hinge_embedding_loss.
 */
export function hingeEmbeddingLoss(
  x: Tensor,
  target: Tensor,
  margin?: number | MarginLossOptions,
  options?: MarginLossOptions,
): Tensor {
  const op = 'hingeEmbeddingLoss'
  atMost('hingeEmbeddingLoss', 4, arguments.length)
  const given = marginLossOptions.readFirst(op, margin, options)
  for (const one of [x, target]) checked(op, one)
  const apart = where(
    target.ne(1),
    x
      .neg()
      .add(given.margin ?? 1)
      .clampMin(0),
    0,
  )
  return reduced(op, apart.add(where(target.ne(-1), x, 0)), given.reduction)
}

/**
 * Of rows x1 and x2 (N, D), or two vectors, with the cosine c of their angle: `1 - c` where the target is 1,
 * `max(0, c - margin)` where it is -1. PyTorch: torch.nn.functional.cosine_embedding_loss.
 * @throws ShapeError unless the target has one dimension less
 */
export function cosineEmbeddingLoss(
  x1: Tensor,
  x2: Tensor,
  target: Tensor,
  margin?: number | MarginLossOptions,
  options?: MarginLossOptions,
): Tensor {
  const op = 'cosineEmbeddingLoss'
  atMost('cosineEmbeddingLoss', 5, arguments.length)
  const given = marginLossOptions.readFirst(op, margin, options)
  sameDims(op, x1, x2)
  const along = checked(op, target).dim()
  if (along > 1 || x1.dim() !== along + 1)
    throw new ShapeError(`${op}: expected rows (N, D) and N targets, or vectors and one, got ${shapes(x1, target)}`)
  const eps = 1e-12
  const squares = (x: Tensor) => x.mul(x).sum(along).add(eps)
  const cosines = x1
    .mul(x2)
    .sum(along)
    .div(squares(x1).mul(squares(x2)).sqrt())
  const close = where(target.eq(1), cosines.neg().add(1), 0)
  const apart = where(target.eq(-1), cosines.sub(given.margin ?? 0).clampMin(0), 0)
  return reduced(op, close.add(apart), given.reduction)
}

const shapes = (...tensors: Tensor[]) => tensors.map(x => `[${x.shape.join(', ')}]`).join(' and ')

/** `log(1 + exp(-target x))`, targets 1 and -1. PyTorch: torch.nn.functional.soft_margin_loss. */
export function softMarginLoss(
  x: Tensor,
  target: Tensor,
  reduction?: Reduction | ReductionOptions,
  options?: ReductionOptions,
): Tensor {
  const op = 'softMarginLoss'
  atMost('softMarginLoss', 4, arguments.length)
  const given = reductionOptions.readFirst(op, reduction, options)
  for (const one of [x, target]) checked(op, one)
  return reduced(op, target.neg().mul(x).exp().log1p(), given.reduction)
}

/**
 * Of scores (N, C) and targets 0 or 1 of the same shape: cross entropy of each class, mean over classes. PyTorch:
 * torch.nn.functional.multilabel_soft_margin_loss.
 */
export function multilabelSoftMarginLoss(
  x: Tensor,
  target: Tensor,
  weight?: Tensor | null | ClassWeightOptions,
  options?: ClassWeightOptions,
): Tensor {
  const op = 'multilabelSoftMarginLoss'
  atMost('multilabelSoftMarginLoss', 4, arguments.length)
  const given = classWeightOptions.readFirst(op, weight, options)
  for (const one of [x, target]) checked(op, one)
  if (given.weight != null) checked(op, given.weight)
  const negative = target.neg().add(1).mul(logsigmoid(x.neg()))
  const losses = target.mul(logsigmoid(x)).add(negative).neg()
  const weighted = given.weight == null ? losses : losses.mul(given.weight)
  return reduced(op, weighted.mean(-1), given.reduction)
}

/** (N, C) of (N, C) or (C). */
function rows(op: string, x: Tensor): Tensor {
  checked(op, x)
  if (x.dim() > 2) throw new ShapeError(`${op}: expected scores (N, C) or (C), got ${shapes(x)}`)
  return x.dim() < 2 ? x.reshape(1, -1) : x
}

/** Losses of one sample without a dimension of samples. */
const samples = (losses: Tensor, target: Tensor, dims: number) => (target.dim() === dims ? losses : losses.squeeze(0))

/**
 * Of scores (N, C) and classes (N): how far the score of the class is not `margin` above each other score, to the power
 * p, mean over classes. PyTorch: torch.nn.functional.multi_margin_loss.
 * @throws ArgumentError unless p is 1 or 2, ShapeError
 */
export function multiMarginLoss(
  x: Tensor,
  target: Tensor,
  p?: 1 | 2 | MultiMarginLossOptions,
  options?: MultiMarginLossOptions,
): Tensor {
  const op = 'multiMarginLoss'
  atMost('multiMarginLoss', 4, arguments.length)
  const { p: power = 1, margin = 1, weight, reduction } = multiMarginLossOptions.readFirst(op, p, options)
  if (power !== 1 && power !== 2) throw new ArgumentError(`${op}: p must be 1 or 2, got ${shown(power)}`)
  const scores = rows(op, x)
  checked(op, target)
  if (weight != null) checked(op, weight)
  const classes = scores.size(1)
  if (target.numel() !== scores.size(0))
    throw new ShapeError(`${op}: expected ${scores.size(0)} targets, one for each sample, got ${shapes(target)}`)
  const at = target.reshape(-1, 1)
  const missing = scores.sub(scores.gather(1, at)).add(margin).relu()
  const powers = power === 2 ? missing.mul(missing) : missing
  const weighted = weight == null ? powers : powers.mul(weight.indexSelect(0, target.reshape(-1)).unsqueeze(1))
  const others = arange(classes, { device: x.device }).ne(at)
  const losses = where(others, weighted, 0).sum(1).div(classes)
  return reduced(op, samples(losses, target, 1), reduction)
}

/**
 * Of scores (N, C) and of classes (N, C), those before the first -1: how far the score of each of them is not 1 above
 * the score of each other class, divided by C. PyTorch: torch.nn.functional.multilabel_margin_loss.
 * @throws ShapeError when the shapes differ
 */
export function multilabelMarginLoss(
  x: Tensor,
  target: Tensor,
  reduction?: Reduction | ReductionOptions,
  options?: ReductionOptions,
): Tensor {
  const op = 'multilabelMarginLoss'
  atMost('multilabelMarginLoss', 4, arguments.length)
  const given = reductionOptions.readFirst(op, reduction, options)
  const [scores, wanted] = [rows(op, x), rows(op, target)]
  if (String(scores.shape) !== String(wanted.shape))
    throw new ShapeError(`${op}: expected scores and targets of one shape, got ${shapes(x, target)}`)
  const counts = wanted.lt(0).cumsum(1).eq(0)
  const at = where(counts, wanted, 0)
  const classes = arange(scores.size(1), { device: x.device })
  const chosen = at.unsqueeze(2).eq(classes).logicalAnd(counts.unsqueeze(2)).any(1)
  const missing = scores.unsqueeze(1).sub(scores.gather(1, at).unsqueeze(2)).add(1).relu()
  const counted = counts.unsqueeze(2).logicalAnd(chosen.unsqueeze(1).logicalNot())
  const losses = where(counted, missing, 0)
    .sum([1, 2])
    .div(Math.max(1, scores.size(1)))
  return reduced(op, samples(losses, target, 2), given.reduction)
}

/**
 * How far the negative is not `margin` further from the anchor than the positive, of rows (N, D). PyTorch:
 * torch.nn.functional.triplet_margin_loss.
 * @throws ShapeError unless all have as many dimensions
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  margin?: number | TripletMarginLossOptions,
  options?: TripletMarginLossOptions,
): Tensor {
  const op = 'tripletMarginLoss'
  atMost('tripletMarginLoss', 5, arguments.length)
  const given = tripletMarginLossOptions.readFirst(op, margin, options)
  const { margin: apart = 1, p = 2, eps = 1e-6, swap = false, reduction } = given
  const distance = (a: Tensor, b: Tensor) => pairwiseDistance(a, b, { p, eps } satisfies PairwiseDistanceOptions)
  return triplet(op, anchor, positive, negative, distance, apart, flag(op, swap), reduction)
}

/**
 * The same with a distance of one's own. PyTorch: torch.nn.functional.triplet_margin_with_distance_loss.
 * @throws ShapeError unless all have as many dimensions
 * @example
 * const [anchor, positive, negative] = randn(3, 8, 2).unbind()
 * tripletMarginWithDistanceLoss(anchor!, positive!, negative!, { distanceFunction: (x, y) => x.sub(y).abs().amax(1) })
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletMarginWithDistanceLossOptions,
): Tensor {
  const op = 'tripletMarginWithDistanceLoss'
  atMost('tripletMarginWithDistanceLoss', 4, arguments.length)
  const given = tripletMarginWithDistanceLossOptions.read(op, options)
  const { distanceFunction, margin = 1, swap = false, reduction } = given
  const distance = distanceFunction ?? ((a: Tensor, b: Tensor) => pairwiseDistance(a, b))
  return triplet(op, anchor, positive, negative, distance, margin, flag(op, swap), reduction)
}

function triplet(
  op: string,
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  distance: (a: Tensor, b: Tensor) => Tensor,
  margin: number,
  swap: boolean,
  reduction: Reduction | undefined,
): Tensor {
  sameDims(op, anchor, positive, negative)
  const from = (a: Tensor, b: Tensor) => checked(op, distance(a, b))
  const close = from(anchor, positive)
  const far = from(anchor, negative)
  const least = swap ? far.minimum(from(positive, negative)) : far
  return reduced(op, close.sub(least).add(margin).clampMin(0), reduction)
}

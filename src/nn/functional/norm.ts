// Normalization, functions only: (x - mean) / sqrt(variance + eps), times a weight, plus a bias.
import { ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  atMost,
  checked,
  finfo,
  flag,
  handleOf,
  Options,
  optional,
  refuse,
  type Tensor,
  wrap,
} from '../../tensor/index.ts'

/** Options of `layerNorm` and `groupNorm`. */
export interface AffineOptions {
  /** What is multiplied with. */
  weight?: Tensor | null
  /** What is added. */
  bias?: Tensor | null
  /** Added to the variance, default 1e-5. */
  eps?: number
}

const affineOptions = new Options<AffineOptions>({ weight: true, bias: true, eps: true })

/** Options of `batchNorm`. */
export interface BatchNormOptions extends AffineOptions {
  /** By the batch's own mean and variance, which also move the running ones; default false. */
  training?: boolean
  /** By how much the running statistics move to those of the batch, default 0.1. */
  momentum?: number
}

const batchNormOptions = new Options<BatchNormOptions>({
  weight: true,
  bias: true,
  training: true,
  momentum: true,
  eps: true,
})

/** Options of `instanceNorm`. */
export interface InstanceNormOptions extends AffineOptions {
  runningMean?: Tensor | null
  runningVar?: Tensor | null
  /** By the sample's own mean and variance, which also move the running ones; default true. */
  useInputStats?: boolean
  /** By how much the running statistics move, default 0.1. */
  momentum?: number
}

const instanceNormOptions = new Options<InstanceNormOptions>({
  runningMean: true,
  runningVar: true,
  weight: true,
  bias: true,
  useInputStats: true,
  momentum: true,
  eps: true,
})

/** Options of `rmsNorm`. */
export interface RmsNormOptions {
  /** What is multiplied with. */
  weight?: Tensor | null
  /** Added to the mean of squares; default the dtype's epsilon. */
  eps?: number | null
}

const rmsNormOptions = new Options<RmsNormOptions>({ weight: true, eps: true })

/**
 * Each channel of (N, C, …) over samples and positions. In training `runningMean` and `runningVar`, if given, are
 * changed. PyTorch: torch.nn.functional.batch_norm. Source: https://arxiv.org/abs/1502.03167.
 * @throws ShapeError when the sizes do not fit, or for one value per channel in training; DTypeError for integers
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  weight?: Tensor | null | BatchNormOptions,
  options?: BatchNormOptions,
): Tensor {
  const op = 'batchNorm'
  atMost('batchNorm', 5, arguments.length)
  const given = batchNormOptions.readFirst(op, weight, options)
  const training = flag(op, given.training ?? false)
  const handle = handleOf(op, x)
  if (training && x.ndim > 1 && x.numel() === x.size(1))
    throw new ShapeError(`batchNorm: expected more than 1 value per channel when training, got [${x.shape.join(', ')}]`)
  const [mean, variance] = [optional(op, runningMean), optional(op, runningVar)]
  const [scale, shift] = [optional(op, given.weight), optional(op, given.bias)]
  const { momentum = 0.1, eps = 1e-5 } = given
  return wrap(native.batchNorm(handle, mean, variance, scale, shift, training, momentum, eps))
}

/**
 * Each channel of each sample of (N, C, …), over positions. PyTorch: torch.nn.functional.instance_norm.
 * Source: https://arxiv.org/abs/1607.08022.
 * @throws ShapeError when the sizes do not fit, or for one value per channel; DTypeError for integers
 */
export function instanceNorm(
  x: Tensor,
  runningMean?: Tensor | null | InstanceNormOptions,
  options?: InstanceNormOptions,
): Tensor {
  const op = 'instanceNorm'
  atMost('instanceNorm', 3, arguments.length)
  const given = instanceNormOptions.readFirst(op, runningMean, options)
  const own = flag(op, given.useInputStats ?? true)
  const handle = handleOf(op, x)
  if (own && x.ndim > 1 && x.shape.slice(2).reduce((a, b) => a * b, 1) === 1)
    throw new ShapeError(
      `instanceNorm: expected more than 1 value per channel when training, got [${x.shape.join(', ')}]`,
    )
  const [mean, variance] = [optional(op, given.runningMean), optional(op, given.runningVar)]
  const [scale, shift] = [optional(op, given.weight), optional(op, given.bias)]
  const { momentum = 0.1, eps = 1e-5 } = given
  return wrap(native.instanceNorm(handle, mean, variance, scale, shift, own, momentum, eps))
}

/**
 * Over the last dimensions, whose sizes are given. PyTorch: torch.nn.functional.layer_norm.
 * Source: https://arxiv.org/abs/1607.06450.
 * @throws ShapeError when the sizes do not fit, DTypeError for integers
 * @example layerNorm(randn(2, 5, 8), [8]).shape // [2, 5, 8]
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: readonly number[],
  weight?: Tensor | null | AffineOptions,
  options?: AffineOptions,
): Tensor {
  const op = 'layerNorm'
  atMost('layerNorm', 4, arguments.length)
  const given = affineOptions.readFirst(op, weight, options)
  const [scale, shift] = [optional(op, given.weight), optional(op, given.bias)]
  return wrap(native.layerNorm(handleOf(op, x), normalizedShape, scale, shift, given.eps ?? 1e-5))
}

/**
 * Each group of channels of each sample of (N, C, …). PyTorch: torch.nn.functional.group_norm.
 * Source: https://arxiv.org/abs/1803.08494.
 * @throws ArgumentError when the channels are not divisible, ShapeError when sizes do not fit, DTypeError for integers
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight?: Tensor | null | AffineOptions,
  options?: AffineOptions,
): Tensor {
  const op = 'groupNorm'
  atMost('groupNorm', 4, arguments.length)
  const given = affineOptions.readFirst(op, weight, options)
  const { handle } = checked(op, x)
  if (typeof numGroups !== 'number') refuse(`${op}: numGroups`, 'a number', numGroups)
  if (x.ndim > 1 && x.numel() === x.size(0) * numGroups && x.size(0) * numGroups <= 1 && x.numel() > 0)
    throw new ShapeError(`groupNorm: expected more than 1 value per channel when training, got [${x.shape.join(', ')}]`)
  const [scale, shift] = [optional(op, given.weight), optional(op, given.bias)]
  return wrap(native.groupNorm(handle, numGroups, scale, shift, given.eps ?? 1e-5))
}

/**
 * `x / sqrt(mean(x^2) + eps)` over the last dimensions, whose sizes are given. PyTorch: torch.nn.functional.rms_norm.
 * Source: https://arxiv.org/abs/1910.07467.
 * @throws ShapeError when the sizes do not fit, DTypeError for integers
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: readonly number[],
  weight?: Tensor | null | RmsNormOptions,
  options?: RmsNormOptions,
): Tensor {
  const op = 'rmsNorm'
  atMost('rmsNorm', 4, arguments.length)
  const given = rmsNormOptions.readFirst(op, weight, options)
  const handle = handleOf(op, x)
  const least = () => finfo(x.dtype === 'float64' ? 'float64' : 'float32').eps
  return wrap(native.rmsNorm(handle, normalizedShape, optional(op, given.weight), given.eps ?? least()))
}

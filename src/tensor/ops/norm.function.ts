// Normalization with the statistics that it found, functions only: [output, mean, 1 / sqrt(variance + eps)]. The
// functions of layers are in nn.functional.
import { native } from '../../native/load.ts'
import { flag, handleOf, optional } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

type Statistics = [output: Tensor, mean: Tensor, rstd: Tensor]

/**
 * `nn.functional.batchNorm`, and for each channel the mean and 1 / sqrt(variance + eps) of the batch in training, else
 * nothing. PyTorch: torch.native_batch_norm.
 * @throws ShapeError when the sizes do not fit, DTypeError for integers
 */
export function nativeBatchNorm(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  training: boolean,
  momentum: number,
  eps: number,
): Statistics {
  const op = 'nativeBatchNorm'
  atMost('nativeBatchNorm', 8, arguments.length)
  const [scale, shift] = [optional(op, weight), optional(op, bias)]
  const [mean, variance] = [optional(op, runningMean), optional(op, runningVar)]
  flag(`${op}: training`, training)
  const all = native.nativeBatchNorm(handleOf(op, x), scale, shift, mean, variance, training, momentum, eps)
  return all.map(wrap) as Statistics
}

/**
 * `nn.functional.layerNorm`, and the mean and 1 / sqrt(variance + eps) of each row. PyTorch: torch.native_layer_norm.
 * @throws ShapeError when the sizes do not fit, DTypeError for integers
 */
export function nativeLayerNorm(
  x: Tensor,
  normalizedShape: readonly number[],
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Statistics {
  const op = 'nativeLayerNorm'
  atMost('nativeLayerNorm', 5, arguments.length)
  const [scale, shift] = [optional(op, weight), optional(op, bias)]
  return native.nativeLayerNorm(handleOf(op, x), normalizedShape, scale, shift, eps).map(wrap) as Statistics
}

/**
 * `nn.functional.groupNorm` of x as (N, C, HxW), and the mean and 1 / sqrt(variance + eps) of each group of each
 * sample, which have gradients. PyTorch: torch.native_group_norm.
 * @throws ShapeError when the sizes do not fit, ArgumentError when channels are not divisible, DTypeError for integers
 */
export function nativeGroupNorm(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  N: number,
  C: number,
  HxW: number,
  group: number,
  eps: number,
): Statistics {
  const op = 'nativeGroupNorm'
  atMost('nativeGroupNorm', 8, arguments.length)
  const [scale, shift] = [optional(op, weight), optional(op, bias)]
  return native.nativeGroupNorm(handleOf(op, x), scale, shift, N, C, HxW, group, eps).map(wrap) as Statistics
}

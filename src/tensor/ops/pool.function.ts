// The pools that torch has itself: of (N, C, …) or (C, …), functions only.
import type { Pair, Single, Triple } from '../args.ts'
import {
  type AvgPoolDivisorOptions,
  type AvgPoolOptions,
  adaptiveAveraged,
  averaged,
  avgPoolOptions,
  type MaxPoolOptions,
  maxPoolOptions,
  type Pooled,
  pooled,
  poolSizes,
} from '../pooling.ts'
import { atMost } from '../refuse.ts'
import type { Tensor } from '../tensor.ts'

export type { AvgPoolDivisorOptions, AvgPoolOptions, MaxPoolOptions, Pooled }

/**
 * Largest value of each window of a sequence, and with `returnIndices` where it was. PyTorch:
 * torch.nn.functional.max_pool1d.
 * @throws ShapeError when the window does not fit
 * @example maxPool1d(randn(1, 6, 28), 2).shape // [1, 6, 14]
 */
export function maxPool1d<I extends boolean = false>(
  x: Tensor,
  kernelSize: Single,
  stride?: Single | null | MaxPoolOptions<Single, I>,
  options?: MaxPoolOptions<Single, I>,
): Pooled<I> {
  atMost('maxPool1d', 4, arguments.length)
  return pooled('maxPool1d', 1, x, kernelSize, maxPoolOptions.readFirst('maxPool1d', stride, options))
}

/**
 * Largest value of each window, and with `returnIndices` where it was: its position in the plane, int64. PyTorch:
 * torch.nn.functional.max_pool2d. A dilated window can lie wholly in the padding: it gives -infinity and the position
 * -1, and takes no gradient, where PyTorch's goes to a pixel outside the window.
 * @throws ShapeError when the window does not fit
 * @example maxPool2d(randn(1, 6, 28, 28), 2).shape // [1, 6, 14, 14]
 * @example const [y, indices] = maxPool2d(x, 2, { returnIndices: true })
 */
export function maxPool2d<I extends boolean = false>(
  x: Tensor,
  kernelSize: Pair,
  stride?: Pair | null | MaxPoolOptions<Pair, I>,
  options?: MaxPoolOptions<Pair, I>,
): Pooled<I> {
  atMost('maxPool2d', 4, arguments.length)
  return pooled('maxPool2d', 2, x, kernelSize, maxPoolOptions.readFirst('maxPool2d', stride, options))
}

/**
 * Largest value of each window of a volume, and with `returnIndices` where it was. PyTorch:
 * torch.nn.functional.max_pool3d.
 * @throws ShapeError when the window does not fit
 * @example maxPool3d(randn(1, 6, 8, 28, 28), [1, 2, 2]).shape // [1, 6, 8, 14, 14]
 */
export function maxPool3d<I extends boolean = false>(
  x: Tensor,
  kernelSize: Triple,
  stride?: Triple | null | MaxPoolOptions<Triple, I>,
  options?: MaxPoolOptions<Triple, I>,
): Pooled<I> {
  atMost('maxPool3d', 4, arguments.length)
  return pooled('maxPool3d', 3, x, kernelSize, maxPoolOptions.readFirst('maxPool3d', stride, options))
}

/**
 * Mean of each window of a sequence. PyTorch: torch.nn.functional.avg_pool1d.
 * @throws ShapeError when the window does not fit
 * @example avgPool1d(tensor([[1, 2, 3, 5]]), 2) // tensor([[1.5000, 4.0000]])
 */
export function avgPool1d(
  x: Tensor,
  kernelSize: Single,
  stride?: Single | null | AvgPoolOptions<Single>,
  options?: AvgPoolOptions<Single>,
): Tensor {
  atMost('avgPool1d', 4, arguments.length)
  return averaged('avgPool1d', 1, x, kernelSize, avgPoolOptions.readFirst('avgPool1d', stride, options))
}

/**
 * Means of windows that share a sequence out evenly, so many that the result has the size. PyTorch:
 * torch.nn.functional.adaptive_avg_pool1d.
 * @throws ShapeError for another number of dimensions
 * @example adaptiveAvgPool1d(randn(1, 6, 28), 5).shape // [1, 6, 5]
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: Single): Tensor {
  atMost('adaptiveAvgPool1d', 2, arguments.length)
  return adaptiveAveraged('adaptiveAvgPool1d', x, poolSizes('adaptiveAvgPool1d: outputSize', outputSize, 1))
}

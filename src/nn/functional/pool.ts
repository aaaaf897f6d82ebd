// Averages of windows of images and volumes, and pools whose windows follow from the size of the result.
import { native } from '../../native/load.ts'
import {
  type AvgPoolDivisorOptions,
  adaptiveAveraged,
  atMost,
  averaged,
  avgPoolDivisorOptions,
  checked,
  flag,
  handleOf,
  named,
  type Pair,
  type Pooled,
  poolSizes,
  refuse,
  type Single,
  type Tensor,
  type Triple,
  wrap,
} from '../../tensor/index.ts'
import { type AdaptivePair, type AdaptiveTriple, type IndicesOptions, indicesOptions } from './pool-options.ts'

export type { AdaptivePair, AdaptiveTriple, IndicesOptions }

/**
 * Mean of each window of an image. PyTorch: torch.nn.functional.avg_pool2d.
 * @throws ShapeError when the window does not fit
 * @example avgPool2d(randn(1, 6, 28, 28), 2).shape // [1, 6, 14, 14]
 */
export function avgPool2d(
  x: Tensor,
  kernelSize: Pair,
  stride?: Pair | null | AvgPoolDivisorOptions<Pair>,
  options?: AvgPoolDivisorOptions<Pair>,
): Tensor {
  atMost('avgPool2d', 4, arguments.length)
  return averaged('avgPool2d', 2, x, kernelSize, avgPoolDivisorOptions.readFirst('avgPool2d', stride, options))
}

/** Mean of each window of a volume. PyTorch: torch.nn.functional.avg_pool3d. @throws ShapeError as `avgPool2d` */
export function avgPool3d(
  x: Tensor,
  kernelSize: Triple,
  stride?: Triple | null | AvgPoolDivisorOptions<Triple>,
  options?: AvgPoolDivisorOptions<Triple>,
): Tensor {
  atMost('avgPool3d', 4, arguments.length)
  return averaged('avgPool3d', 3, x, kernelSize, avgPoolDivisorOptions.readFirst('avgPool3d', stride, options))
}

/** The size of a result along the last `dims` dimensions of x. */
function adapted(op: string, dims: number, x: Tensor, outputSize: AdaptivePair | AdaptiveTriple): number[] {
  const { shape, ndim } = checked(op, x)
  const given = typeof outputSize === 'number' || outputSize === null ? Array(dims).fill(outputSize) : outputSize
  if (!Array.isArray(given)) refuse(`${op}: outputSize`, 'a number, null or an array of these', outputSize)
  const sizes = given.map((size, i) => size ?? shape[ndim - given.length + i] ?? 0)
  return poolSizes(`${op}: outputSize`, sizes, dims)
}

/**
 * Means of windows that share an image out evenly, so many that the result has the size. PyTorch:
 * torch.nn.functional.adaptive_avg_pool2d.
 * @throws ShapeError for another number of dimensions
 * @example adaptiveAvgPool2d(randn(1, 6, 28, 28), [7, null]).shape // [1, 6, 7, 28]
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: AdaptivePair): Tensor {
  atMost('adaptiveAvgPool2d', 2, arguments.length)
  return adaptiveAveraged('adaptiveAvgPool2d', x, adapted('adaptiveAvgPool2d', 2, x, outputSize))
}

/** The same of volumes. PyTorch: torch.nn.functional.adaptive_avg_pool3d. @throws ShapeError as `adaptiveAvgPool2d` */
export function adaptiveAvgPool3d(x: Tensor, outputSize: AdaptiveTriple): Tensor {
  atMost('adaptiveAvgPool3d', 2, arguments.length)
  return adaptiveAveraged('adaptiveAvgPool3d', x, adapted('adaptiveAvgPool3d', 3, x, outputSize))
}

function largest<I extends boolean>(
  op: string,
  x: Tensor,
  size: number[],
  returnIndices: boolean | IndicesOptions | undefined,
): Pooled<I> {
  const given = indicesOptions.readFirst(op, returnIndices)
  const handle = handleOf(op, x)
  const [output, indices] = named(op, () => native.adaptiveMaxPool(handle, size))
  const both = flag(`${op}: returnIndices`, given.returnIndices ?? false)
  return (both ? [wrap(output), wrap(indices)] : wrap(output)) as Pooled<I>
}

/**
 * Largest values of windows that share a sequence out evenly, so many that the result has the size. PyTorch:
 * torch.nn.functional.adaptive_max_pool1d.
 * @throws ShapeError for another number of dimensions
 * @example adaptiveMaxPool1d(randn(1, 6, 28), 5).shape // [1, 6, 5]
 */
export function adaptiveMaxPool1d<I extends boolean = false>(
  x: Tensor,
  outputSize: Single,
  returnIndices?: I | IndicesOptions<I>,
): Pooled<I> {
  const op = 'adaptiveMaxPool1d'
  atMost('adaptiveMaxPool1d', 3, arguments.length)
  return largest(op, x, poolSizes(`${op}: outputSize`, outputSize, 1), returnIndices)
}

/** The same of images. PyTorch: torch.nn.functional.adaptive_max_pool2d. @throws ShapeError as `adaptiveMaxPool1d` */
export function adaptiveMaxPool2d<I extends boolean = false>(
  x: Tensor,
  outputSize: AdaptivePair,
  returnIndices?: I | IndicesOptions<I>,
): Pooled<I> {
  const op = 'adaptiveMaxPool2d'
  atMost('adaptiveMaxPool2d', 3, arguments.length)
  return largest(op, x, adapted(op, 2, x, outputSize), returnIndices)
}

/** The same of volumes. PyTorch: torch.nn.functional.adaptive_max_pool3d. @throws ShapeError as `adaptiveMaxPool1d` */
export function adaptiveMaxPool3d<I extends boolean = false>(
  x: Tensor,
  outputSize: AdaptiveTriple,
  returnIndices?: I | IndicesOptions<I>,
): Pooled<I> {
  const op = 'adaptiveMaxPool3d'
  atMost('adaptiveMaxPool3d', 3, arguments.length)
  return largest(op, x, adapted(op, 3, x, outputSize), returnIndices)
}

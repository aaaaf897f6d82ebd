// The way back from max pools, by the positions that these give, and max pools whose windows lie at random.
import { ArgumentError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  atMost,
  checked,
  flag,
  handleOf,
  named,
  type Pair,
  type Pooled,
  poolSizes,
  poolStride,
  rand,
  refuse,
  type Single,
  shown,
  type Tensor,
  type Triple,
  wrap,
} from '../../tensor/index.ts'
import {
  type FractionalMaxPoolOptions,
  fractionalMaxPoolOptions,
  type MaxUnpoolOptions,
  maxUnpoolOptions,
} from './pool-options.ts'

export type { FractionalMaxPoolOptions, MaxUnpoolOptions }

function unpooled(
  op: string,
  dims: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: unknown,
  given: MaxUnpoolOptions<unknown>,
): Tensor {
  const kernel = poolSizes(`${op}: kernelSize`, kernelSize, dims)
  const stride = poolStride(op, given.stride, kernel)
  const padding = poolSizes(`${op}: padding`, given.padding ?? 0, dims)
  const { shape } = checked(op, x)
  const inner = shape.slice(-dims)
  const usual = inner.map((size, d) => (size - 1) * stride[d]! + kernel[d]! - 2 * padding[d]!)
  const size = outputSizeOf(op, usual, stride, given.outputSize ?? null)
  const handles = [handleOf(op, x), handleOf(op, indices)] as const
  return wrap(named(op, () => native.maxUnpool(...handles, size)))
}

/** The size that pooling has made an input of, which is less than a stride away from the usual one. */
function outputSizeOf(op: string, usual: number[], stride: number[], given: readonly number[] | null): number[] {
  if (given === null) return usual
  if (!Array.isArray(given)) refuse(`${op}: outputSize`, 'an array of sizes', given)
  const dims = stride.length
  if (given.length !== dims && given.length !== dims + 2) {
    throw new ArgumentError(`${op}: outputSize must have ${dims} or ${dims + 2} sizes, got ${shown(given)}`)
  }
  const size = given.slice(-dims)
  for (const [d, length] of usual.entries()) {
    const [least, most] = [length - stride[d]! + 1, length + stride[d]! - 1]
    if (size[d] >= least && size[d] <= most) continue
    throw new ArgumentError(
      `${op}: outputSize must be from ${least} to ${most} in spatial dim ${d}, got ${shown(given)}`,
    )
  }
  return size
}

/**
 * Zeros, with each value of `x` where `maxPool1d` has found it. PyTorch: torch.nn.functional.max_unpool1d.
 * @throws ArgumentError for an output size that pooling would not have made this of, IndexError for a position outside
 * @example maxUnpool1d(tensor([[5, 7]]), tensor([[0, 3]], { dtype: 'int64' }), 2).tolist() // [[5, 0, 0, 7]]
 */
export function maxUnpool1d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Single,
  stride?: Single | null | MaxUnpoolOptions<Single>,
  options?: MaxUnpoolOptions<Single>,
): Tensor {
  atMost('maxUnpool1d', 5, arguments.length)
  return unpooled('maxUnpool1d', 1, x, indices, kernelSize, maxUnpoolOptions.readFirst('maxUnpool1d', stride, options))
}

/** The same for `maxPool2d`. PyTorch: torch.nn.functional.max_unpool2d. @throws as `maxUnpool1d` */
export function maxUnpool2d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Pair,
  stride?: Pair | null | MaxUnpoolOptions<Pair>,
  options?: MaxUnpoolOptions<Pair>,
): Tensor {
  atMost('maxUnpool2d', 5, arguments.length)
  return unpooled('maxUnpool2d', 2, x, indices, kernelSize, maxUnpoolOptions.readFirst('maxUnpool2d', stride, options))
}

/** The same for `maxPool3d`. PyTorch: torch.nn.functional.max_unpool3d. @throws as `maxUnpool1d` */
export function maxUnpool3d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Triple,
  stride?: Triple | null | MaxUnpoolOptions<Triple>,
  options?: MaxUnpoolOptions<Triple>,
): Tensor {
  atMost('maxUnpool3d', 5, arguments.length)
  return unpooled('maxUnpool3d', 3, x, indices, kernelSize, maxUnpoolOptions.readFirst('maxUnpool3d', stride, options))
}

function fractional<I extends boolean>(
  op: string,
  dims: number,
  x: Tensor,
  kernelSize: unknown,
  given: FractionalMaxPoolOptions<unknown>,
): Pooled<I> {
  const { outputSize = null, outputRatio = null, returnIndices = false } = given
  const kernel = poolSizes(`${op}: kernelSize`, kernelSize, dims)
  const { shape, ndim, dtype, device } = checked(op, x)
  if (outputSize === null && outputRatio === null) throw new ArgumentError(`${op}: expected outputSize or outputRatio`)
  const ratio = outputSize === null ? poolSizes(`${op}: outputRatio`, outputRatio, dims) : []
  const size =
    outputSize === null
      ? ratio.map((part, i) => Math.trunc((shape[ndim - dims + i] ?? 0) * part))
      : poolSizes(`${op}: outputSize`, outputSize, dims)
  const [batch, channels] = ndim === dims + 2 ? shape : [1, ...shape]
  const drawn = given._randomSamples ?? rand([batch!, channels ?? 1, dims], { dtype, device })
  // For one sample without a batch PyTorch takes the first of several.
  const samples = ndim === dims + 1 && drawn.ndim === 3 && drawn.size(0) > 1 ? drawn.narrow(0, 0, 1) : drawn
  const handles = [handleOf(op, x), handleOf(op, samples)] as const
  const both = flag(`${op}: returnIndices`, returnIndices)
  const [output, indices] = named(op, () => native.fractionalMaxPool(handles[0], kernel, size, handles[1]))
  return (both ? [wrap(output), wrap(indices)] : wrap(output)) as Pooled<I>
}

/**
 * Largest values of windows that lie at random, so many that the result has a size. PyTorch:
 * torch.nn.functional.fractional_max_pool2d.
 * @throws ArgumentError without a size and a ratio, ShapeError when the windows do not fit
 * @example fractionalMaxPool2d(randn(1, 6, 28, 28), 2, { outputRatio: 0.7 }).shape // [1, 6, 19, 19]
 */
export function fractionalMaxPool2d<I extends boolean = false>(
  x: Tensor,
  kernelSize: Pair,
  outputSize?: Pair | null | FractionalMaxPoolOptions<Pair, I>,
  options?: FractionalMaxPoolOptions<Pair, I>,
): Pooled<I> {
  const op = 'fractionalMaxPool2d'
  atMost('fractionalMaxPool2d', 4, arguments.length)
  return fractional(op, 2, x, kernelSize, fractionalMaxPoolOptions.readFirst(op, outputSize, options))
}

/** The same of volumes. PyTorch: torch.nn.functional.fractional_max_pool3d. @throws as `fractionalMaxPool2d` */
export function fractionalMaxPool3d<I extends boolean = false>(
  x: Tensor,
  kernelSize: Triple,
  outputSize?: Triple | null | FractionalMaxPoolOptions<Triple, I>,
  options?: FractionalMaxPoolOptions<Triple, I>,
): Pooled<I> {
  const op = 'fractionalMaxPool3d'
  atMost('fractionalMaxPool3d', 4, arguments.length)
  return fractional(op, 3, x, kernelSize, fractionalMaxPoolOptions.readFirst(op, outputSize, options))
}

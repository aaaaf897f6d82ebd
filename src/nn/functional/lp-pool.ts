// Norms of windows, (sum x^p)^(1/p), which are averages of powers; and normalization by averages over channels.
import { ShapeError } from '../../errors.ts'
import {
  atMost,
  averaged,
  checked,
  named,
  Options,
  type Pair,
  pooled,
  poolSizes,
  type Single,
  type Tensor,
  type Triple,
} from '../../tensor/index.ts'
import { pad } from './pad.ts'
import { avgPool2d } from './pool.ts'
import { type LPPoolOptions, lpPoolOptions } from './pool-options.ts'

export type { LPPoolOptions }

function normed(
  op: string,
  dims: number,
  x: Tensor,
  p: number,
  kernelSize: unknown,
  { stride = null, ceilMode = false }: LPPoolOptions<unknown>,
): Tensor {
  const given = { stride, ceilMode }
  const sizes = poolSizes(`${op}: kernelSize`, kernelSize, dims)
  checked(op, x)
  return named(op, () => {
    if (p === Number.POSITIVE_INFINITY) return pooled<false>(op, dims, x.abs(), sizes, given)
    if (p === Number.NEGATIVE_INFINITY) return pooled<false>(op, dims, x.abs().neg(), sizes, given).neg()
    const mean = averaged(op, dims, x.pow(p), sizes, given)
    const count = sizes.reduce((all, size) => all * size, 1)
    return mean
      .sign()
      .mul(mean.abs().relu())
      .mul(count)
      .pow(1 / p)
  })
}

/**
 * The p-norm of each window of a sequence, with signs where p is odd. PyTorch: torch.nn.functional.lp_pool1d.
 * @throws ShapeError when the window does not fit
 * @example lpPool1d(tensor([[3, 4, 6, 8]]), 2, 2).tolist() // [[5, 10]]
 */
export function lpPool1d(
  x: Tensor,
  normType: number,
  kernelSize: Single,
  stride?: Single | null | LPPoolOptions<Single>,
  options?: LPPoolOptions<Single>,
): Tensor {
  atMost('lpPool1d', 5, arguments.length)
  return normed('lpPool1d', 1, x, normType, kernelSize, lpPoolOptions.readFirst('lpPool1d', stride, options))
}

/** The same of images. PyTorch: torch.nn.functional.lp_pool2d. @throws ShapeError as `lpPool1d` */
export function lpPool2d(
  x: Tensor,
  normType: number,
  kernelSize: Pair,
  stride?: Pair | null | LPPoolOptions<Pair>,
  options?: LPPoolOptions<Pair>,
): Tensor {
  atMost('lpPool2d', 5, arguments.length)
  return normed('lpPool2d', 2, x, normType, kernelSize, lpPoolOptions.readFirst('lpPool2d', stride, options))
}

/** The same of volumes. PyTorch: torch.nn.functional.lp_pool3d. @throws ShapeError as `lpPool1d` */
export function lpPool3d(
  x: Tensor,
  normType: number,
  kernelSize: Triple,
  stride?: Triple | null | LPPoolOptions<Triple>,
  options?: LPPoolOptions<Triple>,
): Tensor {
  atMost('lpPool3d', 5, arguments.length)
  return normed('lpPool3d', 3, x, normType, kernelSize, lpPoolOptions.readFirst('lpPool3d', stride, options))
}

/** Options of `localResponseNorm`. */
export interface LocalResponseNormOptions {
  /** Factor of the mean of squares, default 1e-4. */
  alpha?: number
  /** Exponent, default 0.75. */
  beta?: number
  /** Summand, default 1. */
  k?: number
}

/** @internal */
export const localResponseNormOptions = new Options<LocalResponseNormOptions>({ alpha: true, beta: true, k: true })

/**
 * x / (k + alpha mean(squares of `size` channels around))^beta, of (N, C, …). PyTorch:
 * torch.nn.functional.local_response_norm.
 * @throws ShapeError for fewer than three dimensions
 * @example localResponseNorm(randn(2, 6, 9, 9), 5).shape // [2, 6, 9, 9]
 */
export function localResponseNorm(
  x: Tensor,
  size: number,
  alpha?: number | LocalResponseNormOptions,
  options?: LocalResponseNormOptions,
): Tensor {
  const op = 'localResponseNorm'
  atMost('localResponseNorm', 4, arguments.length)
  const given = localResponseNormOptions.readFirst(op, alpha, options)
  const { shape, ndim } = checked(op, x)
  if (ndim < 3) throw new ShapeError(`${op}: expected input [N, C, …] of three dimensions, got [${shape.join(', ')}]`)
  if (x.numel() === 0) return x
  return named(op, () => {
    const squares = x.mul(x).reshape(shape[0]!, 1, shape[1]!, -1)
    const padded = pad(squares, [0, 0, Math.floor(size / 2), Math.floor((size - 1) / 2)])
    const mean = avgPool2d(padded, [size, 1], 1).reshape(shape)
    return x.div(
      mean
        .mul(given.alpha ?? 1e-4)
        .add(given.k ?? 1)
        .pow(given.beta ?? 0.75),
    )
  })
}

// Norms of windows, and normalization by the channels around, as layers.
import { atMost, type Pair, poolSizes, reals, repr, type Single, type Tensor, type Triple } from '../../tensor/index.ts'
import {
  type LocalResponseNormOptions,
  type LPPoolOptions,
  localResponseNorm,
  localResponseNormOptions,
  lpPool1d,
  lpPool2d,
  lpPool3d,
} from '../functional/lp-pool.ts'
import { lpPoolOptions } from '../functional/pool-options.ts'
import { Module } from '../module/module.ts'

abstract class LPPoolNd<S> extends Module {
  readonly normType: number
  readonly kernelSize: S
  readonly stride: S | null
  readonly ceilMode: boolean

  constructor(
    name: string,
    dims: number,
    normType: number,
    kernelSize: S,
    stride: S | null | LPPoolOptions<S> | undefined,
    options: LPPoolOptions<S> | undefined,
  ) {
    super()
    const given = lpPoolOptions.readFirst(name, stride, options) as LPPoolOptions<S>
    poolSizes(`${name}: kernelSize`, kernelSize, dims)
    this.normType = normType
    this.kernelSize = kernelSize
    this.stride = given.stride ?? null
    this.ceilMode = given.ceilMode ?? false
  }

  override extraRepr(): string {
    return repr(this, 'normType kernelSize stride ceilMode')
  }
}

/** The p-norm of each window of a sequence. PyTorch: torch.nn.LPPool1d. @example new nn.LPPool1d(2, 3) */
export class LPPool1d extends LPPoolNd<Single> {
  constructor(
    normType: number,
    kernelSize: Single,
    stride?: Single | null | LPPoolOptions<Single>,
    options?: LPPoolOptions<Single>,
  ) {
    atMost('LPPool1d', 4, arguments.length)
    super('LPPool1d', 1, normType, kernelSize, stride, options)
  }

  forward(x: Tensor): Tensor {
    return lpPool1d(x, this.normType, this.kernelSize, { stride: this.stride, ceilMode: this.ceilMode })
  }
}

/** The p-norm of each window of an image. PyTorch: torch.nn.LPPool2d. @example new nn.LPPool2d(2, [3, 2]) */
export class LPPool2d extends LPPoolNd<Pair> {
  constructor(
    normType: number,
    kernelSize: Pair,
    stride?: Pair | null | LPPoolOptions<Pair>,
    options?: LPPoolOptions<Pair>,
  ) {
    atMost('LPPool2d', 4, arguments.length)
    super('LPPool2d', 2, normType, kernelSize, stride, options)
  }

  forward(x: Tensor): Tensor {
    return lpPool2d(x, this.normType, this.kernelSize, { stride: this.stride, ceilMode: this.ceilMode })
  }
}

/** The p-norm of each window of a volume. PyTorch: torch.nn.LPPool3d. @example new nn.LPPool3d(2, 3) */
export class LPPool3d extends LPPoolNd<Triple> {
  constructor(
    normType: number,
    kernelSize: Triple,
    stride?: Triple | null | LPPoolOptions<Triple>,
    options?: LPPoolOptions<Triple>,
  ) {
    atMost('LPPool3d', 4, arguments.length)
    super('LPPool3d', 3, normType, kernelSize, stride, options)
  }

  forward(x: Tensor): Tensor {
    return lpPool3d(x, this.normType, this.kernelSize, { stride: this.stride, ceilMode: this.ceilMode })
  }
}

/**
 * Each channel of (N, C, …) by the squares of `size` channels around. PyTorch: torch.nn.LocalResponseNorm.
 * @example new nn.LocalResponseNorm(2)(randn(32, 5, 24, 24)).shape // [32, 5, 24, 24]
 */
export class LocalResponseNorm extends Module {
  readonly size: number
  readonly alpha: number
  readonly beta: number
  readonly k: number

  constructor(size: number, alpha?: number | LocalResponseNormOptions, options?: LocalResponseNormOptions) {
    atMost('LocalResponseNorm', 3, arguments.length)
    super()
    const given = localResponseNormOptions.readFirst('LocalResponseNorm', alpha, options)
    this.size = size
    this.alpha = given.alpha ?? 1e-4
    this.beta = given.beta ?? 0.75
    this.k = given.k ?? 1
  }

  forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, { alpha: this.alpha, beta: this.beta, k: this.k })
  }

  override extraRepr(): string {
    return `${this.size}, ${reals(this, 'alpha beta k')}`
  }
}

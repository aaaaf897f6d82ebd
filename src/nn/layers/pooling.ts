// Layers that take the largest value of each window, or the mean. Sizes print as they do in PyTorch: a number or an
// array as it was given, but those of AvgPool1d always as an array.
import {
  type AvgPoolDivisorOptions,
  type AvgPoolOptions,
  atMost,
  avgPool1d,
  avgPoolDivisorOptions,
  avgPoolOptions,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolOptions,
  type Pair,
  type Pooled,
  poolSizes,
  repr,
  type Single,
  type Tensor,
  type Triple,
} from '../../tensor/index.ts'
import { avgPool2d, avgPool3d } from '../functional/pool.ts'
import { Module } from '../module/module.ts'

/** A number, or an array that nobody else can change. */
function asGiven<S>(what: string, value: S, dims: number): S {
  const sizes = poolSizes(what, value, dims)
  return typeof value === 'number' ? value : (sizes as S)
}

abstract class MaxPoolNd<S, I extends boolean> extends Module<[Tensor], Pooled<I>> {
  readonly kernelSize: S
  readonly stride: S
  readonly padding: S
  readonly dilation: S
  readonly returnIndices: I
  readonly ceilMode: boolean

  constructor(
    name: string,
    dims: number,
    kernelSize: S,
    stride: S | null | MaxPoolOptions<S, I> | undefined,
    options: MaxPoolOptions<S, I> | undefined,
  ) {
    super()
    const given = maxPoolOptions.readFirst(name, stride, options) as MaxPoolOptions<S, I>
    this.kernelSize = asGiven(`${name}: kernelSize`, kernelSize, dims)
    this.stride = asGiven(`${name}: stride`, given.stride ?? kernelSize, dims)
    this.padding = asGiven(`${name}: padding`, given.padding ?? (0 as S), dims)
    this.dilation = asGiven(`${name}: dilation`, given.dilation ?? (1 as S), dims)
    this.returnIndices = given.returnIndices ?? (false as I)
    this.ceilMode = given.ceilMode ?? false
  }

  override extraRepr(): string {
    return repr(this, 'kernelSize stride padding dilation ceilMode')
  }
}

/**
 * Largest value of each window of a sequence; the stride defaults to the kernel size. PyTorch: torch.nn.MaxPool1d.
 * @example new nn.MaxPool1d(2)(randn(1, 6, 28)).shape // [1, 6, 14]
 */
export class MaxPool1d<I extends boolean = false> extends MaxPoolNd<Single, I> {
  constructor(
    kernelSize: Single,
    stride?: Single | null | MaxPoolOptions<Single, I>,
    options?: MaxPoolOptions<Single, I>,
  ) {
    atMost('MaxPool1d', 3, arguments.length)
    super('MaxPool1d', 1, kernelSize, stride, options)
  }

  forward(x: Tensor): Pooled<I> {
    const { kernelSize, stride, padding, dilation, ceilMode, returnIndices } = this
    return maxPool1d(x, kernelSize, { stride, padding, dilation, ceilMode, returnIndices })
  }
}

/**
 * Largest value of each window; the stride defaults to the kernel size. PyTorch: torch.nn.MaxPool2d.
 * @example new nn.MaxPool2d(2)(randn(1, 6, 28, 28)).shape // [1, 6, 14, 14]
 */
export class MaxPool2d<I extends boolean = false> extends MaxPoolNd<Pair, I> {
  constructor(kernelSize: Pair, stride?: Pair | null | MaxPoolOptions<Pair, I>, options?: MaxPoolOptions<Pair, I>) {
    atMost('MaxPool2d', 3, arguments.length)
    super('MaxPool2d', 2, kernelSize, stride, options)
  }

  forward(x: Tensor): Pooled<I> {
    const { kernelSize, stride, padding, dilation, ceilMode, returnIndices } = this
    return maxPool2d(x, kernelSize, { stride, padding, dilation, ceilMode, returnIndices })
  }
}

/** Largest value of each window of a volume. PyTorch: torch.nn.MaxPool3d. @example new nn.MaxPool3d([1, 2, 2]) */
export class MaxPool3d<I extends boolean = false> extends MaxPoolNd<Triple, I> {
  constructor(
    kernelSize: Triple,
    stride?: Triple | null | MaxPoolOptions<Triple, I>,
    options?: MaxPoolOptions<Triple, I>,
  ) {
    atMost('MaxPool3d', 3, arguments.length)
    super('MaxPool3d', 3, kernelSize, stride, options)
  }

  forward(x: Tensor): Pooled<I> {
    const { kernelSize, stride, padding, dilation, ceilMode, returnIndices } = this
    return maxPool3d(x, kernelSize, { stride, padding, dilation, ceilMode, returnIndices })
  }
}

/** Mean of each window of a sequence. PyTorch: torch.nn.AvgPool1d. @example new nn.AvgPool1d(3, { stride: 2 }) */
export class AvgPool1d extends Module {
  readonly kernelSize: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly ceilMode: boolean
  readonly countIncludePad: boolean

  constructor(kernelSize: Single, stride?: Single | null | AvgPoolOptions<Single>, options?: AvgPoolOptions<Single>) {
    atMost('AvgPool1d', 3, arguments.length)
    super()
    const given = avgPoolOptions.readFirst('AvgPool1d', stride, options) as AvgPoolOptions<Single>
    this.kernelSize = poolSizes('AvgPool1d: kernelSize', kernelSize, 1)
    this.stride = poolSizes('AvgPool1d: stride', given.stride ?? kernelSize, 1)
    this.padding = poolSizes('AvgPool1d: padding', given.padding ?? 0, 1)
    this.ceilMode = given.ceilMode ?? false
    this.countIncludePad = given.countIncludePad ?? true
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad } = this
    return avgPool1d(x, kernelSize[0]!, { stride: stride[0]!, padding: padding[0]!, ceilMode, countIncludePad })
  }

  override extraRepr(): string {
    return repr(this, 'kernelSize stride padding')
  }
}

abstract class AvgPoolNd<S> extends Module {
  readonly kernelSize: S
  readonly stride: S
  readonly padding: S
  readonly ceilMode: boolean
  readonly countIncludePad: boolean
  readonly divisorOverride: number | null

  constructor(
    name: string,
    dims: number,
    kernelSize: S,
    stride: S | null | AvgPoolDivisorOptions<S> | undefined,
    options: AvgPoolDivisorOptions<S> | undefined,
  ) {
    super()
    const given = avgPoolDivisorOptions.readFirst(name, stride, options) as AvgPoolDivisorOptions<S>
    this.kernelSize = asGiven(`${name}: kernelSize`, kernelSize, dims)
    this.stride = asGiven(`${name}: stride`, given.stride ?? kernelSize, dims)
    this.padding = asGiven(`${name}: padding`, given.padding ?? (0 as S), dims)
    this.ceilMode = given.ceilMode ?? false
    this.countIncludePad = given.countIncludePad ?? true
    this.divisorOverride = given.divisorOverride ?? null
  }

  override extraRepr(): string {
    return repr(this, 'kernelSize stride padding')
  }
}

/**
 * Mean of each window of an image. PyTorch: torch.nn.AvgPool2d.
 * @example new nn.AvgPool2d(2)(randn(1, 6, 28, 28)).shape // [1, 6, 14, 14]
 */
export class AvgPool2d extends AvgPoolNd<Pair> {
  constructor(
    kernelSize: Pair,
    stride?: Pair | null | AvgPoolDivisorOptions<Pair>,
    options?: AvgPoolDivisorOptions<Pair>,
  ) {
    atMost('AvgPool2d', 3, arguments.length)
    super('AvgPool2d', 2, kernelSize, stride, options)
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this
    return avgPool2d(x, kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride })
  }
}

/** Mean of each window of a volume. PyTorch: torch.nn.AvgPool3d. @example new nn.AvgPool3d([1, 2, 2]) */
export class AvgPool3d extends AvgPoolNd<Triple> {
  constructor(
    kernelSize: Triple,
    stride?: Triple | null | AvgPoolDivisorOptions<Triple>,
    options?: AvgPoolDivisorOptions<Triple>,
  ) {
    atMost('AvgPool3d', 3, arguments.length)
    super('AvgPool3d', 3, kernelSize, stride, options)
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this
    return avgPool3d(x, kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride })
  }
}

// Layers that normalize: batches, instances, layers, groups and roots of mean squares. Running statistics are buffers,
// so they are saved; their names are PyTorch's, as in state dicts.
import { ShapeError } from '../../errors.ts'
import {
  atMost,
  checkSizes,
  type Device,
  type DType,
  empty,
  flag,
  noGrad,
  Options,
  ones,
  python,
  repr,
  type Tensor,
  tensor,
  zeros,
} from '../../tensor/index.ts'
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from '../functional/norm.ts'
import { ones_, zeros_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

/** Where parameters are, and of which type. */
interface Place {
  device?: Device
  dtype?: DType
}

/** Options of `BatchNorm1d`, `InstanceNorm1d` and their relatives. */
export interface NormLayerOptions extends Place {
  /** Added to the variance, default 1e-5. */
  eps?: number
  /** By how much the running statistics move, default 0.1; null: they are the mean of all batches. */
  momentum?: number | null
  /** Weight and bias of each channel: default true for batches, false for instances. */
  affine?: boolean
  /** Running mean and variance for evaluation: default true for batches, false for instances. */
  trackRunningStats?: boolean
  /** Whether there is a bias, where there is a weight; default true. */
  bias?: boolean
}

const normOptions = new Options<NormLayerOptions>({
  eps: true,
  momentum: true,
  affine: true,
  trackRunningStats: true,
  bias: true,
  device: true,
  dtype: true,
})

function parameter(name: string, has: boolean, sizes: readonly number[], { dtype = 'float32', device = 'cpu' }: Place) {
  return has ? new Parameter(empty(checkSizes(name, sizes), { dtype, device })) : null
}

/** What has a weight and a bias, ones and zeros at first. */
abstract class Affine extends Module {
  declare weight: Parameter | null
  declare bias: Parameter | null

  protected addAffine(sizes: readonly number[], weight: boolean, bias: boolean, place: Place): void {
    const { name } = this.constructor
    this.registerParameter('weight', parameter(name, weight, sizes, place))
    this.registerParameter('bias', parameter(name, bias, sizes, place))
  }

  /** Weight 1 and bias 0 again. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight)
    if (this.bias !== null) zeros_(this.bias)
  }
}

/** Of channels, with running statistics. */
abstract class ChannelNorm extends Affine {
  readonly numFeatures: number
  readonly eps: number
  readonly momentum: number | null
  readonly affine: boolean
  readonly trackRunningStats: boolean
  declare readonly running_mean: Tensor | null
  declare readonly running_var: Tensor | null
  declare readonly num_batches_tracked: Tensor | null

  constructor(numFeatures: number, on: boolean, given: NormLayerOptions) {
    super()
    const { name } = new.target
    this.numFeatures = numFeatures
    this.eps = given.eps ?? 1e-5
    this.momentum = given.momentum === undefined ? 0.1 : given.momentum
    this.affine = flag(`${name}: affine`, given.affine ?? on)
    this.trackRunningStats = flag(`${name}: trackRunningStats`, given.trackRunningStats ?? on)
    const bias = flag(`${name}: bias`, given.bias ?? true)
    this.addAffine([numFeatures], this.affine, this.affine && bias, given)
    const { dtype = 'float32', device = 'cpu' } = given
    const kept = (make: () => Tensor) => (this.trackRunningStats ? make() : null)
    this.registerBuffer(
      'running_mean',
      kept(() => zeros(numFeatures, { dtype, device })),
    )
    this.registerBuffer(
      'running_var',
      kept(() => ones(numFeatures, { dtype, device })),
    )
    this.registerBuffer(
      'num_batches_tracked',
      kept(() => tensor(0, { dtype: 'int64', device })),
    )
    this.resetParameters()
  }

  /** Mean 0, variance 1, no batches. */
  resetRunningStats(): void {
    const { running_mean: mean, running_var: variance, num_batches_tracked: count } = this
    noGrad(() => {
      mean?.zero_()
      variance?.fill_(1)
      count?.zero_()
    })
  }

  override resetParameters(): void {
    this.resetRunningStats()
    super.resetParameters()
  }

  /** The share by which this batch moves the running statistics. */
  protected share(): number {
    if (!this.training || this.num_batches_tracked === null) return this.momentum ?? 0
    const count = this.num_batches_tracked
    noGrad(() => count.add_(1))
    return this.momentum ?? 1 / count.item()
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this
    const [text, tracks] = [python, python(trackRunningStats)]
    const bias = python(affine && this.bias !== null)
    return `${numFeatures}, eps=${text(eps)}, momentum=${text(momentum)}, affine=${text(affine)}, bias=${bias}, track_running_stats=${tracks}`
  }
}

function checkDims(name: string, x: Tensor, allowed: readonly number[]): void {
  if (allowed.includes(x.ndim)) return
  throw new ShapeError(`${name}: expected a tensor of ${allowed.join(' or ')} dimensions, got ${x.ndim}`)
}

abstract class BatchNorm extends ChannelNorm {
  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    super(numFeatures, true, normOptions.readFirst(new.target.name, eps, options))
  }

  /** Numbers of dimensions of an input. */
  protected abstract readonly dims: readonly number[]

  forward(x: Tensor): Tensor {
    checkDims(this.constructor.name, x, this.dims)
    const { running_mean: mean, running_var: variance, weight, bias, eps } = this
    const momentum = this.share()
    const own = this.training || mean === null
    const moves = !this.training || this.trackRunningStats
    return batchNorm(x, moves ? mean : null, moves ? variance : null, { weight, bias, training: own, momentum, eps })
  }
}

/**
 * Normalizes each channel of (N, C) or (N, C, L) over the batch. In training by the batch's own mean and variance, in
 * evaluation by running ones. PyTorch: torch.nn.BatchNorm1d. Source: https://arxiv.org/abs/1502.03167.
 * @throws ShapeError for other shapes, or one value per channel in training
 */
export class BatchNorm1d extends BatchNorm {
  protected get dims(): readonly number[] {
    return [2, 3]
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('BatchNorm1d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, H, W). PyTorch: torch.nn.BatchNorm2d. @throws ShapeError for other shapes */
export class BatchNorm2d extends BatchNorm {
  protected get dims(): readonly number[] {
    return [4]
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('BatchNorm2d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, D, H, W). PyTorch: torch.nn.BatchNorm3d. @throws ShapeError for other shapes */
export class BatchNorm3d extends BatchNorm {
  protected get dims(): readonly number[] {
    return [5]
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('BatchNorm3d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

abstract class InstanceNorm extends ChannelNorm {
  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    super(numFeatures, false, normOptions.readFirst(new.target.name, eps, options))
  }

  /** Dimensions of one sample. */
  protected abstract readonly dims: number

  forward(x: Tensor): Tensor {
    checkDims(this.constructor.name, x, [this.dims, this.dims + 1])
    if (x.ndim === this.dims) return this.forward(x.unsqueeze(0)).squeeze(0)
    const { running_mean: runningMean, running_var: runningVar, weight, bias, eps } = this
    const useInputStats = this.training || !this.trackRunningStats
    const momentum = this.momentum ?? 0
    return instanceNorm(x, { runningMean, runningVar, weight, bias, useInputStats, momentum, eps })
  }
}

/**
 * Normalizes each channel of each sample of (N, C, L) or (C, L). PyTorch: torch.nn.InstanceNorm1d.
 * Source: https://arxiv.org/abs/1607.08022.
 * @throws ShapeError for other shapes, or one value per channel
 */
export class InstanceNorm1d extends InstanceNorm {
  protected get dims(): number {
    return 2
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('InstanceNorm1d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, H, W) or (C, H, W). PyTorch: torch.nn.InstanceNorm2d. @throws ShapeError for other shapes */
export class InstanceNorm2d extends InstanceNorm {
  protected get dims(): number {
    return 3
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('InstanceNorm2d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, D, H, W) or (C, D, H, W). PyTorch: torch.nn.InstanceNorm3d. @throws ShapeError */
export class InstanceNorm3d extends InstanceNorm {
  protected get dims(): number {
    return 4
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('InstanceNorm3d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** Options of `LayerNorm`. */
export interface LayerNormOptions extends Place {
  /** Added to the variance, default 1e-5. */
  eps?: number
  /** Weight and bias of each element; default true. */
  elementwiseAffine?: boolean
  /** Whether there is a bias, where there is a weight; default true. */
  bias?: boolean
}

const layerNormOptions = new Options<LayerNormOptions>({
  eps: true,
  elementwiseAffine: true,
  bias: true,
  device: true,
  dtype: true,
})

const sizesOf = (shape: number | readonly number[]) => (typeof shape === 'number' ? [shape] : [...shape])
/** As Python prints a tuple. */
const tuple = (sizes: readonly number[]) => (sizes.length === 1 ? `(${sizes[0]},)` : python(sizes))

/**
 * Normalizes over the last dimensions, whose sizes are given. PyTorch: torch.nn.LayerNorm.
 * Source: https://arxiv.org/abs/1607.06450.
 * @example new nn.LayerNorm(8)(randn(2, 5, 8))
 */
export class LayerNorm extends Affine {
  readonly normalizedShape: readonly number[]
  readonly eps: number
  readonly elementwiseAffine: boolean

  constructor(
    normalizedShape: number | readonly number[],
    eps?: number | LayerNormOptions,
    options?: LayerNormOptions,
  ) {
    atMost('LayerNorm', 3, arguments.length)
    super()
    const given = layerNormOptions.readFirst('LayerNorm', eps, options)
    this.normalizedShape = sizesOf(normalizedShape)
    this.eps = given.eps ?? 1e-5
    this.elementwiseAffine = flag('LayerNorm: elementwiseAffine', given.elementwiseAffine ?? true)
    const bias = flag('LayerNorm: bias', given.bias ?? true)
    this.addAffine(this.normalizedShape, this.elementwiseAffine, this.elementwiseAffine && bias, given)
    this.resetParameters()
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this
    return layerNorm(x, this.normalizedShape, { weight, bias, eps })
  }

  override extraRepr(): string {
    const bias = python(this.elementwiseAffine && this.bias !== null)
    return `${tuple(this.normalizedShape)}, ${repr(this, 'eps elementwiseAffine')}, bias=${bias}`
  }
}

/** Options of `GroupNorm`. */
export interface GroupNormOptions extends Place {
  /** Added to the variance, default 1e-5. */
  eps?: number
  /** Weight and bias of each channel; default true. */
  affine?: boolean
  /** Whether there is a bias, where there is a weight; default true. */
  bias?: boolean
}

const groupNormOptions = new Options<GroupNormOptions>({
  eps: true,
  affine: true,
  bias: true,
  device: true,
  dtype: true,
})

/**
 * Normalizes each group of channels of each sample of (N, C, …). PyTorch: torch.nn.GroupNorm.
 * Source: https://arxiv.org/abs/1803.08494.
 * @throws ShapeError when the channels are not divisible into groups
 */
export class GroupNorm extends Affine {
  readonly numGroups: number
  readonly numChannels: number
  readonly eps: number
  readonly affine: boolean

  constructor(numGroups: number, numChannels: number, eps?: number | GroupNormOptions, options?: GroupNormOptions) {
    atMost('GroupNorm', 4, arguments.length)
    super()
    const given = groupNormOptions.readFirst('GroupNorm', eps, options)
    if (numChannels % numGroups !== 0)
      throw new ShapeError(`GroupNorm: ${numChannels} channels are not divisible into ${numGroups} groups`)
    this.numGroups = numGroups
    this.numChannels = numChannels
    this.eps = given.eps ?? 1e-5
    this.affine = flag('GroupNorm: affine', given.affine ?? true)
    const bias = flag('GroupNorm: bias', given.bias ?? true)
    this.addAffine([numChannels], this.affine, this.affine && bias, given)
    this.resetParameters()
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this
    return groupNorm(x, this.numGroups, { weight, bias, eps })
  }

  override extraRepr(): string {
    const bias = python(this.affine && this.bias !== null)
    return `${this.numGroups}, ${this.numChannels}, ${repr(this, 'eps affine')}, bias=${bias}`
  }
}

/** Options of `RMSNorm`. */
export interface RMSNormOptions extends Place {
  /** Added to the mean of squares; default null, the dtype's epsilon. */
  eps?: number | null
  /** A weight of each element; default true. */
  elementwiseAffine?: boolean
}

const rmsNormOptions = new Options<RMSNormOptions>({ eps: true, elementwiseAffine: true, device: true, dtype: true })

/**
 * Divides by the root of the mean of squares over the last dimensions, whose sizes are given. PyTorch:
 * torch.nn.RMSNorm. Source: https://arxiv.org/abs/1910.07467.
 */
export class RMSNorm extends Module {
  declare weight: Parameter | null
  readonly normalizedShape: readonly number[]
  readonly eps: number | null
  readonly elementwiseAffine: boolean

  constructor(
    normalizedShape: number | readonly number[],
    eps?: number | null | RMSNormOptions,
    options?: RMSNormOptions,
  ) {
    atMost('RMSNorm', 3, arguments.length)
    super()
    const given = rmsNormOptions.readFirst('RMSNorm', eps, options)
    this.normalizedShape = sizesOf(normalizedShape)
    this.eps = given.eps ?? null
    this.elementwiseAffine = flag('RMSNorm: elementwiseAffine', given.elementwiseAffine ?? true)
    this.registerParameter('weight', parameter('RMSNorm', this.elementwiseAffine, this.normalizedShape, given))
    this.resetParameters()
  }

  /** Weight 1 again. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight)
  }

  forward(x: Tensor): Tensor {
    const { weight, eps } = this
    return rmsNorm(x, this.normalizedShape, { weight, eps })
  }

  override extraRepr(): string {
    return `${tuple(this.normalizedShape)}, ${repr(this, 'eps elementwiseAffine')}`
  }
}

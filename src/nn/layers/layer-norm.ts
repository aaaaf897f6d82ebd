// Layers that normalize each sample: its elements, or its groups of channels.
import { ShapeError } from '../../errors.ts'
import { atMost, checkSizes, flag, Options, python, repr, type Tensor } from '../../tensor/index.ts'
import { groupNorm, layerNorm, rmsNorm } from '../functional/norm.ts'
import { ones_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import type { Parameter } from '../module/parameter.ts'
import { Affine, type Place, parameter } from './affine.ts'

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

const sizesOf = (shape: number | readonly number[]) =>
  checkSizes('normalizedShape', typeof shape === 'number' ? [shape] : shape)
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
    return `${python(this.normalizedShape)}, ${repr(this, 'eps elementwiseAffine')}, bias=${bias}`
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
    checkSizes('GroupNorm', [numGroups, numChannels])
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
    return `${python(this.normalizedShape)}, ${repr(this, 'eps elementwiseAffine')}`
  }
}

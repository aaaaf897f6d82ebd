// Convolution of images. Padding with anything but zeros is not implemented.
import { ArgumentError } from '../../errors.ts'
import {
  atMost,
  checkSizes,
  conv2d,
  convPadding,
  type Device,
  type DType,
  empty,
  flag,
  Options,
  type Pair,
  pair,
  repr,
  shown,
  type Tensor,
} from '../../tensor/index.ts'
import { pad } from '../functional/pad.ts'
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

/** Options of `Conv2d`. */
export interface Conv2dLayerOptions {
  stride?: Pair
  /** Zeros on each side; `'valid'` is 0, `'same'` keeps the size. */
  padding?: Pair | 'same' | 'valid'
  dilation?: Pair
  groups?: number
  /** Add a learnable bias, default true. */
  bias?: boolean
  paddingMode?: 'zeros' | 'reflect' | 'replicate' | 'circular'
  dtype?: DType
  device?: Device
}

const conv2dOptions = new Options<Conv2dLayerOptions>({
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  bias: true,
  paddingMode: true,
  dtype: true,
  device: true,
})

/**
 * Convolution of (N, inChannels, H, W) with learnable kernels. PyTorch: torch.nn.Conv2d.
 * @throws ArgumentError when channels and groups do not divide
 * @example new nn.Conv2d(1, 6, 5, { padding: 2 })(randn(1, 1, 28, 28)).shape // [1, 6, 28, 28]
 */
export class Conv2d extends Module {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernelSize: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number] | 'same' | 'valid'
  readonly dilation: readonly [number, number]
  readonly groups: number
  readonly paddingMode: 'zeros' | 'reflect' | 'replicate' | 'circular'
  /** (outChannels, inChannels / groups, kH, kW) */
  weight: Parameter
  /** (outChannels) */
  bias: Parameter | null

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    stride?: Pair | Conv2dLayerOptions,
    options?: Conv2dLayerOptions,
  ) {
    atMost('Conv2d', 5, arguments.length)
    super()
    const given = conv2dOptions.readFirst('Conv2d', stride, options)
    const { padding = 0, groups = 1, bias = true, paddingMode = 'zeros', dtype = 'float32', device = 'cpu' } = given
    checkSizes('Conv2d', [inChannels, outChannels])
    if (!(Number.isInteger(groups) && groups > 0)) throw new ArgumentError('groups must be a positive integer')
    if (inChannels % groups !== 0) throw new ArgumentError('in_channels must be divisible by groups')
    if (outChannels % groups !== 0) throw new ArgumentError('out_channels must be divisible by groups')
    if (!['zeros', 'reflect', 'replicate', 'circular'].includes(paddingMode))
      throw new ArgumentError(
        `Conv2d: paddingMode: expected 'zeros', 'reflect', 'replicate' or 'circular', got '${shown(paddingMode)}'`,
      )
    this.paddingMode = paddingMode
    this.inChannels = inChannels
    this.outChannels = outChannels
    this.kernelSize = pair('Conv2d: kernelSize', kernelSize)
    checkSizes('Conv2d: kernelSize', this.kernelSize)
    this.stride = pair('Conv2d: stride', given.stride ?? 1)
    this.padding = typeof padding === 'string' ? padding : pair('Conv2d: padding', padding)
    this.dilation = pair('Conv2d: dilation', given.dilation ?? 1)
    this.groups = groups
    convPadding(padding, this.kernelSize, this.stride, this.dilation)
    this.weight = new Parameter(empty([outChannels, inChannels / groups, ...this.kernelSize], { dtype, device }))
    this.bias = flag('Conv2d: bias', bias) ? new Parameter(empty([outChannels], { dtype, device })) : null
    this.resetParameters()
  }

  /** Draws new parameters from U(-k, k), k = 1 / sqrt(inputs of one output). */
  resetParameters(): void {
    kaimingUniform_(this.weight, Math.sqrt(5))
    if (this.bias === null) return
    const [fanIn] = calculateFanInAndFanOut(this.weight)
    if (fanIn > 0) uniform_(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn))
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups, paddingMode: mode } = this
    if (mode === 'zeros') return conv2d(x, this.weight, this.bias, { stride, padding, dilation, groups })
    const { before, behind } = convPadding(padding, this.kernelSize, stride, dilation)
    const around = before
      .map((size, i) => [size, behind[i]!])
      .reverse()
      .flat()
    return conv2d(pad(x, around, { mode }), this.weight, this.bias, { stride, dilation, groups })
  }

  override extraRepr(): string {
    let text = `${this.inChannels}, ${this.outChannels}, ${repr(this, 'kernelSize stride')}`
    if (String(this.padding) !== '0,0') text += `, ${repr(this, 'padding')}`
    if (String(this.dilation) !== '1,1') text += `, ${repr(this, 'dilation')}`
    if (this.groups !== 1) text += `, ${repr(this, 'groups')}`
    if (this.bias === null) text += ', bias=False'
    if (this.paddingMode !== 'zeros') text += `, padding_mode=${this.paddingMode}`
    return text
  }
}

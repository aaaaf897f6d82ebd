// What all layers of convolution share: sizes, parameters and the values these begin with, the printed form.
import { ArgumentError } from '../../errors.ts'
import {
  checkSizes,
  convPadding,
  type Device,
  type DType,
  empty,
  flag,
  repr,
  shown,
  spatial,
} from '../../tensor/index.ts'
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

/** A number for all dimensions, or one for each. */
export type SizeOf<N extends readonly number[]> = number | N

export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular'

/** What both kinds of layers take: convolutions no `outputPadding`, transposed ones no words as `padding`. */
export interface ConvNdOptions<N extends readonly number[]> {
  stride?: SizeOf<N>
  padding?: SizeOf<N> | 'same' | 'valid'
  dilation?: SizeOf<N>
  outputPadding?: SizeOf<N>
  groups?: number
  bias?: boolean
  paddingMode?: PaddingMode
  dtype?: DType
  device?: Device
}

export abstract class ConvNd<N extends readonly number[], A extends unknown[]> extends Module<A> {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernelSize: N
  readonly stride: N
  readonly padding: N | 'same' | 'valid'
  readonly dilation: N
  readonly outputPadding: N
  readonly groups: number
  readonly paddingMode: PaddingMode
  /** (outChannels, inChannels / groups, ...kernelSize); transposed (inChannels, outChannels / groups, ...kernelSize) */
  weight: Parameter
  /** (outChannels) */
  bias: Parameter | null

  protected constructor(
    op: string,
    dims: number,
    transposed: boolean,
    inChannels: number,
    outChannels: number,
    kernelSize: SizeOf<N>,
    given: ConvNdOptions<N>,
  ) {
    super()
    const sizes = (option: string, value: SizeOf<N>) => spatial(`${op}: ${option}`, value, dims) as N
    const { padding = 0, groups = 1, bias = true, paddingMode = 'zeros', dtype = 'float32', device = 'cpu' } = given
    checkSizes(op, [inChannels, outChannels])
    if (!(Number.isInteger(groups) && groups > 0)) throw new ArgumentError('groups must be a positive integer')
    if (inChannels % groups !== 0) throw new ArgumentError('in_channels must be divisible by groups')
    if (outChannels % groups !== 0) throw new ArgumentError('out_channels must be divisible by groups')
    if (!['zeros', 'reflect', 'replicate', 'circular'].includes(paddingMode))
      throw new ArgumentError(
        `${op}: paddingMode: expected 'zeros', 'reflect', 'replicate' or 'circular', got '${shown(paddingMode)}'`,
      )
    if (transposed && paddingMode !== 'zeros')
      throw new ArgumentError(`Only "zeros" padding mode is supported for ${op}`)
    this.inChannels = inChannels
    this.outChannels = outChannels
    this.kernelSize = sizes('kernelSize', kernelSize)
    checkSizes(`${op}: kernelSize`, this.kernelSize)
    this.stride = sizes('stride', given.stride ?? 1)
    this.padding = typeof padding === 'string' && !transposed ? padding : sizes('padding', padding as SizeOf<N>)
    this.dilation = sizes('dilation', given.dilation ?? 1)
    this.outputPadding = sizes('outputPadding', given.outputPadding ?? 0)
    this.groups = groups
    this.paddingMode = paddingMode
    convPadding(op, this.padding, this.kernelSize, this.stride, this.dilation)
    const channels = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups]
    this.weight = new Parameter(empty([...channels, ...this.kernelSize], { dtype, device }))
    this.bias = flag(`${op}: bias`, bias) ? new Parameter(empty([outChannels], { dtype, device })) : null
    this.resetParameters()
  }

  /** Draws new parameters from U(-k, k), k = 1 / sqrt(numbers in one row of the weight). */
  resetParameters(): void {
    kaimingUniform_(this.weight, Math.sqrt(5))
    if (this.bias === null) return
    const [fanIn] = calculateFanInAndFanOut(this.weight)
    if (fanIn > 0) uniform_(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn))
  }

  override extraRepr(): string {
    const all = (sizes: N | string, usual: number) => typeof sizes !== 'string' && sizes.every(size => size === usual)
    let text = `${this.inChannels}, ${this.outChannels}, ${repr(this, 'kernelSize stride')}`
    if (!all(this.padding, 0)) text += `, ${repr(this, 'padding')}`
    if (!all(this.dilation, 1)) text += `, ${repr(this, 'dilation')}`
    if (!all(this.outputPadding, 0)) text += `, ${repr(this, 'outputPadding')}`
    if (this.groups !== 1) text += `, ${repr(this, 'groups')}`
    if (this.bias === null) text += ', bias=False'
    if (this.paddingMode !== 'zeros') text += `, padding_mode=${this.paddingMode}`
    return text
  }
}

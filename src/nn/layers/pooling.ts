// Pooling layers. Sizes print as they were given, a number or a pair.
import {
  atMost,
  type MaxPool2dOptions,
  maxPool2d,
  maxPool2dOptions,
  type Pair,
  pair,
  repr,
  type Tensor,
} from '../../tensor/index.ts'
import { Module } from '../module/module.ts'

/** A number, or a pair that nobody else can change. */
function asGiven(option: string, value: Pair): Pair {
  return typeof value === 'number' ? value : pair(`MaxPool2d: ${option}`, value)
}

/**
 * Largest value of each window; the stride defaults to the kernel size. PyTorch: torch.nn.MaxPool2d.
 * @example new nn.MaxPool2d(2)(randn(1, 6, 28, 28)).shape // [1, 6, 14, 14]
 */
export class MaxPool2d extends Module {
  readonly kernelSize: Pair
  readonly stride: Pair
  readonly padding: Pair
  readonly dilation: Pair
  readonly ceilMode: boolean

  constructor(kernelSize: Pair, stride?: Pair | MaxPool2dOptions, options?: MaxPool2dOptions) {
    atMost('MaxPool2d', 3, arguments.length)
    super()
    const given = maxPool2dOptions.readFirst('MaxPool2d', stride, options)
    this.kernelSize = asGiven('kernelSize', kernelSize)
    this.stride = asGiven('stride', given.stride ?? kernelSize)
    this.padding = asGiven('padding', given.padding ?? 0)
    this.dilation = asGiven('dilation', given.dilation ?? 1)
    this.ceilMode = given.ceilMode ?? false
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, ceilMode } = this
    return maxPool2d(x, this.kernelSize, { stride, padding, dilation, ceilMode })
  }

  override extraRepr(): string {
    return repr(this, 'kernelSize stride padding dilation ceilMode')
  }
}

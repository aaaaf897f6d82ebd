// Layers that put elements elsewhere: pixels and channels, windows and columns.
import {
  atMost,
  channelShuffle,
  type Pair,
  pixelShuffle,
  pixelUnshuffle,
  repr,
  type Tensor,
} from '../../tensor/index.ts'
import { type FoldOptions, fold, foldOptions, unfold } from '../functional/fold.ts'
import { Module } from '../module/module.ts'

/** Channels as pixels: (…, c r², h, w) to (…, c, h r, w r). PyTorch: torch.nn.PixelShuffle. */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number

  constructor(upscaleFactor: number) {
    atMost('PixelShuffle', 1, arguments.length)
    super()
    this.upscaleFactor = upscaleFactor
  }

  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor)
  }

  override extraRepr(): string {
    return repr(this, 'upscaleFactor')
  }
}

/** Pixels as channels: (…, c, h r, w r) to (…, c r², h, w). PyTorch: torch.nn.PixelUnshuffle. */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number

  constructor(downscaleFactor: number) {
    atMost('PixelUnshuffle', 1, arguments.length)
    super()
    this.downscaleFactor = downscaleFactor
  }

  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor)
  }

  override extraRepr(): string {
    return repr(this, 'downscaleFactor')
  }
}

/** The first channel of each group, then the second, and so on. PyTorch: torch.nn.ChannelShuffle. */
export class ChannelShuffle extends Module {
  readonly groups: number

  constructor(groups: number) {
    atMost('ChannelShuffle', 1, arguments.length)
    super()
    this.groups = groups
  }

  forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups)
  }

  override extraRepr(): string {
    return repr(this, 'groups')
  }
}

abstract class Windows extends Module {
  readonly kernelSize: Pair
  readonly dilation: Pair
  readonly padding: Pair
  readonly stride: Pair

  constructor(kernelSize: Pair, given: FoldOptions) {
    super()
    this.kernelSize = kernelSize
    this.dilation = given.dilation ?? 1
    this.padding = given.padding ?? 0
    this.stride = given.stride ?? 1
  }

  protected get options(): FoldOptions {
    const { dilation, padding, stride } = this
    return { dilation, padding, stride }
  }

  override extraRepr(): string {
    return repr(this, 'kernelSize dilation padding stride')
  }
}

/** The windows of images as columns: (N, C, H, W) to (N, C × kernel, windows). PyTorch: torch.nn.Unfold. */
export class Unfold extends Windows {
  constructor(kernelSize: Pair, dilation?: Pair | FoldOptions, options?: FoldOptions) {
    atMost('Unfold', 3, arguments.length)
    super(kernelSize, foldOptions.readFirst('Unfold', dilation, options))
  }

  forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.options)
  }
}

/** Columns added up in images of a size: (N, C × kernel, windows) to (N, C, H, W). PyTorch: torch.nn.Fold. */
export class Fold extends Windows {
  readonly outputSize: Pair

  constructor(outputSize: Pair, kernelSize: Pair, dilation?: Pair | FoldOptions, options?: FoldOptions) {
    atMost('Fold', 4, arguments.length)
    super(kernelSize, foldOptions.readFirst('Fold', dilation, options))
    this.outputSize = outputSize
  }

  forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this.options)
  }

  override extraRepr(): string {
    return `${repr(this, 'outputSize')}, ${super.extraRepr()}`
  }
}

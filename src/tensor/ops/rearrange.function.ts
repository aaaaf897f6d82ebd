// Between pixels and channels, functions only.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * Channels as pixels: (…, c r², h, w) to (…, c, h r, w r). PyTorch: torch.nn.functional.pixel_shuffle.
 * @throws ShapeError unless the channels divide
 */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  atMost('pixelShuffle', 2, arguments.length)
  return wrap(native.pixelShuffle(handleOf('pixelShuffle', x), upscaleFactor))
}

/**
 * Pixels as channels: (…, c, h r, w r) to (…, c r², h, w). PyTorch: torch.nn.functional.pixel_unshuffle.
 * @throws ShapeError unless the pixels divide
 */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  atMost('pixelUnshuffle', 2, arguments.length)
  return wrap(native.pixelUnshuffle(handleOf('pixelUnshuffle', x), downscaleFactor))
}

/**
 * The first channel of each group, then the second, …: channels are dim 1. PyTorch:
 * torch.nn.functional.channel_shuffle.
 * @throws ShapeError unless they divide into so many groups
 */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  atMost('channelShuffle', 2, arguments.length)
  return wrap(native.channelShuffle(handleOf('channelShuffle', x), groups))
}

// Convolution of images, (N, C, H, W), a function only. Libraries pad both sides alike; what `'same'` with an even
// kernel needs behind the image more is added first.
import { native } from '../../native/load.ts'
import { checked, convPadding, handleOf, optional, type Pair, pair } from '../args.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `conv2d`. */
export interface Conv2dOptions {
  /** (C_out) */
  bias?: Tensor | null
  stride?: Pair
  /** Zeros on each side; `'valid'` is 0, `'same'` keeps the size. */
  padding?: Pair | 'same' | 'valid'
  dilation?: Pair
  groups?: number
}

const conv2dOptions = new Options<Conv2dOptions>({
  bias: true,
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
})

/**
 * Convolution of (N, C_in, H, W) with (C_out, C_in / groups, kH, kW). PyTorch: torch.nn.functional.conv2d.
 * @throws ShapeError when the sizes do not fit
 * @example conv2d(images, weight, bias, { padding: 2 })
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | Conv2dOptions,
  options?: Conv2dOptions,
): Tensor {
  atMost('conv2d', 4, arguments.length)
  const given = conv2dOptions.readFirst('conv2d', bias, options)
  const stride = pair('conv2d: stride', given.stride ?? 1)
  const dilation = pair('conv2d: dilation', given.dilation ?? 1)
  const kernel = checked('conv2d', weight).shape.slice(2)
  const { before, behind } = convPadding(given.padding ?? 0, kernel, stride, dilation)
  const offset = optional('conv2d', given.bias)
  const { groups = 1 } = given
  // From the last dimension on.
  const more = behind
    .map((size, i) => [0, size - before[i]!])
    .reverse()
    .flat()
  const uneven = more.some(size => size > 0)
  const image = uneven ? native.constantPadNd(handleOf('conv2d', x), more, 0) : handleOf('conv2d', x)
  return wrap(native.conv2d(image, weight.handle, offset, stride, before, dilation, groups))
}

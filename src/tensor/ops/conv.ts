// Convolution of images, (N, C, H, W). Padding is symmetric; `'same'` with an even kernel would need one more row on
// one side only and is refused.
import { ArgumentError, UnsupportedError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, firstOption, handleOf, optional, type Pair, pair } from '../args.ts'
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

/**
 * Zeros on each side of an image for `padding`, whatever way it is given. @internal
 * @throws ArgumentError for 'same' with a stride, UnsupportedError for 'same' with an even kernel
 */
export function convPadding(
  padding: Pair | 'same' | 'valid',
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): readonly number[] {
  if (padding === 'valid') return [0, 0]
  if (padding !== 'same') return pair('conv2d: padding', padding)
  if (stride.some(step => step !== 1))
    throw new ArgumentError("padding='same' is not supported for strided convolutions")
  const total = kernel.map((size, i) => dilation[i]! * (size - 1))
  if (total.some(zeros => zeros % 2 !== 0)) {
    throw new UnsupportedError("padding: 'same' is not implemented for even kernel sizes")
  }
  return total.map(zeros => zeros / 2)
}

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
  const given = firstOption('bias', bias, options)
  const stride = pair('conv2d: stride', given.stride ?? 1)
  const dilation = pair('conv2d: dilation', given.dilation ?? 1)
  const padding = convPadding(given.padding ?? 0, checked('conv2d', weight).shape.slice(2), stride, dilation)
  const offset = optional('conv2d', given.bias)
  const { groups = 1 } = given
  return wrap(native.conv2d(handleOf('conv2d', x), weight.handle, offset, stride, padding, dilation, groups))
}

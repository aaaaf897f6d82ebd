// Convolution of signals, images and volumes, (N, C, ...), and its transpose, functions only. Libraries pad both sides
// alike; what `'same'` with an even kernel needs behind the image more is added first.
import { native } from '../../native/load.ts'
import {
  checked,
  convPadding,
  handleOf,
  named,
  optional,
  type Pair,
  type Single,
  spatial,
  type Triple,
} from '../args.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `conv1d`, `conv2d` and `conv3d`; a `Size` is a number, or one for each dimension. */
export interface ConvOptions<Size> {
  /** (C_out) */
  bias?: Tensor | null
  stride?: Size
  /** Zeros on each side; `'valid'` is 0, `'same'` keeps the size. */
  padding?: Size | 'same' | 'valid'
  dilation?: Size
  groups?: number
}

/** Options of `convTranspose1d`, `convTranspose2d` and `convTranspose3d`. */
export interface ConvTransposeOptions<Size> {
  /** (C_out) */
  bias?: Tensor | null
  stride?: Size
  /** What the convolution that is transposed has: as much is cut off each side. */
  padding?: Size
  /** What one side of the result has more than its smallest size. */
  outputPadding?: Size
  groups?: number
  dilation?: Size
}

type Sizes = number | readonly number[]

const convOptions = new Options<ConvOptions<Sizes>>({
  bias: true,
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
})
const convTransposeOptions = new Options<ConvTransposeOptions<Sizes>>({
  bias: true,
  stride: true,
  padding: true,
  outputPadding: true,
  groups: true,
  dilation: true,
})

/**
 * Convolution of (N, C_in, L) with (C_out, C_in / groups, k). PyTorch: torch.nn.functional.conv1d.
 * @throws ShapeError when the sizes do not fit
 * @example conv1d(randn(8, 2, 100), randn(4, 2, 5), { padding: 'same' }).shape // [8, 4, 100]
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvOptions<Single>,
  options?: ConvOptions<Single>,
): Tensor {
  atMost('conv1d', 4, arguments.length)
  return convolution('conv1d', 1, x, weight, convOptions.readFirst('conv1d', bias, options))
}

/**
 * Convolution of (N, C_in, H, W) with (C_out, C_in / groups, kH, kW). PyTorch: torch.nn.functional.conv2d.
 * @throws ShapeError when the sizes do not fit
 * @example conv2d(images, weight, bias, { padding: 2 })
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvOptions<Pair>,
  options?: ConvOptions<Pair>,
): Tensor {
  atMost('conv2d', 4, arguments.length)
  return convolution('conv2d', 2, x, weight, convOptions.readFirst('conv2d', bias, options))
}

/**
 * Convolution of (N, C_in, D, H, W) with (C_out, C_in / groups, kD, kH, kW). PyTorch: torch.nn.functional.conv3d.
 * @throws ShapeError when the sizes do not fit
 * @example conv3d(randn(1, 2, 8, 16, 16), randn(4, 2, 3, 3, 3), { stride: 2 }).shape // [1, 4, 3, 7, 7]
 */
export function conv3d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvOptions<Triple>,
  options?: ConvOptions<Triple>,
): Tensor {
  atMost('conv3d', 4, arguments.length)
  return convolution('conv3d', 3, x, weight, convOptions.readFirst('conv3d', bias, options))
}

/**
 * The gradient of `conv1d` for its input, of (N, C_in, L) and (C_in, C_out / groups, k). PyTorch:
 * torch.nn.functional.conv_transpose1d.
 * @throws ShapeError when the sizes do not fit
 * @example convTranspose1d(randn(8, 2, 50), randn(2, 4, 4), { stride: 2, padding: 1 }).shape // [8, 4, 100]
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvTransposeOptions<Single>,
  options?: ConvTransposeOptions<Single>,
): Tensor {
  atMost('convTranspose1d', 4, arguments.length)
  const given = convTransposeOptions.readFirst('convTranspose1d', bias, options)
  return transposed('convTranspose1d', 1, x, weight, given)
}

/**
 * The gradient of `conv2d` for its input, of (N, C_in, H, W) and (C_in, C_out / groups, kH, kW). PyTorch:
 * torch.nn.functional.conv_transpose2d.
 * @throws ShapeError when the sizes do not fit
 * @example convTranspose2d(randn(1, 8, 7, 7), randn(8, 4, 2, 2), { stride: 2 }).shape // [1, 4, 14, 14]
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvTransposeOptions<Pair>,
  options?: ConvTransposeOptions<Pair>,
): Tensor {
  atMost('convTranspose2d', 4, arguments.length)
  const given = convTransposeOptions.readFirst('convTranspose2d', bias, options)
  return transposed('convTranspose2d', 2, x, weight, given)
}

/**
 * The gradient of `conv3d` for its input, of (N, C_in, D, H, W) and (C_in, C_out / groups, kD, kH, kW). PyTorch:
 * torch.nn.functional.conv_transpose3d.
 * @throws ShapeError when the sizes do not fit
 * @example convTranspose3d(randn(1, 4, 3, 7, 7), randn(4, 2, 2, 2, 2), { stride: 2 }).shape // [1, 2, 6, 14, 14]
 */
export function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvTransposeOptions<Triple>,
  options?: ConvTransposeOptions<Triple>,
): Tensor {
  atMost('convTranspose3d', 4, arguments.length)
  const given = convTransposeOptions.readFirst('convTranspose3d', bias, options)
  return transposed('convTranspose3d', 3, x, weight, given)
}

function convolution(op: string, dims: number, x: Tensor, weight: Tensor, given: ConvOptions<Sizes>): Tensor {
  const stride = spatial(`${op}: stride`, given.stride ?? 1, dims)
  const dilation = spatial(`${op}: dilation`, given.dilation ?? 1, dims)
  const kernel = checked(op, weight).shape.slice(2)
  const { before, behind } = convPadding(op, given.padding ?? 0, kernel, stride, dilation)
  const { groups = 1 } = given
  // From the last dimension on.
  const more = behind
    .map((size, i) => [0, size - before[i]!])
    .reverse()
    .flat()
  const uneven = more.some(size => size > 0)
  const image = uneven ? native.constantPadNd(handleOf(op, x), more, 0) : handleOf(op, x)
  const bias = optional(op, given.bias)
  const none = spatial(op, 0, dims)
  return named(op, () =>
    wrap(native.convolution(image, weight.handle, bias, stride, before, dilation, false, none, groups)),
  )
}

function transposed(op: string, dims: number, x: Tensor, weight: Tensor, given: ConvTransposeOptions<Sizes>): Tensor {
  const { bias, stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 } = given
  const each = (option: string, value: Sizes) => spatial(`${op}: ${option}`, value, dims)
  return named(op, () =>
    wrap(
      native.convolution(
        handleOf(op, x),
        handleOf(op, weight),
        optional(op, bias),
        each('stride', stride),
        each('padding', padding),
        each('dilation', dilation),
        true,
        each('outputPadding', outputPadding),
        groups,
      ),
    ),
  )
}

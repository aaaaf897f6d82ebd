// Layers of transposed convolution. A stride leaves it open how large their result is: `outputPadding` says how much
// larger than the smallest it is, or `outputSize`, which forward takes, the size itself.
import { ArgumentError } from '../../errors.ts'
import {
  atMost,
  checked,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type Device,
  type DType,
  Options,
  refuse,
  shown,
  type Tensor,
} from '../../tensor/index.ts'
import { ConvNd, type SizeOf } from './conv-nd.ts'

/** Options of `ConvTranspose1d` and so on; sizes are a number, or one for each dimension. */
export interface ConvTransposeLayerOptions<N extends readonly number[]> {
  stride?: SizeOf<N>
  /** What the convolution that is transposed has: as much is cut off each side. */
  padding?: SizeOf<N>
  /** What one side of the result has more than its smallest size. */
  outputPadding?: SizeOf<N>
  groups?: number
  /** Add a learnable bias, default true. */
  bias?: boolean
  dilation?: SizeOf<N>
  paddingMode?: 'zeros'
  dtype?: DType
  device?: Device
}

/** Options of a call of a layer of transposed convolution. */
export interface ConvTransposeCallOptions {
  /** The size of the result, with batch and channels or without; default by `outputPadding`. */
  outputSize?: readonly number[] | null
}

type One = readonly [number]
type Two = readonly [number, number]
type Three = readonly [number, number, number]
type Call = [x: Tensor, outputSize?: readonly number[] | null | ConvTransposeCallOptions]

// biome-ignore lint/suspicious/noExplicitAny: the names are the same for any number of dimensions
const convTransposeOptions = new Options<ConvTransposeLayerOptions<any>>({
  stride: true,
  padding: true,
  outputPadding: true,
  groups: true,
  bias: true,
  dilation: true,
  paddingMode: true,
  dtype: true,
  device: true,
})
const callOptions = new Options<ConvTransposeCallOptions>({ outputSize: true })

/** The transposed convolution of a layer. */
function forward<N extends readonly number[]>(
  op: string,
  layer: ConvNd<N, Call>,
  [x, given]: Call,
  convolve: (x: Tensor, w: Tensor, bias: Tensor | null, options: object) => Tensor,
): Tensor {
  const { weight, bias, stride, padding, groups, dilation } = layer
  const { outputSize } = callOptions.readFirst(op, given)
  const outputPadding = outputSize == null ? layer.outputPadding : paddingFor(op, layer, x, outputSize)
  return convolve(x, weight, bias, { stride, padding, outputPadding, groups, dilation })
}

/** The outputPadding that gives the size. @throws ArgumentError when none does */
function paddingFor<N extends readonly number[]>(
  op: string,
  { stride, padding, dilation, kernelSize }: ConvNd<N, Call>,
  x: Tensor,
  outputSize: readonly number[],
): number[] {
  if (!Array.isArray(outputSize)) refuse(`${op}: outputSize`, 'an array of numbers', outputSize, paddingFor)
  const dims = kernelSize.length
  const before = checked(op, x).dim() === dims + 2 ? 2 : 1
  const all = outputSize.length === dims + before
  const wanted = all ? outputSize.slice(before) : outputSize
  if (wanted.length !== dims)
    throw new ArgumentError(
      `${op}: outputSize: expected ${dims} or ${dims + before} numbers for an input of ${x.dim()} dimensions, got ${outputSize.length}`,
    )
  const least = x.shape
    .slice(before)
    .map((n, i) => (n - 1) * stride[i]! - 2 * Number(padding[i]) + dilation[i]! * (kernelSize[i]! - 1) + 1)
  const most = least.map((n, i) => n + stride[i]! - 1)
  if (wanted.some((n, i) => !(n >= least[i]! && n <= most[i]!)))
    throw new ArgumentError(`${op}: outputSize must be from ${shown(least)} to ${shown(most)}, got ${shown(wanted)}`)
  return wanted.map((n, i) => n - least[i]!)
}

/**
 * Transposed convolution of (N, inChannels, L) with learnable kernels. PyTorch: torch.nn.ConvTranspose1d.
 * @throws ArgumentError when channels and groups do not divide
 * @example new nn.ConvTranspose1d(2, 4, 4, 2, { padding: 1 })(randn(8, 2, 50)).shape // [8, 4, 100]
 */
export class ConvTranspose1d extends ConvNd<One, Call> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: SizeOf<One>,
    stride?: SizeOf<One> | ConvTransposeLayerOptions<One>,
    options?: ConvTransposeLayerOptions<One>,
  ) {
    atMost('ConvTranspose1d', 5, arguments.length)
    const given = convTransposeOptions.readFirst('ConvTranspose1d', stride, options)
    super('ConvTranspose1d', 1, true, inChannels, outChannels, kernelSize, given)
  }

  forward(...call: Call): Tensor {
    return forward('ConvTranspose1d', this, call, convTranspose1d)
  }
}

/**
 * Transposed convolution of (N, inChannels, H, W) with learnable kernels. PyTorch: torch.nn.ConvTranspose2d.
 * @throws ArgumentError when channels and groups do not divide
 * @example new nn.ConvTranspose2d(8, 4, 3, 2)(randn(1, 8, 7, 7), [16, 16]).shape // [1, 4, 16, 16]
 */
export class ConvTranspose2d extends ConvNd<Two, Call> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: SizeOf<Two>,
    stride?: SizeOf<Two> | ConvTransposeLayerOptions<Two>,
    options?: ConvTransposeLayerOptions<Two>,
  ) {
    atMost('ConvTranspose2d', 5, arguments.length)
    const given = convTransposeOptions.readFirst('ConvTranspose2d', stride, options)
    super('ConvTranspose2d', 2, true, inChannels, outChannels, kernelSize, given)
  }

  forward(...call: Call): Tensor {
    return forward('ConvTranspose2d', this, call, convTranspose2d)
  }
}

/**
 * Transposed convolution of (N, inChannels, D, H, W) with learnable kernels. PyTorch: torch.nn.ConvTranspose3d.
 * @throws ArgumentError when channels and groups do not divide
 * @example new nn.ConvTranspose3d(4, 2, 2, 2)(randn(1, 4, 3, 7, 7)).shape // [1, 2, 6, 14, 14]
 */
export class ConvTranspose3d extends ConvNd<Three, Call> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: SizeOf<Three>,
    stride?: SizeOf<Three> | ConvTransposeLayerOptions<Three>,
    options?: ConvTransposeLayerOptions<Three>,
  ) {
    atMost('ConvTranspose3d', 5, arguments.length)
    const given = convTransposeOptions.readFirst('ConvTranspose3d', stride, options)
    super('ConvTranspose3d', 3, true, inChannels, outChannels, kernelSize, given)
  }

  forward(...call: Call): Tensor {
    return forward('ConvTranspose3d', this, call, convTranspose3d)
  }
}

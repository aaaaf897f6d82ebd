// Layers of convolution, of signals, images and volumes.
import {
  atMost,
  conv1d,
  conv2d,
  conv3d,
  convPadding,
  type Device,
  type DType,
  Options,
  type Tensor,
} from '../../tensor/index.ts'
import { pad } from '../functional/pad.ts'
import { ConvNd, type PaddingMode, type SizeOf } from './conv-nd.ts'

/** Options of `Conv1d`, `Conv2d` and `Conv3d`; sizes are a number, or one for each dimension. */
export interface ConvLayerOptions<N extends readonly number[]> {
  stride?: SizeOf<N>
  /** Zeros on each side; `'valid'` is 0, `'same'` keeps the size. */
  padding?: SizeOf<N> | 'same' | 'valid'
  dilation?: SizeOf<N>
  groups?: number
  /** Add a learnable bias, default true. */
  bias?: boolean
  paddingMode?: PaddingMode
  dtype?: DType
  device?: Device
}

type One = readonly [number]
type Two = readonly [number, number]
type Three = readonly [number, number, number]

// biome-ignore lint/suspicious/noExplicitAny: the names are the same for any number of dimensions
const convOptions = new Options<ConvLayerOptions<any>>({
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  bias: true,
  paddingMode: true,
  dtype: true,
  device: true,
})

/** The convolution of a layer: what its padding adds that is not zeros is added first. */
function forward<N extends readonly number[]>(
  layer: ConvNd<N, [Tensor]>,
  x: Tensor,
  convolve: (x: Tensor, w: Tensor, bias: Tensor | null, options: object) => Tensor,
): Tensor {
  const { weight, bias, stride, padding, dilation, groups, paddingMode: mode } = layer
  if (mode === 'zeros') return convolve(x, weight, bias, { stride, padding, dilation, groups })
  const { before, behind } = convPadding('pad', padding, layer.kernelSize, stride, dilation)
  const around = before
    .map((size, i) => [size, behind[i]!])
    .reverse()
    .flat()
  return convolve(pad(x, around, { mode }), weight, bias, { stride, dilation, groups })
}

/**
 * Convolution of (N, inChannels, L) with learnable kernels. PyTorch: torch.nn.Conv1d.
 * @throws ArgumentError when channels and groups do not divide
 * @example new nn.Conv1d(2, 4, 5, { padding: 'same' })(randn(8, 2, 100)).shape // [8, 4, 100]
 */
export class Conv1d extends ConvNd<One, [Tensor]> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: SizeOf<One>,
    stride?: SizeOf<One> | ConvLayerOptions<One>,
    options?: ConvLayerOptions<One>,
  ) {
    atMost('Conv1d', 5, arguments.length)
    super('Conv1d', 1, false, inChannels, outChannels, kernelSize, convOptions.readFirst('Conv1d', stride, options))
  }

  forward(x: Tensor): Tensor {
    return forward(this, x, conv1d)
  }
}

/**
 * Convolution of (N, inChannels, H, W) with learnable kernels. PyTorch: torch.nn.Conv2d.
 * @throws ArgumentError when channels and groups do not divide
 * @example new nn.Conv2d(1, 6, 5, { padding: 2 })(randn(1, 1, 28, 28)).shape // [1, 6, 28, 28]
 */
export class Conv2d extends ConvNd<Two, [Tensor]> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: SizeOf<Two>,
    stride?: SizeOf<Two> | ConvLayerOptions<Two>,
    options?: ConvLayerOptions<Two>,
  ) {
    atMost('Conv2d', 5, arguments.length)
    super('Conv2d', 2, false, inChannels, outChannels, kernelSize, convOptions.readFirst('Conv2d', stride, options))
  }

  forward(x: Tensor): Tensor {
    return forward(this, x, conv2d)
  }
}

/**
 * Convolution of (N, inChannels, D, H, W) with learnable kernels. PyTorch: torch.nn.Conv3d.
 * @throws ArgumentError when channels and groups do not divide
 * @example new nn.Conv3d(2, 4, 3, 2)(randn(1, 2, 8, 16, 16)).shape // [1, 4, 3, 7, 7]
 */
export class Conv3d extends ConvNd<Three, [Tensor]> {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: SizeOf<Three>,
    stride?: SizeOf<Three> | ConvLayerOptions<Three>,
    options?: ConvLayerOptions<Three>,
  ) {
    atMost('Conv3d', 5, arguments.length)
    super('Conv3d', 3, false, inChannels, outChannels, kernelSize, convOptions.readFirst('Conv3d', stride, options))
  }

  forward(x: Tensor): Tensor {
    return forward(this, x, conv3d)
  }
}

// Convolution, NCHW.
// Written by `npm run addon-types` from native/binding/tables/conv.cc.
import type { Dims, Handle } from './types.ts'

export interface ConvFunctions {
  conv2d(
    x: Handle,
    weight: Handle,
    bias: Handle | null,
    stride: Dims,
    padding: Dims,
    dilation: Dims,
    groups: number,
  ): Handle
}

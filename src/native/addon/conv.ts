// Convolution, channels before the image.
// Written by `npm run addon-types` from native/binding/tables/conv.cc.
import type { Dims, Handle } from './types.ts'

export interface ConvFunctions {
  convolution(
    x: Handle,
    weight: Handle,
    bias: Handle | null,
    stride: Dims,
    padding: Dims,
    dilation: Dims,
    transposed: boolean,
    outputPadding: Dims,
    groups: number,
  ): Handle
}

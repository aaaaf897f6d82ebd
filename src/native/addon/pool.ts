// Pooling, NCHW.
// Written by `npm run addon-types` from native/binding/tables/pool.cc.
import type { Dims, Handle } from './types.ts'

export interface PoolFunctions {
  maxPool2d(x: Handle, kernelSize: Dims, stride: Dims, padding: Dims, dilation: Dims, ceilMode: boolean): Handle
  maxPool2dWithIndices(
    x: Handle,
    kernelSize: Dims,
    stride: Dims,
    padding: Dims,
    dilation: Dims,
    ceilMode: boolean,
  ): [Handle, Handle]
}

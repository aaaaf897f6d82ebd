// Pooling of sequences, images and volumes.
// Written by `npm run addon-types` from native/binding/tables/pool.cc.
import type { Dims, Handle } from './types.ts'

export interface PoolFunctions {
  maxPool(x: Handle, kernelSize: Dims, stride: Dims, padding: Dims, dilation: Dims, ceilMode: boolean): Handle
  maxPoolWithIndices(
    x: Handle,
    kernelSize: Dims,
    stride: Dims,
    padding: Dims,
    dilation: Dims,
    ceilMode: boolean,
  ): [Handle, Handle]
  adaptiveMaxPool(x: Handle, outputSize: Dims): [Handle, Handle]
  fractionalMaxPool(x: Handle, kernelSize: Dims, outputSize: Dims, samples: Handle): [Handle, Handle]
  maxUnpool(x: Handle, indices: Handle, outputSize: Dims): Handle
  avgPool(
    x: Handle,
    kernelSize: Dims,
    stride: Dims,
    padding: Dims,
    ceilMode: boolean,
    countIncludePad: boolean,
    divisorOverride: number | null,
  ): Handle
  adaptiveAvgPool(x: Handle, outputSize: Dims): Handle
}

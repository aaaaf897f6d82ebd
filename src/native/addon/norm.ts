// Normalization by statistics of batches, of channels, of groups and of elements.
// Written by `npm run addon-types` from native/binding/tables/norm.cc.
import type { Dims, Handle } from './types.ts'

export interface NormFunctions {
  batchNorm(
    x: Handle,
    runningMean: Handle | null,
    runningVar: Handle | null,
    weight: Handle | null,
    bias: Handle | null,
    training: boolean,
    momentum: number,
    eps: number,
  ): Handle
  instanceNorm(
    x: Handle,
    runningMean: Handle | null,
    runningVar: Handle | null,
    weight: Handle | null,
    bias: Handle | null,
    useInputStats: boolean,
    momentum: number,
    eps: number,
  ): Handle
  layerNorm(x: Handle, sizes: Dims, weight: Handle | null, bias: Handle | null, eps: number): Handle
  groupNorm(x: Handle, groups: number, weight: Handle | null, bias: Handle | null, eps: number): Handle
  nativeBatchNorm(
    x: Handle,
    weight: Handle | null,
    bias: Handle | null,
    runningMean: Handle | null,
    runningVar: Handle | null,
    training: boolean,
    momentum: number,
    eps: number,
  ): Handle[]
  nativeLayerNorm(x: Handle, sizes: Dims, weight: Handle | null, bias: Handle | null, eps: number): Handle[]
  nativeGroupNorm(
    x: Handle,
    weight: Handle | null,
    bias: Handle | null,
    n: number,
    c: number,
    positions: number,
    groups: number,
    eps: number,
  ): Handle[]
  rmsNorm(x: Handle, sizes: Dims, weight: Handle | null, eps: number): Handle
}

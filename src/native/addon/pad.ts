// More elements around a tensor, or fewer.
// Written by `npm run addon-types` from native/binding/tables/pad.cc.
import type { Handle } from './types.ts'

export interface PadFunctions {
  pad(x: Handle, numbers: number[], mode: 'constant' | 'reflect' | 'replicate' | 'circular', value: number): Handle
  constantPadNd(x: Handle, numbers: number[], value: number): Handle
}

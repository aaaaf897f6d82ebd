// Reductions; null dims means all.
// Written by `npm run addon-types` from native/binding/tables/reduce.cc.
import type { Dims, DTypeCode, Handle } from './types.ts'

export interface ReduceFunctions {
  sum(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  mean(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  max(x: Handle): Handle
  /** Values and indices. */
  maxDim(x: Handle, dim: number, keepdim: boolean): [Handle, Handle]
  argmax(x: Handle, dim: number | null, keepdim: boolean): Handle
}

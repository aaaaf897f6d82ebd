// Reductions; null dims means all.
// Written by `npm run addon-types` from native/binding/tables/reduce.cc.
import type { Dims, DTypeCode, Handle } from './types.ts'

export interface ReduceFunctions {
  sum(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  mean(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  prod(x: Handle, dim: number | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  max(x: Handle): Handle
  min(x: Handle): Handle
  /** Values and indices. */
  maxDim(x: Handle, dim: number, keepdim: boolean): [Handle, Handle]
  minDim(x: Handle, dim: number, keepdim: boolean): [Handle, Handle]
  argmax(x: Handle, dim: number | null, keepdim: boolean): Handle
  argmin(x: Handle, dim: number | null, keepdim: boolean): Handle
  amax(x: Handle, dims: Dims, keepdim: boolean): Handle
  amin(x: Handle, dims: Dims, keepdim: boolean): Handle
  all(x: Handle, dims: Dims | null, keepdim: boolean): Handle
  any(x: Handle, dims: Dims | null, keepdim: boolean): Handle
  var(x: Handle, dims: Dims | null, correction: number, keepdim: boolean): Handle
  std(x: Handle, dims: Dims | null, correction: number, keepdim: boolean): Handle
  norm(x: Handle, p: number, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
}

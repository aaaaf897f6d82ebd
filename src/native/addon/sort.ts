// Sorting, and what it finds: values and indices.
// Written by `npm run addon-types` from native/binding/tables/sort.cc.
import type { Handle, Operand } from './types.ts'

export interface SortFunctions {
  sort(x: Handle, dim: number, descending: boolean): [Handle, Handle]
  argsort(x: Handle, dim: number, descending: boolean): Handle
  topk(x: Handle, k: number, dim: number, largest: boolean): [Handle, Handle]
  kthvalue(x: Handle, k: number, dim: number, keepdim: boolean): [Handle, Handle]
  median(x: Handle): Handle
  nanmedian(x: Handle): Handle
  medianDim(x: Handle, dim: number, keepdim: boolean): [Handle, Handle]
  nanmedianDim(x: Handle, dim: number, keepdim: boolean): [Handle, Handle]
  mode(x: Handle, dim: number, keepdim: boolean): [Handle, Handle]
  quantile(
    x: Handle,
    q: Operand,
    dim: number | null,
    keepdim: boolean,
    between: 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest',
  ): Handle
  nanquantile(
    x: Handle,
    q: Operand,
    dim: number | null,
    keepdim: boolean,
    between: 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest',
  ): Handle
}

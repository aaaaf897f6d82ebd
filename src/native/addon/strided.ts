// Views that may show an element several times, and views in place.
// Written by `npm run addon-types` from native/binding/tables/strided.cc.
import type { Dims, Handle } from './types.ts'

export interface StridedFunctions {
  asStrided(x: Handle, size: Dims, stride: Dims, storageOffset: number | null): Handle
  unfold(x: Handle, dimension: number, size: number, step: number): Handle
  asStrided_(x: Handle, size: Dims, stride: Dims, storageOffset: number | null): void
  squeeze_(x: Handle, dims: Dims | null): void
  unsqueeze_(x: Handle, dim: number): void
  transpose_(x: Handle, dim0: number, dim1: number): void
  t_(x: Handle): void
  resize_(x: Handle, shape: Dims): void
}

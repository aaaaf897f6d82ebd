// Views of the same storage; reshape and flatten copy when no view exists.
// Written by `npm run addon-types` from native/binding/tables/view.cc.
import type { Dims, Handle } from './types.ts'

export interface ViewFunctions {
  view(x: Handle, shape: Dims): Handle
  reshape(x: Handle, shape: Dims): Handle
  flatten(x: Handle, startDim: number, endDim: number): Handle
  permute(x: Handle, dims: Dims): Handle
  transpose(x: Handle, dim0: number, dim1: number): Handle
  t(x: Handle): Handle
  expand(x: Handle, shape: Dims): Handle
  slice(x: Handle, dim: number, start: number, end: number, step: number): Handle
  select(x: Handle, dim: number, index: number): Handle
  unbind(x: Handle, dim: number): Handle[]
  squeeze(x: Handle, dims: Dims | null): Handle
  unsqueeze(x: Handle, dim: number): Handle
  diagonal(x: Handle, offset: number, dim1: number, dim2: number): Handle
  diagEmbed(x: Handle, offset: number, dim1: number, dim2: number): Handle
  diag(x: Handle, diagonal: number): Handle
  detach(x: Handle): Handle
  ravel(x: Handle): Handle
  unflatten(x: Handle, dim: number, sizes: Dims): Handle
  movedim(x: Handle, source: Dims, destination: Dims): Handle
  atleast1d(x: Handle): Handle
  atleast2d(x: Handle): Handle
  atleast3d(x: Handle): Handle
}

// Views copied, and what they show replaced in a copy of the whole.
// Written by `npm run addon-types` from native/binding/tables/copies.cc.
import type { Dims, Handle } from './types.ts'

export interface CopiesFunctions {
  aliasCopy(x: Handle): Handle
  viewCopy(x: Handle, shape: Dims): Handle
  expandCopy(x: Handle, shape: Dims): Handle
  permuteCopy(x: Handle, dims: Dims): Handle
  transposeCopy(x: Handle, dim0: number, dim1: number): Handle
  tCopy(x: Handle): Handle
  squeezeCopy(x: Handle, dims: Dims | null): Handle
  unsqueezeCopy(x: Handle, dim: number): Handle
  sliceCopy(x: Handle, dim: number, start: number, end: number, step: number): Handle
  selectCopy(x: Handle, dim: number, index: number): Handle
  diagonalCopy(x: Handle, offset: number, dim1: number, dim2: number): Handle
  asStridedCopy(x: Handle, size: Dims, stride: Dims, storageOffset: number | null): Handle
  unfoldCopy(x: Handle, dimension: number, size: number, step: number): Handle
  unbindCopy(x: Handle, dim: number): Handle[]
  splitCopy(x: Handle, size: number, dim: number): Handle[]
  splitWithSizesCopy(x: Handle, sizes: number[], dim: number): Handle[]
  selectScatter(x: Handle, src: Handle, dim: number, index: number): Handle
  sliceScatter(x: Handle, src: Handle, dim: number, start: number, end: number, step: number): Handle
  diagonalScatter(x: Handle, src: Handle, offset: number, dim1: number, dim2: number): Handle
  asStridedScatter(x: Handle, src: Handle, size: Dims, stride: Dims, storageOffset: number | null): Handle
}

// Parts along a dimension, as views.
// Written by `npm run addon-types` from native/binding/tables/split.cc.
import type { Handle } from './types.ts'

export interface SplitFunctions {
  split(x: Handle, size: number, dim: number): Handle[]
  chunk(x: Handle, chunks: number, dim: number): Handle[]
  splitWithSizes(x: Handle, sizes: number[], dim: number): Handle[]
  tensorSplit(x: Handle, indices: number[], dim: number): Handle[]
  tensorSplitSections(x: Handle, sections: number, dim: number): Handle[]
}

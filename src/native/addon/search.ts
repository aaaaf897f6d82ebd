// Places in an order, what is there once, and elements several times.
// Written by `npm run addon-types` from native/binding/tables/search.cc.
import type { Handle, Operand } from './types.ts'

export interface SearchFunctions {
  searchsorted(sorted: Handle, values: Operand, right: boolean, sorter: Handle | null): Handle
  unique(x: Handle, inverse: boolean, counts: boolean, dim: number | null): Handle[]
  uniqueConsecutive(x: Handle, inverse: boolean, counts: boolean, dim: number | null): Handle[]
  repeatInterleave(x: Handle, repeats: number, dim: number | null, outputSize: number | null): Handle
  repeatInterleaveBy(x: Handle, repeats: Handle, dim: number | null, outputSize: number | null): Handle
  repeatedIndices(repeats: Handle, outputSize: number | null): Handle
}

// Selecting by tensors of indices.
// Written by `npm run addon-types` from native/binding/tables/index.cc.
import type { Handle } from './types.ts'

export interface IndexFunctions {
  indexSelect(x: Handle, dim: number, index: Handle): Handle
  index(x: Handle, at: (Handle | null)[]): Handle
  maskedSelect(x: Handle, mask: Handle): Handle
  indexPut_(x: Handle, at: (Handle | null)[], values: Handle, accumulate: boolean): void
  nonzero(x: Handle): Handle
}

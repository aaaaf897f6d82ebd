// Selecting by tensors of indices.
// Written by `npm run addon-types` from native/binding/tables/index.cc.
import type { Handle, Operand } from './types.ts'

export interface IndexFunctions {
  indexSelect(x: Handle, dim: number, index: Handle): Handle
  gather(x: Handle, dim: number, index: Handle): Handle
  scatter(x: Handle, dim: number, index: Handle, y: Operand): Handle
  scatter_(x: Handle, dim: number, index: Handle, y: Operand): void
  index(x: Handle, at: (Handle | null)[]): Handle
  maskedSelect(x: Handle, mask: Handle): Handle
  indexPut_(x: Handle, at: (Handle | null)[], values: Handle, accumulate: boolean): void
  nonzero(x: Handle): Handle
}

// Choosing between tensors, element by element.
// Written by `npm run addon-types` from native/binding/tables/select.cc.
import type { Handle, Operand } from './types.ts'

export interface SelectFunctions {
  where(condition: Handle, x: Operand, y: Operand): Handle
  maskedFill(x: Handle, mask: Handle, value: Operand): Handle
  maskedFill_(x: Handle, mask: Handle, value: Operand): void
  clamp(x: Handle, min: Operand | null, max: Operand | null): Handle
  clamp_(x: Handle, min: Operand | null, max: Operand | null): void
  hardtanh(x: Handle, min: number, max: number): Handle
  hardtanh_(x: Handle, min: number, max: number): void
}

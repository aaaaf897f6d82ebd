// Choosing between tensors, element by element.
// Written by `npm run addon-types` from native/binding/tables/select.cc.
import type { Handle, Operand } from './types.ts'

export interface SelectFunctions {
  where(condition: Handle, x: Operand, y: Operand): Handle
  maskedFill(x: Handle, mask: Handle, value: Operand): Handle
  maskedFill_(x: Handle, mask: Handle, value: Operand): void
  nanToNum(x: Handle, nan: number | null, posinf: number | null, neginf: number | null): Handle
  nanToNum_(x: Handle, nan: number | null, posinf: number | null, neginf: number | null): void
  heaviside(x: Handle, values: Handle): Handle
  heaviside_(x: Handle, values: Handle): void
  tril(x: Handle, diagonal: number): Handle
  triu(x: Handle, diagonal: number): Handle
  tril_(x: Handle, diagonal: number): void
  triu_(x: Handle, diagonal: number): void
  clamp(x: Handle, low: Operand | null, high: Operand | null): Handle
  clamp_(x: Handle, low: Operand | null, high: Operand | null): void
  hardtanh(x: Handle, low: number, high: number): Handle
  hardtanh_(x: Handle, low: number, high: number): void
}

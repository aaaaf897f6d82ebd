// Elementwise comparisons, to bool.
// Written by `npm run addon-types` from native/binding/tables/compare.cc.
import type { Handle, Operand } from './types.ts'

export interface CompareFunctions {
  eq(x: Operand, y: Operand): Handle
  ne(x: Operand, y: Operand): Handle
  lt(x: Operand, y: Operand): Handle
  le(x: Operand, y: Operand): Handle
  gt(x: Operand, y: Operand): Handle
  ge(x: Operand, y: Operand): Handle
  logicalAnd(x: Handle, y: Handle): Handle
  logicalOr(x: Handle, y: Handle): Handle
  logicalXor(x: Handle, y: Handle): Handle
  logicalNot(x: Handle): Handle
  isclose(x: Handle, y: Handle, rtol: number, atol: number, equalNan: boolean): Handle
  isin(x: Operand, y: Operand, invert: boolean): Handle
  eq_(x: Handle, y: Operand): void
  ne_(x: Handle, y: Operand): void
  lt_(x: Handle, y: Operand): void
  le_(x: Handle, y: Operand): void
  gt_(x: Handle, y: Operand): void
  ge_(x: Handle, y: Operand): void
  logicalAnd_(x: Handle, y: Handle): void
  logicalOr_(x: Handle, y: Handle): void
  logicalXor_(x: Handle, y: Handle): void
  logicalNot_(x: Handle): void
}

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
}

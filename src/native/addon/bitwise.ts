// Bits and divisors of integers, and the neighbours of floats.
// Written by `npm run addon-types` from native/binding/tables/bitwise.cc.
import type { Handle, Operand } from './types.ts'

export interface BitwiseFunctions {
  bitwiseAnd(x: Operand, y: Operand): Handle
  bitwiseOr(x: Operand, y: Operand): Handle
  bitwiseXor(x: Operand, y: Operand): Handle
  bitwiseLeftShift(x: Operand, y: Operand): Handle
  bitwiseRightShift(x: Operand, y: Operand): Handle
  gcd(x: Handle, y: Handle): Handle
  lcm(x: Handle, y: Handle): Handle
  nextafter(x: Handle, y: Handle): Handle
  bitwiseNot(x: Handle): Handle
  bitwiseAnd_(x: Handle, y: Operand): void
  bitwiseOr_(x: Handle, y: Operand): void
  bitwiseXor_(x: Handle, y: Operand): void
  bitwiseLeftShift_(x: Handle, y: Operand): void
  bitwiseRightShift_(x: Handle, y: Operand): void
  gcd_(x: Handle, y: Handle): void
  lcm_(x: Handle, y: Handle): void
  nextafter_(x: Handle, y: Handle): void
  bitwiseNot_(x: Handle): void
}

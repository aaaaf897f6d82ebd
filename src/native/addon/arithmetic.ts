// Elementwise arithmetic with broadcasting. In place, the tensor must not need a gradient while gradients are recorded.
// Written by `npm run addon-types` from native/binding/tables/arithmetic.cc.
import type { Handle, Operand } from './types.ts'

export interface ArithmeticFunctions {
  add(x: Operand, y: Operand, alpha: number): Handle
  sub(x: Operand, y: Operand, alpha: number): Handle
  mul(x: Operand, y: Operand): Handle
  div(x: Operand, y: Operand, roundingMode: 'trunc' | 'floor' | null): Handle
  add_(x: Handle, y: Operand, alpha: number): void
  sub_(x: Handle, y: Operand, alpha: number): void
  mul_(x: Handle, y: Operand): void
  div_(x: Handle, y: Operand, roundingMode: 'trunc' | 'floor' | null): void
}

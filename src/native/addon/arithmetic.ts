// Elementwise arithmetic with broadcasting. In place, and into a given tensor (addOut), nothing may need a gradient
// while gradients are recorded.
// Written by `npm run addon-types` from native/binding/tables/arithmetic.cc.
import type { Handle, Operand } from './types.ts'

export interface ArithmeticFunctions {
  add(x: Operand, y: Operand, alpha: number): Handle
  sub(x: Operand, y: Operand, alpha: number): Handle
  mul(x: Operand, y: Operand): Handle
  div(x: Operand, y: Operand, roundingMode: 'trunc' | 'floor' | null): Handle
  remainder(x: Operand, y: Operand): Handle
  fmod(x: Operand, y: Operand): Handle
  pow(x: Operand, y: Operand): Handle
  square(x: Handle): Handle
  maximum(x: Operand, y: Operand): Handle
  minimum(x: Operand, y: Operand): Handle
  addOut(x: Operand, y: Operand, alpha: number, out: Handle): void
  subOut(x: Operand, y: Operand, alpha: number, out: Handle): void
  mulOut(x: Operand, y: Operand, out: Handle): void
  divOut(x: Operand, y: Operand, roundingMode: 'trunc' | 'floor' | null, out: Handle): void
  add_(x: Handle, y: Operand, alpha: number): void
  sub_(x: Handle, y: Operand, alpha: number): void
  mul_(x: Handle, y: Operand): void
  div_(x: Handle, y: Operand, roundingMode: 'trunc' | 'floor' | null): void
  remainder_(x: Handle, y: Operand): void
  fmod_(x: Handle, y: Operand): void
  pow_(x: Handle, y: Operand): void
  square_(x: Handle): void
}

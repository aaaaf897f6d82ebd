// Elementwise arithmetic with broadcasting. Into a given tensor (addOut) nothing may need a gradient while gradients
// are recorded.
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
  fmax(x: Handle, y: Handle): Handle
  fmin(x: Handle, y: Handle): Handle
  atan2(x: Handle, y: Handle): Handle
  hypot(x: Handle, y: Handle): Handle
  copysign(x: Operand, y: Operand): Handle
  ldexp(x: Handle, y: Handle): Handle
  floatPower(x: Operand, y: Operand): Handle
  logaddexp(x: Handle, y: Handle): Handle
  logaddexp2(x: Handle, y: Handle): Handle
  addcmul(x: Handle, a: Handle, b: Handle, value: number): Handle
  addcdiv(x: Handle, a: Handle, b: Handle, value: number): Handle
  lerp(x: Handle, end: Handle, weight: Operand): Handle
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
  atan2_(x: Handle, y: Handle): void
  hypot_(x: Handle, y: Handle): void
  copysign_(x: Handle, y: Operand): void
  ldexp_(x: Handle, y: Handle): void
  floatPower_(x: Handle, y: Operand): void
  addcmul_(x: Handle, a: Handle, b: Handle, value: number): void
  addcdiv_(x: Handle, a: Handle, b: Handle, value: number): void
  lerp_(x: Handle, end: Handle, weight: Operand): void
}

// Special functions.
// Written by `npm run addon-types` from native/binding/tables/special.cc.
import type { Handle, Operand } from './types.ts'

export interface SpecialFunctions {
  erfinv(x: Handle): Handle
  lgamma(x: Handle): Handle
  digamma(x: Handle): Handle
  i0(x: Handle): Handle
  sinc(x: Handle): Handle
  polygamma(n: number, x: Handle): Handle
  mvlgamma(x: Handle, p: number): Handle
  xlogy(x: Operand, y: Operand): Handle
  igamma(x: Handle, y: Handle): Handle
  igammac(x: Handle, y: Handle): Handle
  erfinv_(x: Handle): void
  lgamma_(x: Handle): void
  digamma_(x: Handle): void
  i0_(x: Handle): void
  sinc_(x: Handle): void
  polygamma_(x: Handle, n: number): void
  mvlgamma_(x: Handle, p: number): void
  xlogy_(x: Handle, y: Operand): void
  igamma_(x: Handle, y: Handle): void
  igammac_(x: Handle, y: Handle): void
}

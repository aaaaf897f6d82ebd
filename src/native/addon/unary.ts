// Elementwise functions of one tensor; with an underscore in place.
// Written by `npm run addon-types` from native/binding/tables/unary.cc.
import type { Handle } from './types.ts'

export interface UnaryFunctions {
  neg(x: Handle): Handle
  exp(x: Handle): Handle
  log(x: Handle): Handle
  abs(x: Handle): Handle
  sign(x: Handle): Handle
  floor(x: Handle): Handle
  ceil(x: Handle): Handle
  trunc(x: Handle): Handle
  reciprocal(x: Handle): Handle
  sqrt(x: Handle): Handle
  rsqrt(x: Handle): Handle
  sigmoid(x: Handle): Handle
  tanh(x: Handle): Handle
  sin(x: Handle): Handle
  cos(x: Handle): Handle
  log1p(x: Handle): Handle
  expm1(x: Handle): Handle
  log2(x: Handle): Handle
  log10(x: Handle): Handle
  exp2(x: Handle): Handle
  erf(x: Handle): Handle
  erfc(x: Handle): Handle
  tan(x: Handle): Handle
  asin(x: Handle): Handle
  acos(x: Handle): Handle
  atan(x: Handle): Handle
  sinh(x: Handle): Handle
  cosh(x: Handle): Handle
  asinh(x: Handle): Handle
  acosh(x: Handle): Handle
  atanh(x: Handle): Handle
  frac(x: Handle): Handle
  deg2rad(x: Handle): Handle
  rad2deg(x: Handle): Handle
  logit(x: Handle, eps: number | null): Handle
  frexp(x: Handle): [Handle, Handle]
  erfcx(x: Handle): Handle
  ndtr(x: Handle): Handle
  logNdtr(x: Handle): Handle
  round(x: Handle, decimals: number): Handle
  isnan(x: Handle): Handle
  isinf(x: Handle): Handle
  isfinite(x: Handle): Handle
  isposinf(x: Handle): Handle
  isneginf(x: Handle): Handle
  signbit(x: Handle): Handle
  neg_(x: Handle): void
  exp_(x: Handle): void
  log_(x: Handle): void
  abs_(x: Handle): void
  sign_(x: Handle): void
  floor_(x: Handle): void
  ceil_(x: Handle): void
  trunc_(x: Handle): void
  reciprocal_(x: Handle): void
  sqrt_(x: Handle): void
  rsqrt_(x: Handle): void
  sigmoid_(x: Handle): void
  tanh_(x: Handle): void
  sin_(x: Handle): void
  cos_(x: Handle): void
  log1p_(x: Handle): void
  expm1_(x: Handle): void
  log2_(x: Handle): void
  log10_(x: Handle): void
  exp2_(x: Handle): void
  erf_(x: Handle): void
  erfc_(x: Handle): void
  tan_(x: Handle): void
  asin_(x: Handle): void
  acos_(x: Handle): void
  atan_(x: Handle): void
  sinh_(x: Handle): void
  cosh_(x: Handle): void
  asinh_(x: Handle): void
  acosh_(x: Handle): void
  atanh_(x: Handle): void
  frac_(x: Handle): void
  deg2rad_(x: Handle): void
  rad2deg_(x: Handle): void
  logit_(x: Handle, eps: number | null): void
  round_(x: Handle, decimals: number): void
}

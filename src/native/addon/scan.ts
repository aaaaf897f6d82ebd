// Running results along a dimension.
// Written by `npm run addon-types` from native/binding/tables/scan.cc.
import type { DTypeCode, Handle } from './types.ts'

export interface ScanFunctions {
  cumsum(x: Handle, dim: number, dtype: DTypeCode | null): Handle
  cumprod(x: Handle, dim: number, dtype: DTypeCode | null): Handle
  cumsum_(x: Handle, dim: number): void
  cumprod_(x: Handle, dim: number): void
  logcumsumexp(x: Handle, dim: number): Handle
  /** Values and indices. */
  cummax(x: Handle, dim: number): [Handle, Handle]
  cummin(x: Handle, dim: number): [Handle, Handle]
}

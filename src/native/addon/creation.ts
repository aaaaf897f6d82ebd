// Tensors from nothing.
// Written by `npm run addon-types` from native/binding/tables/creation.cc.
import type { DeviceName, Dims, DTypeCode, Handle } from './types.ts'

export interface CreationFunctions {
  empty(shape: Dims, dtype: DTypeCode, device: DeviceName): Handle
  full(shape: Dims, value: number, dtype: DTypeCode, device: DeviceName): Handle
  arange(start: number, end: number, step: number, dtype: DTypeCode, device: DeviceName): Handle
  linspace(start: number, end: number, steps: number, dtype: DTypeCode, device: DeviceName): Handle
  logspace(start: number, end: number, steps: number, base: number, dtype: DTypeCode, device: DeviceName): Handle
}

// Copies, casts and filling. In place, the tensor must not need a gradient while gradients are recorded.
// Written by `npm run addon-types` from native/binding/tables/copy.cc.
import type { DeviceName, DTypeCode, Handle } from './types.ts'

export interface CopyFunctions {
  clone(x: Handle, keepsLayout: boolean): Handle
  contiguous(x: Handle): Handle
  cast(x: Handle, dtype: DTypeCode): Handle
  to(x: Handle, device: DeviceName, nonBlocking: boolean): Handle
  pinMemory(x: Handle): Handle
  isPinned(x: Handle): boolean
  copy_(x: Handle, source: Handle, nonBlocking: boolean): void
  fill_(x: Handle, value: number): void
  zero_(x: Handle): void
}

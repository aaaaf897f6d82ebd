// Softmax and its kin.
// Written by `npm run addon-types` from native/binding/tables/softmax.cc.
import type { DTypeCode, Handle } from './types.ts'

export interface SoftmaxFunctions {
  softmax(x: Handle, dim: number, dtype: DTypeCode | null): Handle
  logSoftmax(x: Handle, dim: number, dtype: DTypeCode | null): Handle
}

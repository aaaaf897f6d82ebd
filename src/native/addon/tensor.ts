// Properties and data of tensors.
// Written by `npm run addon-types` from native/binding/tables/tensor.cc.
import type { Bytes, DeviceName, Dims, DTypeCode, Handle } from './types.ts'

export interface TensorFunctions {
  fromData(data: Bytes, shape: Dims, dtype: DTypeCode, device: DeviceName): Handle
  fromShared(data: Bytes, shape: Dims, dtype: DTypeCode): Handle
  toData(x: Handle, into: Bytes): void
  sizes(x: Handle): number[]
  strides(x: Handle): number[]
  storageOffset(x: Handle): number
  dtype(x: Handle): DTypeCode
  device(x: Handle): string
  item(x: Handle): number | bigint
  isContiguous(x: Handle): boolean
  sharesStorage(x: Handle, y: Handle): boolean
  version(x: Handle): number
}

// Memory of tensors as bytes, and files as memory: what reading and writing files is made of.
//
// A mapped file is private: what is written into its tensors stays in this process. The file must not get shorter while
// it is in use; files that are replaced, as save does it, keep their old memory.
// Written by `npm run addon-types` from native/binding/tables/files.cc.
import type { Dims, DTypeCode, Handle } from './types.ts'

export interface FilesFunctions {
  mapFile(file: number, bytes: number): Handle
  storage(x: Handle): { address: number; bytes: number }
  viewStorage(x: Handle, byte: number, dtype: DTypeCode, shape: Dims, strides: Dims): Handle
  bytesOf(x: Handle): Uint8Array<ArrayBuffer>
  writeTensor(file: number, x: Handle, at: number, sum: number): { written: number; sum: number }
}

// Windows of images as columns, and back.
// Written by `npm run addon-types` from native/binding/tables/fold.cc.
import type { Dims, Handle } from './types.ts'

export interface FoldFunctions {
  im2col(x: Handle, kernelSize: Dims, dilation: Dims, padding: Dims, stride: Dims): Handle
  col2im(x: Handle, outputSize: Dims, kernelSize: Dims, dilation: Dims, padding: Dims, stride: Dims): Handle
}

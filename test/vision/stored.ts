// Images and tensors as test/golden/vision.json holds them: base64 of their bytes.
import { type DType, type Tensor, tensor } from '../../src/index.ts'
import { Image, type ImageMode } from '../../src/vision/index.ts'

export interface StoredImage {
  mode: ImageMode
  width: number
  height: number
  data: string
}

export interface StoredTensor {
  dtype: DType
  shape: number[]
  data: string
}

const arrays = { uint8: Uint8Array, int16: Int16Array, int32: Int32Array, float32: Float32Array, float64: Float64Array }

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

export function load(stored: StoredImage): Image
export function load(stored: StoredImage | StoredTensor): Image | Tensor
export function load(stored: StoredImage | StoredTensor): Image | Tensor {
  const bytes = bytesOf(stored.data)
  if ('mode' in stored) return new Image(stored.mode, stored.width, stored.height, bytes)
  return tensor(new arrays[stored.dtype as 'uint8'](bytes.buffer)).view(stored.shape)
}

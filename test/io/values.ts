// Values of files for comparison: tensors become plain objects, so that a difference is printed as numbers.
import { noGrad, Tensor } from '../../src/tensor/index.ts'

/** A value whose tensors are `{ dtype, shape, requiresGrad, values }`. */
export function plain(value: unknown): unknown {
  if (value instanceof Tensor) {
    const values = noGrad(() => value.detach().toTypedArray())
    return {
      dtype: value.dtype,
      shape: [...value.shape],
      requiresGrad: value.requiresGrad,
      values: [...values].map(String),
    }
  }
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [plain(key), plain(item)]))
  if (value instanceof Set) return new Set([...value].map(plain))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

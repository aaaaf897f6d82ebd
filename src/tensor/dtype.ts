// The element types. Their order is the code that crosses to the native core; the first five are implemented, the
// others keep their places. bool is stored as one byte, int64 arrives in JavaScript as bigint in a BigInt64Array.
import { ArgumentError, UnsupportedError } from '../errors.ts'

export const dtypes = Object.freeze([
  'float32',
  'float64',
  'int64',
  'uint8',
  'bool',
  'float16',
  'bfloat16',
  'int32',
  'int16',
  'int8',
] as const)

/** Name of an element type, as in `torch.float32`. */
export type DType = (typeof dtypes)[number]

/** What holds the elements of a tensor outside of it. */
export type TypedArray = Float32Array | Float64Array | BigInt64Array | Uint8Array

const arrays = [Float32Array, Float64Array, BigInt64Array, Uint8Array, Uint8Array] as const
const implemented = dtypes.slice(0, arrays.length)
const codes = new Map<string, number>(dtypes.map((dtype, code) => [dtype, code]))

/**
 * Code of a dtype in the native core.
 * @throws ArgumentError for an unknown name, UnsupportedError for a reserved one
 */
export function dtypeCode(dtype: DType): number {
  const code = codes.get(dtype)
  if (code === undefined) throw new ArgumentError(`unknown dtype '${dtype}'; known are ${dtypes.join(', ')}`)
  if (code >= arrays.length) {
    throw new UnsupportedError(`dtype ${dtype} is not implemented; use one of ${implemented.join(', ')}`)
  }
  return code
}

/**
 * An array for `length` elements of the dtype: Float32Array, Float64Array, BigInt64Array, or Uint8Array (also bool).
 */
export function typedArray(dtype: DType, length: number): TypedArray {
  return new arrays[dtypeCode(dtype)]!(length)
}

/** Whether the dtype is a floating point type, and so can have gradients. */
export function isFloatingPoint(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64' || dtype === 'float16' || dtype === 'bfloat16'
}

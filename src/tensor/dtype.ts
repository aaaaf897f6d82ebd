// The element types. Their order is the code that crosses to the native core. What surprises: bool is stored as one
// byte, int64 arrives in JavaScript as bigint in a BigInt64Array, and float16 and bfloat16 as their bits in a
// Uint16Array, on every Node: a Float16Array exists from Node 24 on, and nothing like it for bfloat16 (half.ts
// converts).
import { ArgumentError } from '../errors.ts'
import { shown } from './repr.ts'

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

/** What holds the elements of a tensor outside of it; a Uint16Array holds the bits of float16 or bfloat16. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Int32Array
  | Int16Array
  | Int8Array

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
} as const
const codes = new Map<string, number>(dtypes.map((dtype, code) => [dtype, code]))

/** Code of a dtype in the native core. @throws ArgumentError naming `op` for an unknown name */
export function dtypeCode(op: string, dtype: DType): number {
  return codes.get(dtype) ?? unknown(op, dtype)
}

function unknown(op: string, dtype: unknown): never {
  throw new ArgumentError(`${op}: unknown dtype '${shown(dtype)}'; known are ${dtypes.join(', ')}`)
}

/** An array for `length` elements of the dtype, as `Tensor.toTypedArray` gives them. */
export function typedArray(dtype: DType, length: number): TypedArray {
  return new arrays[dtype](length)
}

/** Bytes of an element. */
export function itemSize(dtype: DType): number {
  return arrays[dtype].BYTES_PER_ELEMENT
}

/** Whether the dtype is a floating point type, and so can have gradients. */
export function isFloatingPoint(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64' || isHalf(dtype)
}

/** Whether the dtype is a float of 16 bits, for which JavaScript has no numbers. */
export function isHalf(dtype: DType): dtype is 'float16' | 'bfloat16' {
  return dtype === 'float16' || dtype === 'bfloat16'
}

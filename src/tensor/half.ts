// float16 and bfloat16 outside of tensors: their bits, in a Uint16Array, from and to float32, which holds every value
// of both. The native core converts, so this rounds as casts of tensors do.
import { native } from '../native/load.ts'
import { type DType, dtypeCode, isHalf, type TypedArray, typedArray } from './dtype.ts'
import { refuse } from './refuse.ts'

/** Conversions between float32 and the bits of a float of 16 bits. */
export interface HalfConversion {
  /** The nearest values, ties to even; what is too large becomes an infinity. */
  fromFloat32(values: Float32Array): Uint16Array
  /** The same values. */
  toFloat32(bits: Uint16Array): Float32Array
}

function recast(data: TypedArray, from: DType, to: DType): TypedArray {
  const given = native.fromData(data, [data.length], dtypeCode('tensor', from), null)
  const converted = native.cast(given, dtypeCode('tensor', to))
  const array = typedArray(to, data.length)
  native.toData(converted, array)
  native.dispose(given)
  native.dispose(converted)
  return array
}

function conversion(dtype: 'float16' | 'bfloat16'): HalfConversion {
  return Object.freeze({
    fromFloat32(values: Float32Array) {
      if (!(values instanceof Float32Array)) refuse(`${dtype}.fromFloat32`, 'a Float32Array', values)
      return recast(values, 'float32', dtype) as Uint16Array
    },
    toFloat32(bits: Uint16Array) {
      if (!(bits instanceof Uint16Array)) refuse(`${dtype}.toFloat32`, 'a Uint16Array', bits)
      return recast(bits, dtype, 'float32') as Float32Array
    },
  })
}

/**
 * Bits of float16: 1 of sign, 5 of exponent, 10 of fraction. A Float16Array over the same buffer, where there is one,
 * has the same values.
 * @example float16.toFloat32(x.half().toTypedArray() as Uint16Array)
 */
export const float16 = conversion('float16')

/**
 * Bits of bfloat16: the upper half of a float32.
 * @example tensor(bfloat16.fromFloat32(new Float32Array([1, 2])), { dtype: 'bfloat16' })
 */
export const bfloat16 = conversion('bfloat16')

/** What the elements in an array of `typedArray` stand for, as numbers or bigints. @internal */
export function valuesOf(elements: TypedArray, dtype: DType): Exclude<TypedArray, Uint16Array> {
  if (!isHalf(dtype)) return elements as Exclude<TypedArray, Uint16Array>
  return (dtype === 'float16' ? float16 : bfloat16).toFloat32(elements as Uint16Array)
}

/** The elements of such an array from numbers. @internal */
export function halvesOf(values: Float32Array, dtype: 'float16' | 'bfloat16'): Uint16Array {
  return (dtype === 'float16' ? float16 : bfloat16).fromFloat32(values)
}

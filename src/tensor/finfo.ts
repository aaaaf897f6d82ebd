// The limits of the element types. What surprises: those of int64 are bigints, since no number holds its largest value.
import { ArgumentError } from '../errors.ts'
import { type DType, dtypeCode, isFloatingPoint } from './dtype.ts'
import { atMost } from './refuse.ts'

/** What a floating point type can hold. */
export interface FloatInfo {
  readonly dtype: DType
  readonly bits: number
  /** From 1 to the next larger value. */
  readonly eps: number
  readonly max: number
  readonly min: number
  /** The smallest positive value with all bits of precision. */
  readonly smallestNormal: number
  /** The same. */
  readonly tiny: number
  /** A power of ten that the decimal digits can tell apart. */
  readonly resolution: number
}

/** What an integer type can hold; bigints for int64. */
export interface IntegerInfo {
  readonly dtype: DType
  readonly bits: number
  readonly min: number | bigint
  readonly max: number | bigint
}

/** Bits in all, of the exponent, and of the fraction; the decimal digits. */
const floats: Partial<Record<DType, [bits: number, exponent: number, fraction: number, digits: number]>> = {
  float16: [16, 5, 10, 3],
  bfloat16: [16, 8, 7, 2],
  float32: [32, 8, 23, 6],
  float64: [64, 11, 52, 15],
}
const integers: Partial<Record<DType, number>> = { uint8: 8, int8: 8, int16: 16, int32: 32, int64: 64 }

/**
 * The limits of a floating point type. PyTorch: torch.finfo.
 * @throws ArgumentError for another type
 * @example finfo('float16').max // 65504
 */
export function finfo(dtype: DType): FloatInfo {
  atMost('finfo', 1, arguments.length)
  dtypeCode('finfo', dtype)
  if (!isFloatingPoint(dtype)) throw new ArgumentError(`finfo: expected a floating dtype, got ${dtype}; use iinfo`)
  const [bits, exponent, fraction, digits] = floats[dtype]!
  const bias = 2 ** (exponent - 1) - 1
  const [eps, smallestNormal] = [2 ** -fraction, 2 ** (1 - bias)]
  const max = (2 - eps) * 2 ** bias
  const resolution = Number(`1e-${digits}`)
  return Object.freeze({ dtype, bits, eps, max, min: -max, smallestNormal, tiny: smallestNormal, resolution })
}

/**
 * The limits of an integer type. PyTorch: torch.iinfo.
 * @throws ArgumentError for another type
 * @example iinfo('int8').max // 127
 */
export function iinfo(dtype: DType): IntegerInfo {
  atMost('iinfo', 1, arguments.length)
  dtypeCode('iinfo', dtype)
  const bits = integers[dtype]
  if (bits === undefined) {
    const advice = isFloatingPoint(dtype) ? '; use finfo' : ''
    throw new ArgumentError(`iinfo: expected an integer dtype, got ${dtype}${advice}`)
  }
  if (bits === 64) return Object.freeze({ dtype, bits, min: -(2n ** 63n), max: 2n ** 63n - 1n })
  if (dtype === 'uint8') return Object.freeze({ dtype, bits, min: 0, max: 255 })
  return Object.freeze({ dtype, bits, min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
}

// What happens when a JavaScript value becomes an element of a dtype. The rules are PyTorch's: fractions are cut off
// for integers, NaN is true, uint8 counts the integers -255 … -1 from 256, and what a dtype cannot hold is an error.
// Only data for `tensor` may overflow a float, to infinity. Numbers that meet a tensor in arithmetic wrap instead.
import { ArgumentError } from '../errors.ts'
import { type DType, isHalf, type TypedArray, typedArray } from './dtype.ts'
import { finfo } from './finfo.ts'
import { halvesOf } from './half.ts'

/** What can be an element. */
export type Scalar = number | bigint | boolean

/** Whether a number counts as an integer: JavaScript cannot tell 1 from 1.0, but no int64 can hold 1e30. @internal */
export function isInt64(value: number | undefined): boolean {
  return Number.isInteger(value) && Math.abs(value!) < 2 ** 63
}

/** What every number fits is not here. */
const largest: Partial<Record<DType, number>> = {
  float32: finfo('float32').max,
  float16: finfo('float16').max,
  bfloat16: finfo('bfloat16').max,
}

/** The integer that is left when the fraction is cut off. */
function whole(op: string, value: number): number {
  if (Number.isFinite(value)) return Math.trunc(value)
  throw new ArgumentError(`${op}: ${value} is not an integer`)
}

function asInt64(op: string, value: Scalar): bigint {
  const integer = BigInt(typeof value === 'number' ? whole(op, value) : value)
  if (BigInt.asIntN(64, integer) === integer) return integer
  throw new ArgumentError(`${op}: ${integer} does not fit int64`)
}

/** Negative integers stay so: the array they are written into wraps them. */
function asUint8(op: string, value: Scalar): number {
  const number = Number(value)
  const integer = whole(op, number)
  if (integer === number ? Math.abs(number) < 256 : number > 0 && number < 255) return integer
  throw new ArgumentError(`${op}: ${value} does not fit uint8`)
}

/** Integers of so many bits, as arrays hold them. A fraction is cut off only within the range. */
function signed(dtype: DType, bits: number) {
  const limit = 2 ** (bits - 1)
  return (op: string, value: Scalar): number => {
    const number = Number(value)
    const integer = whole(op, number)
    if (number >= -limit && number <= limit - 1) return integer
    throw new ArgumentError(`${op}: ${value} does not fit ${dtype}`)
  }
}

function asBool(_op: string, value: Scalar): number {
  return Number(value) === 0 ? 0 : 1 // NaN is true
}

const converters: Partial<Record<DType, (op: string, value: Scalar) => number | bigint>> = {
  int64: asInt64,
  uint8: asUint8,
  bool: asBool,
  int32: signed('int32', 32),
  int16: signed('int16', 16),
  int8: signed('int8', 8),
}

/** Values written into an array of the dtype. @throws ArgumentError for one that does not fit @internal */
export function convert(values: ArrayLike<Scalar>, dtype: DType): TypedArray {
  if (isHalf(dtype)) return halvesOf(Float32Array.from(values, Number), dtype)
  const array = typedArray(dtype, values.length)
  const into = array as unknown as (number | bigint)[]
  const converted = converters[dtype] ?? ((_op, value) => Number(value))
  for (let i = 0; i < values.length; i++) into[i] = converted('tensor', values[i]!)
  return array
}

/** A number for a scalar argument: true is 1. What is neither is refused by the native core. @internal */
export function asNumber(value: number | boolean): number {
  return typeof value === 'boolean' ? Number(value) : value
}

/** Looks whether a number fits a dtype before the native core casts it. @throws ArgumentError @internal */
export function checkFits(op: string, value: number, dtype: DType): void {
  if (typeof value !== 'number' || typeof dtype !== 'string') return // refused by the native core
  converters[dtype]?.(op, value)
  if (Math.abs(value) > (largest[dtype] ?? Infinity) && Number.isFinite(value)) {
    throw new ArgumentError(`${op}: ${value} does not fit ${dtype}`)
  }
}

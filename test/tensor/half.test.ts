// float16 and bfloat16 outside of tensors: every one of their bits, and every place where rounding changes its mind, by
// the definition of the types. That PyTorch rounds the same is in the cases of casts (test/ops/cases/copy.ts).
import { expect, test } from 'vitest'
import { ArgumentError, bfloat16, finfo, float16, iinfo, tensor } from '../../src/index.ts'

const types = [
  { dtype: 'float16', conversion: float16, exponentBits: 5, fractionBits: 10 },
  { dtype: 'bfloat16', conversion: bfloat16, exponentBits: 8, fractionBits: 7 },
] as const

const everything = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits)

/** The value of bits, by the definition of a binary float. */
function meaning(bits: number, exponentBits: number, fractionBits: number): number {
  const sign = bits >> 15 ? -1 : 1
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1)
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits
  const bias = 2 ** (exponentBits - 1) - 1
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias))
}

for (const { dtype, conversion, exponentBits, fractionBits } of types) {
  const all = Float32Array.from(everything, bits => meaning(bits, exponentBits, fractionBits))
  const finite = everything.filter(bits => Number.isFinite(all[bits]))

  test(`all bits of ${dtype} have their meaning, and come back`, () => {
    expect(conversion.toFloat32(everything)).toEqual(all)
    expect(conversion.fromFloat32(all.filter(Number.isFinite))).toEqual(finite)
    expect(conversion.fromFloat32(Float32Array.of(Infinity, -Infinity))).toEqual(
      everything.filter(bits => Math.abs(all[bits]!) === Infinity),
    )
    expect(conversion.toFloat32(conversion.fromFloat32(Float32Array.of(NaN, -NaN)))).toEqual(Float32Array.of(NaN, NaN))
  })

  test(`between two values of ${dtype} the nearer one is taken, in the middle the even one`, () => {
    // Beside the largest value is what the next one would be, and stands for infinity.
    const next = (bits: number) =>
      Number.isFinite(all[bits + 1]) ? all[bits + 1]! : Math.sign(all[bits]!) * 2 ** (2 ** (exponentBits - 1))
    const middle = Float32Array.from(finite, bits => (all[bits]! + next(bits)) / 2)
    const beside = (direction: 1 | -1) => {
      const words = Int32Array.from(new Int32Array(middle.buffer), word => word + direction)
      return new Float32Array(words.buffer) // towards infinity or zero by one float32
    }
    expect(conversion.fromFloat32(middle)).toEqual(finite.map(bits => bits + (bits & 1)))
    expect(conversion.fromFloat32(beside(1))).toEqual(finite.map(bits => bits + 1))
    expect(conversion.fromFloat32(beside(-1))).toEqual(finite)
  })

  test(`tensors of ${dtype} from numbers, bits and other arrays`, () => {
    const x = tensor([1, -2.5, 0.1], { dtype })
    const near = conversion.toFloat32(conversion.fromFloat32(Float32Array.of(0.1)))[0]!
    expect(x.toArray()).toEqual([1, -2.5, near])
    expect(x.toTypedArray()).toEqual(conversion.fromFloat32(Float32Array.of(1, -2.5, 0.1)))
    expect(tensor(x.toTypedArray(), { dtype }).toArray()).toEqual(x.toArray())
    expect(tensor(Float64Array.of(1, 0.1), { dtype }).toArray()).toEqual([1, near])
    expect(tensor([true, 3n], { dtype }).toArray()).toEqual([1, 3])
    expect(x.index(2).item()).toBe(near)
    expect(x.index(2).toArray()).toBe(near)
    expect(tensor([1e39, -1e39], { dtype }).toArray()).toEqual([Infinity, -Infinity])
  })
}

const Float16Array = (globalThis as { Float16Array?: { from(values: number[]): Float32Array } }).Float16Array

test('a Float16Array makes float16', ({ skip }) => {
  if (!Float16Array) return skip('Node has Float16Array from 24 on')
  const data = Float16Array.from([9, 1, -2.5]).subarray(1)
  expect(tensor(data).dtype).toBe('float16')
  expect(tensor(data).toArray()).toEqual([1, -2.5])
  expect(tensor(data, { dtype: 'int64' }).toArray()).toEqual([1, -2])
})

test('bits without their dtype are refused, and other arrays for bits', () => {
  const text =
    'tensor: a Uint16Array holds bits of float16 or bfloat16; name the dtype, or convert it to another typed array'
  expect(() => tensor(new Uint16Array(1))).toThrow(new ArgumentError(text))
  expect(() => tensor(new Uint16Array(1), { dtype: 'float32' })).toThrow(new ArgumentError(text))
  expect(() => float16.fromFloat32([1] as never)).toThrow(
    new ArgumentError('float16.fromFloat32: expected a Float32Array, got an array'),
  )
  expect(() => bfloat16.toFloat32(new Uint8Array(1) as never)).toThrow(
    new ArgumentError('bfloat16.toFloat32: expected a Uint16Array, got a Uint8Array'),
  )
})

// What Python prints of torch.finfo and torch.iinfo.
test('finfo and iinfo', () => {
  const smallest = 1.1754943508222875e-38
  expect((['float16', 'bfloat16', 'float32', 'float64'] as const).map(dtype => finfo(dtype))).toEqual(
    [
      ['float16', 16, 0.0009765625, 65504, 6.103515625e-5, 0.001],
      ['bfloat16', 16, 0.0078125, 3.3895313892515355e38, smallest, 0.01],
      ['float32', 32, 1.1920928955078125e-7, 3.4028234663852886e38, smallest, 1e-6],
      ['float64', 64, 2.220446049250313e-16, 1.7976931348623157e308, 2.2250738585072014e-308, 1e-15],
    ].map(([dtype, bits, eps, max, tiny, resolution]) => ({
      ...{ dtype, bits, eps, max, tiny, resolution },
      ...{ min: -max!, smallestNormal: tiny },
    })),
  )
  expect((['uint8', 'int8', 'int16', 'int32', 'int64'] as const).map(dtype => iinfo(dtype))).toEqual([
    { dtype: 'uint8', bits: 8, min: 0, max: 255 },
    { dtype: 'int8', bits: 8, min: -128, max: 127 },
    { dtype: 'int16', bits: 16, min: -32768, max: 32767 },
    { dtype: 'int32', bits: 32, min: -2147483648, max: 2147483647 },
    { dtype: 'int64', bits: 64, min: -9223372036854775808n, max: 9223372036854775807n },
  ])
  expect(() => finfo('int8')).toThrow(new ArgumentError('finfo: expected a floating dtype, got int8; use iinfo'))
  expect(() => iinfo('float16')).toThrow(new ArgumentError('iinfo: expected an integer dtype, got float16; use finfo'))
  expect(() => iinfo('bool')).toThrow(new ArgumentError('iinfo: expected an integer dtype, got bool'))
  expect(() => finfo('half' as never)).toThrow("unknown dtype 'half'")
})

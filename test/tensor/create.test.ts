// Making tensors, and the exact text of what is refused.
import { expect, test } from 'vitest'
import {
  ArgumentError,
  arange,
  type DType,
  empty,
  eye,
  full,
  fullLike,
  ones,
  onesLike,
  ShapeError,
  tensor,
  zeros,
  zerosLike,
} from '../../src/index.ts'

test('the dtype follows the kind of data', () => {
  const dtypes = [1, [1, 2.5], true, [1n], [true, 2], [true, 2n], []].map(data => tensor(data).dtype)
  expect(dtypes).toEqual(['float32', 'float32', 'bool', 'int64', 'float32', 'int64', 'float32'])
  const floats = [new Float32Array(2), new Float64Array(2)]
  const integers = [new BigInt64Array(2), new Int32Array(2), new Int16Array(2), new Int8Array(2), new Uint8Array(2)]
  expect(floats.map(array => tensor(array).dtype)).toEqual(['float32', 'float64'])
  expect(integers.map(array => tensor(array).dtype)).toEqual(['int64', 'int32', 'int16', 'int8', 'uint8'])
})

test('typed arrays may be the innermost of nested arrays', () => {
  const rows = tensor([new Float64Array([1, 2]), new Float64Array([3, 4])])
  expect([rows.dtype, rows.toArray()]).toEqual([
    'float64',
    [
      [1, 2],
      [3, 4],
    ],
  ])
  expect(tensor([[new Int32Array(3)], [new Int32Array(3)]]).shape).toEqual([2, 1, 3])
  expect(tensor([new Uint8Array(2), [1, 2]]).dtype).toBe('uint8')
  expect(tensor([new Uint8Array(2), new Int8Array(2)]).dtype).toBe('float32')
  expect(tensor([new Float32Array([1.5, -2])], { dtype: 'int64' }).toArray()).toEqual([[1, -2]])
  expect(tensor([new Uint16Array([16256, 16384])], { dtype: 'bfloat16' }).toArray()).toEqual([[1, 2]])
  expect(() => tensor([new Float32Array(2), new Float32Array(3)])).toThrow(
    'tensor: expected sequence of length 2 at dim 1 (got 3)',
  )
})

test('data is copied and converted', () => {
  const data = new Float32Array([1, 2])
  const x = tensor(data)
  data[0] = 9
  expect(x.toArray()).toEqual([1, 2])
  expect(tensor([1.9, -1.9], { dtype: 'int64' }).toArray()).toEqual([1, -1])
  expect(tensor([0, 0.5, -3], { dtype: 'bool' }).toArray()).toEqual([false, true, true])
  expect(tensor([NaN, -0, 2n], { dtype: 'bool' }).toArray()).toEqual([true, false, true])
  expect(tensor([-1, 255, 0.9, true], { dtype: 'uint8' }).toArray()).toEqual([255, 255, 0, 1])
  expect(tensor([-(2n ** 63n), 2n ** 63n - 1n]).toTypedArray()).toEqual(
    new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]),
  )
  expect(tensor([NaN, Infinity, 3n]).toArray()).toEqual([NaN, Infinity, 3])
  expect(tensor(new Int32Array([1, -2]), { dtype: 'int64' }).toArray()).toEqual([1, -2])
  expect(tensor(new Uint8Array([0, 3]), { dtype: 'bool' }).toArray()).toEqual([false, true])
  expect(tensor([[[1], [2]]]).shape).toEqual([1, 2, 1])
  expect(tensor(new Float32Array([7, 8, 9]).subarray(1)).toArray()).toEqual([8, 9])
})

test('sizes one by one or as an array, options last', () => {
  expect([zeros(2, 3).shape, zeros([2, 3]).shape, ones([]).shape]).toEqual([[2, 3], [2, 3], []])
  expect(zeros(2, { dtype: 'int64' }).dtype).toBe('int64')
  expect(ones([2], { requiresGrad: true }).requiresGrad).toBe(true)
  expect(empty(2, 0, 3).numel()).toBe(0)
  expect(full([2], 7).toArray()).toEqual([7, 7])
  const x = zeros(2, { dtype: 'float64' })
  expect([onesLike(x), zerosLike(x), fullLike(x, 3)].map(like => [like.dtype, like.toArray()])).toEqual([
    ['float64', [1, 1]],
    ['float64', [0, 0]],
    ['float64', [3, 3]],
  ])
  expect(onesLike(x, { dtype: undefined }).dtype).toBe('float64')
  expect(full([1], 2.9, { dtype: 'int64' }).toArray()).toEqual([2])
  expect(onesLike(x, { dtype: 'bool' }).toArray()).toEqual([true, true])
})

test('arange gives int64 for integers and float32 otherwise', () => {
  expect([arange(3).dtype, arange(0, 1, 0.5).dtype, arange(3, { dtype: 'float64' }).dtype]).toEqual([
    'int64',
    'float32',
    'float64',
  ])
  expect([arange(3), arange(2, 5), arange(5, 0, -2), arange(1, 2, 0.25)].map(x => x.toArray())).toEqual([
    [0, 1, 2],
    [2, 3, 4],
    [5, 3, 1],
    [1, 1.25, 1.5, 1.75],
  ])
})

test('eye', () => {
  expect(eye(2).toArray()).toEqual([
    [1, 0],
    [0, 1],
  ])
  expect(eye(2, 3, { dtype: 'bool' }).toArray()).toEqual([
    [true, false, false],
    [false, true, false],
  ])
})

test('what cannot be made says why', () => {
  expect(() => tensor([[1, 2], [3]])).toThrow(new ShapeError('tensor: expected sequence of length 2 at dim 1 (got 1)'))
  expect(() => tensor([[1], 2])).toThrow(
    new ShapeError('tensor: expected sequence of length 1 at dim 1 (got a scalar)'),
  )
  expect(() => tensor([1, [2]])).toThrow(
    new ShapeError('tensor: expected a scalar at dim 1 (got a sequence of length 1)'),
  )
  expect(() => zeros(2, { dtype: 'float' as DType })).toThrow(ArgumentError)
  expect(() => tensor(new Uint32Array(1))).toThrow('tensor: Uint32Array has no matching dtype')
  expect(() => tensor(new DataView(new ArrayBuffer(4)))).toThrow('tensor: DataView has no matching dtype')
})

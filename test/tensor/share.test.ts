// Tensors over the memory of typed arrays: both see what is written, the array lives as long as any view does, and no
// memory is left behind by a loop that never returns to the event loop.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { ArgumentError, asTensor, type DType, fromTypedArray, ones, type Tensor } from '../../src/index.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

test('both see what is written', () => {
  const array = new Float32Array([1, 2, 3, 4, 5, 6])
  const x = fromTypedArray(array).view(2, 3)
  x.index(1).mul_(10)
  expect([...array]).toEqual([1, 2, 3, 40, 50, 60])
  array[0] = 7
  expect(x.toArray()).toEqual([
    [7, 2, 3],
    [40, 50, 60],
  ])
  const middle = fromTypedArray(array.subarray(2, 4))
  middle.zero_()
  expect([...array]).toEqual([7, 2, 0, 0, 50, 60])
})

test('every kind of array has its dtype', () => {
  const kinds: [ArrayBufferView, DType][] = [
    [new Float32Array([1, 2]), 'float32'],
    [new Float64Array([1, 2]), 'float64'],
    [new BigInt64Array([1n, 2n]), 'int64'],
    [new Int32Array([1, 2]), 'int32'],
    [new Int16Array([1, 2]), 'int16'],
    [new Int8Array([1, 2]), 'int8'],
    [new Uint8Array([1, 2]), 'uint8'],
    [new Uint8ClampedArray([1, 2]), 'uint8'],
    [Buffer.from([1, 2]), 'uint8'],
  ]
  for (const [array, dtype] of kinds) {
    const x = fromTypedArray(array)
    expect(x.dtype).toBe(dtype)
    expect(x.toArray()).toEqual([1, 2])
  }
  expect(fromTypedArray(new Uint16Array([0x3c00, 0x4000]), 'float16').toArray()).toEqual([1, 2])
  expect(fromTypedArray(new Uint16Array([0x3f80, 0x4000]), { dtype: 'bfloat16' }).toArray()).toEqual([1, 2])
  expect(fromTypedArray(new Float32Array(0)).shape).toEqual([0])
})

test('memory of several threads', () => {
  const array = new Int32Array(new SharedArrayBuffer(8))
  const x = fromTypedArray(array).add_(3)
  Atomics.add(array, 1, 4)
  expect(x.toArray()).toEqual([3, 7])
})

test('arrays that cannot be shared are refused', () => {
  const wrong: [unknown, DType | undefined, string][] = [
    [[1, 2], undefined, 'fromTypedArray: expected a typed array, got an array'],
    [
      new Uint32Array(2),
      undefined,
      'fromTypedArray: Uint32Array has no matching dtype; convert it to another typed array',
    ],
    [
      new Uint16Array(2),
      undefined,
      'fromTypedArray: a Uint16Array holds bits of float16 or bfloat16; name the dtype, or convert it to another typed array',
    ],
    [
      new Float32Array(2),
      'float64',
      'fromTypedArray: the array holds float32, not float64; convert the tensor with to',
    ],
  ]
  for (const [array, dtype, message] of wrong) {
    expect(() => fromTypedArray(array as Float32Array, dtype)).toThrow(new ArgumentError(message))
  }
  const Resizable = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer
  expect(() => fromTypedArray(new Float32Array(new Resizable(8, { maxByteLength: 16 })))).toThrow(
    'fromTypedArray: the buffer can be resized, and its memory could go; copy it with tensor',
  )
})

test('a buffer under a tensor cannot be transferred', () => {
  const array = new Float32Array([1, 2])
  const x = fromTypedArray(array)
  try {
    structuredClone(array.buffer, { transfer: [array.buffer] }) // some versions of Node copy it, others refuse
  } catch (error) {
    expect((error as Error).name).toBe('DataCloneError')
  }
  expect(array.length).toBe(2)
  expect(x.toArray()).toEqual([1, 2])
})

test('gradients flow from elements of an array', () => {
  const x = fromTypedArray(new Float32Array([1, 2, 3])).requiresGrad_()
  x.mul(x).sum().backward()
  expect(x.grad!.toArray()).toEqual([2, 4, 6])
})

test('asTensor copies only where it has to', () => {
  const x = ones(2, { requiresGrad: true })
  expect(asTensor(x)).toBe(x)
  expect(asTensor(x, 'float64').gradFn?.name).toBe('ToCopyBackward0')
  const array = new Float64Array([1, 2])
  asTensor(array).add_(1)
  asTensor(array, { dtype: 'float64' }).add_(1)
  asTensor(array, 'float32').add_(1)
  expect([...array]).toEqual([3, 4])
  expect(asTensor([1, 2], { dtype: 'int64' }).dtype).toBe('int64')
  expect(asTensor([[true], [false]]).dtype).toBe('bool')
  expect(asTensor(3).shape).toEqual([])
  expect(asTensor(new Uint16Array([0x3c00]), 'float16').toArray()).toEqual([1])
  expect(() => asTensor(new Uint16Array(1))).toThrow('asTensor: a Uint16Array holds bits')
})

test('a view keeps the array, and the last one lets it go', async () => {
  let released = 0
  const registry = new FinalizationRegistry(() => released++)
  const view = (i: number) => {
    const array = new Float32Array(1000).fill(i)
    registry.register(array.buffer, i)
    return fromTypedArray(array).index('10:20')
  }
  let views: Tensor[] | null = Array.from({ length: 20 }, (_, i) => view(i))
  const settle = async () => {
    for (let i = 0; i < 5; i++) {
      gc()
      fromTypedArray(new Float32Array(1)) // lets go of what is no longer needed
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  await settle()
  expect(released).toBe(0)
  expect(views.every((view, i) => view.sum().item() === 10 * i)).toBe(true)
  views = null
  await settle()
  expect(released).toBe(20)
})

test('a synchronous loop over arrays keeps its memory flat', () => {
  const megabytes = () => process.memoryUsage().arrayBuffers / 2 ** 20
  const before = megabytes()
  let most = 0
  for (let i = 0; i < 1500; i++) {
    const x = fromTypedArray(new Float32Array(2 ** 18).fill(i)) // 1 MiB
    expect(x.index(-1).item()).toBe(i)
    most = Math.max(most, megabytes() - before)
  }
  expect(most).toBeLessThan(500)
})

// What threads send each other, packed and unpacked in one thread: values come back as they were, tensors share memory.
import { expect, test } from 'vitest'
import { give, pack, unpack } from '../../src/data/parcel.ts'
import { Generator, rand, tensor } from '../../src/index.ts'

function sent<T>(value: T): T {
  const { value: copy } = unpack(structuredClone(give(pack({ value }, { dataOnly: true }), 0))) as { value: T }
  return copy
}

test('data come back as they were', () => {
  const value = {
    text: 'a',
    big: 1n,
    none: undefined,
    array: [1, [2], null],
    map: new Map<unknown, unknown>([['k', [1]]]),
    set: new Set([{ x: 1 }]),
    date: new Date(0),
    pattern: /a/g,
    buffer: new ArrayBuffer(2),
    __proto__: null,
  }
  expect(sent(value)).toEqual({ ...value })
})

test('an object that occurs twice is one object, in cycles too', () => {
  const shared = { x: 1 }
  const value: Record<string, unknown> = { a: shared, b: [shared], map: new Map(), set: new Set() }
  value.self = value
  ;(value.map as Map<string, unknown>).set('all', value)
  ;(value.set as Set<unknown>).add(value)
  const copy = sent(value) as typeof value & { b: unknown[]; map: Map<string, unknown>; set: Set<unknown> }
  expect(copy.a).toBe(copy.b[0])
  expect([copy.self, copy.map.get('all'), [...copy.set][0]].every(item => item === copy)).toBe(true)
})

test('a tensor shares its memory and keeps what it requires', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]).t()
  const [y, z, w] = sent([x, x, tensor([1]).requiresGrad_()])
  expect([y, y!.stride(), w!.requiresGrad, w!.grad]).toEqual([z, [1, 2], true, null])
  x.index(0, 1).fill_(7)
  expect(y!.toArray()).toEqual([
    [1, 7],
    [2, 4],
  ])
})

test('of a buffer only the part is copied that an array shows', () => {
  const whole = Uint8Array.from({ length: 100 }, (_, i) => i)
  const part = sent(new Uint16Array(whole.buffer, 4, 2))
  expect([part, part.buffer.byteLength]).toEqual([Uint16Array.of(0x504, 0x706), 4])
  const shared = new Float32Array(new SharedArrayBuffer(8))
  sent(shared)[1] = 3
  expect(shared[1]).toBe(3)
})

test('a generator goes on where it was', () => {
  const generator = new Generator().manualSeed(3)
  rand(5, { generator })
  const copy = sent(generator)
  expect(rand(3, { generator: copy }).toArray()).toEqual(rand(3, { generator }).toArray())
})

// Tests of the tests: a comparison that cannot fail proves nothing, and a layout that is not what it says tests nothing.

import { describe, expect, test } from 'vitest'
import { empty, tensor } from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import { type DType, exact } from '../support/case.ts'
import { expectElements, expectTensor } from '../support/golden.ts'
import { expectGradient, numericGradient } from '../support/gradcheck.ts'
import { makeInput } from '../support/layout.ts'
import { poisonFreeMemory } from '../support/poison.ts'
import { tolerances } from '../support/tolerance.ts'

describe('comparisons', () => {
  const loose = tolerances.float32
  const wrong: [string, Float32Array, (number | string)[], typeof loose][] = [
    ['a value', Float32Array.of(1, 2), [1, 2.001], loose],
    ['one bit, where exact', Float32Array.of(1.0000001), [1], exact],
    ['the sign of zero, where exact', Float32Array.of(-0), [0], exact],
    ['NaN for a number', Float32Array.of(Number.NaN), [1], loose],
    ['a number for NaN', Float32Array.of(1), ['NaN'], loose],
    ['a number for an infinity', Float32Array.of(3e38), ['Infinity'], loose],
    ['the wrong infinity', Float32Array.of(-Infinity), ['Infinity'], loose],
    ['an element too few', Float32Array.of(1), [1, 1], loose],
  ]
  for (const [name, got, want, tolerance] of wrong) {
    test(`${name} is seen`, () => {
      expect(() => expectElements('x', got, want, tolerance)).toThrow(/^x: /)
    })
  }

  test('equal elements pass, with NaN, infinities and bigints', () => {
    expectElements('x', Float32Array.of(Number.NaN, Infinity, 0.1, -0), ['NaN', 'Infinity', 0.1, '-0'], exact)
    expectElements('x', BigInt64Array.of(2n ** 60n), ['1152921504606846976'], exact)
  })

  test('dtype and shape are seen', () => {
    const want = { dtype: 'float64' as DType, shape: [1], data: [1] }
    expect(() => expectTensor('x', tensor([1]), want)).toThrow('dtype float32, PyTorch has float64')
    expect(() => expectTensor('x', tensor([[1]], { dtype: 'float64' }), want)).toThrow('shape [1, 1], PyTorch has [1]')
  })

  test('a wrong gradient is seen, a right one is not', () => {
    const x = tensor([1, 2], { dtype: 'float64' })
    const numeric = numericGradient(y => y.mul(y).sum().item(), [x], 0)
    expectGradient('dx', x.mul(2), numeric)
    expect(() => expectGradient('dx', x.mul(2.0001), numeric)).toThrow('dx: element 0 is 2.0001')
    expect(() => expectGradient('dx', null, numeric)).toThrow('dx: element 0 is 0')
  })
})

describe('layouts', () => {
  const data = [1, 2, 3, 4, 5, 6]
  const made = (layout: 'contiguous' | 'transposed' | 'sliced' | 'offset') => makeInput({ shape: [2, 3], layout }, data)

  test('all hold the same elements', () => {
    for (const layout of ['contiguous', 'transposed', 'sliced', 'offset'] as const) {
      expect(made(layout).toArray()).toEqual([
        [1, 2, 3],
        [4, 5, 6],
      ])
    }
    expect(makeInput({ shape: [2, 3], layout: 'expanded' }, [1, 2, 3]).toArray()).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
    const cube = makeInput({ shape: [2, 2, 3], layout: 'transposed' }, [...data, ...data.map(v => v + 6)])
    expect(cube.toArray()).toEqual([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ])
  })

  test('each lies in memory as it says', () => {
    expect(made('transposed').stride()).toEqual([1, 2])
    expect(made('sliced').stride()).toEqual([6, 2])
    expect(makeInput({ shape: [2, 3], layout: 'expanded' }, [1, 2, 3]).stride()).toEqual([0, 1])
    expect(native.storageOffset(made('offset').handle)).toBe(3)
  })

  test('an input with grad is a leaf', () => {
    const x = makeInput({ shape: [2, 3], layout: 'sliced', grad: true }, data)
    expect([x.requiresGrad, x.isLeaf, x.isContiguous()]).toEqual([true, true, false])
  })
})

test('freed memory is poisoned', () => {
  poisonFreeMemory()
  for (const size of [1, 7, 16, 100, 1000, 4000]) {
    expect([...empty([size]).toTypedArray()].every(Number.isNaN), `${size} elements`).toBe(true)
  }
})

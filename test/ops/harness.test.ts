// Tests of the tests: a comparison that cannot fail proves nothing, and a layout that is not what it says tests
// nothing.

import { describe, expect, test } from 'vitest'
import { empty, tensor } from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import { type Case, type DType, exact, isHalf } from '../support/case.ts'
import { type Answer, expectElements, expectTensor, golden, type Stored, toNumber, within } from '../support/golden.ts'
import { expectGradient, numericGradient } from '../support/gradcheck.ts'
import { makeInput } from '../support/layout.ts'
import { poisonFreeMemory } from '../support/poison.ts'
import { selected } from '../support/selection.ts'
import { failing, report } from './each-op.ts'

describe('comparisons', () => {
  const loose = { rtol: 2e-6, atol: 2e-6 }
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

describe('a product that is wrong', () => {
  const { entries } = golden<Answer>('ops-matmul')
  const answer = entries['matmul: blocked sizes']!
  const [m, k, n] = [67, 65, 33]
  const [x, y] = answer.inputs.map(input => Float32Array.from(input, toNumber)) as [Float32Array, Float32Array]
  const want = answer.outputs[0]!

  /** The product in float64, from operands and terms as `change` leaves them. */
  const product = (change: (term: number, i: number, p: number, j: number) => number, operand = (v: number) => v) =>
    Float32Array.from({ length: m * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      let sum = 0
      for (let p = 0; p < k; p++) sum += change(operand(x[i * k + p]!) * operand(y[p * n + j]!), i, p, j)
      return sum
    })
  /** The elements that are seen to be wrong. */
  const seen = (got: Float32Array, stored: Stored = want) => {
    const allowed = within(stored) as (want: number, i: number) => number
    return stored.data.filter((v, i) => Math.abs(got[i]! - Number(v)) > allowed(Number(v), i)).length
  }
  /** The nearest number with that many bits after the leading one. */
  const rounded = (bits: number) => (v: number) => {
    const scale = v * (2 ** (23 - bits) + 1)
    return Math.fround(Math.fround(scale) - Math.fround(scale - v))
  }

  test('any order of summation passes', () => {
    expect(seen(product(term => term))).toBe(0)
    for (const step of [1, 2, 7, 33]) {
      const got = Float32Array.from({ length: m * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n]
        let sum = 0
        for (let q = 0; q < k; q++) {
          const p = (q * step) % k
          sum = Math.fround(sum + Math.fround(x[i * k + p]! * y[p * n + j]!))
        }
        return sum
      })
      expect(seen(got), `every ${step}`).toBe(0)
    }
  })

  test('one term dropped is seen, and one term doubled', () => {
    const large = (i: number, p: number, j: number) => Math.abs(x[i * k + p]! * y[p * n + j]!) > 1e-3
    for (const dropped of [0, 31, 64]) {
      const wrong = [...product(() => 0)].filter((_, at) => large(Math.floor(at / n), dropped, at % n)).length
      expect(wrong).toBeGreaterThan(2000)
      expect(seen(product((term, _, p) => (p === dropped ? 0 : term)))).toBeGreaterThanOrEqual(wrong)
      expect(seen(product((term, _, p) => (p === dropped ? 2 * term : term)))).toBeGreaterThanOrEqual(wrong)
    }
  })

  test('operands rounded to fewer bits are seen, as those of float16, bfloat16 and TF32 are', () => {
    expect(seen(product(term => term, rounded(10)))).toBeGreaterThan(0.8 * m * n)
    expect(seen(product(term => term, rounded(7)))).toBeGreaterThan(0.95 * m * n)
  })

  test('in every family of sums, an element off by its largest term is seen', () => {
    for (const family of ['matmul', 'conv', 'reduce', 'softmax', 'loss']) {
      let count = 0
      for (const { outputs, gradients = [] } of Object.values(golden<Answer>(`ops-${family}`).entries)) {
        for (const stored of [...outputs, ...gradients]) {
          // One rounding of a half is as large as a term of a long sum.
          if (!stored.sizes || !stored.terms || isHalf(stored.through ?? stored.dtype)) continue
          const allowed = within(stored) as (want: number, i: number) => number
          stored.data.forEach((v, i) => {
            const size = stored.sizes![i]!
            if (!Number.isFinite(Number(v)) || Math.abs(Number(v)) > 100 * size) return
            count++
            // The largest of n terms is at least size / n; bilinear ops count each product for both of its operands.
            expect(allowed(Number(v), i)).toBeLessThanOrEqual(size / (2 * stored.terms!) / 10)
          })
        }
      }
      expect(count, family).toBeGreaterThan(500)
    }
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

describe('many cases in one test', () => {
  const made = (name: string): Case => ({ op: 'add', name, inputs: [], run: () => [], torch: '' })
  const families = { arithmetic: [made('add: float32'), made('add: float64')], pool: [made('maxPool2d: 3x3')] }
  const names = (chosen: Record<string, Case[]>) =>
    Object.entries(chosen).map(([family, cases]) => `${family}: ${cases.map(it => it.name).join(', ')}`)

  test('each that fails is named with its message, and the others run', () => {
    const ran: string[] = []
    const failures = failing(families.arithmetic, it => {
      ran.push(it.name)
      if (it.name === 'add: float32') throw new Error('output: [0] 1 instead of 2')
    })
    expect(ran).toEqual(['add: float32', 'add: float64'])
    expect(report(failures, 2).message).toBe(
      '1 of 2 cases fail; DTRAIN_CASE="add: float32" runs the first alone\n  add: float32: output: [0] 1 instead of 2',
    )
  })

  test('families and cases are chosen by name', () => {
    expect(names(selected(families, {}))).toEqual(['arithmetic: add: float32, add: float64', 'pool: maxPool2d: 3x3'])
    expect(names(selected(families, { DTRAIN_FAMILIES: 'pool' }))).toEqual(['pool: maxPool2d: 3x3'])
    expect(names(selected(families, { DTRAIN_CASE: 'float64' }))).toEqual(['arithmetic: add: float64', 'pool: '])
  })

  test('names that do not exist are refused', () => {
    expect(() => selected(families, { DTRAIN_FAMILIES: 'conv,pool' })).toThrow(
      "DTRAIN_FAMILIES: there is no family 'conv'; there are arithmetic, pool",
    )
    expect(() => selected(families, { DTRAIN_FAMILIES: 'pool', DTRAIN_CASE: 'add' })).toThrow(
      "DTRAIN_CASE: no case of pool has 'add' in its name",
    )
  })
})

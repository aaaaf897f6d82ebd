// Sizes at which kernels split their work among threads and leave a remainder for the last vector. Golden files would
// be huge, so the reference is plain float64 code, or the same op on parts: an image of a batch, a row of a matrix.

import { beforeAll, describe, expect, test } from 'vitest'
import {
  add,
  arange,
  cat,
  cdist,
  conv2d,
  grad,
  manualSeed,
  maxPool2d,
  ones,
  rand,
  randint,
  randn,
  type Tensor,
} from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import { crossEntropy, linear } from '../../src/nn/functional/index.ts'
import { roundingBound, type Terms } from '../support/tolerance.ts'

const n = 1_000_003 // prime

beforeAll(() => {
  manualSeed(7)
})

function numbers(x: Tensor): Float32Array {
  return x.toTypedArray() as Float32Array
}

/**
 * Throws at the first element off by more than rtol of the largest wanted value, or by more than rounding explains in a
 * sum of so many terms whose absolute values add up to at most `size`.
 */
function expectClose(got: Tensor, want: ArrayLike<number>, allowed: number | Terms = 0): void {
  const values = numbers(got)
  expect(values.length).toBe(want.length)
  let scale = 0
  for (let i = 0; i < want.length; i++) scale = Math.max(scale, Math.abs(want[i]!))
  const bound = typeof allowed === 'number' ? allowed * scale : roundingBound('float32', scale, allowed)
  for (let i = 0; i < values.length; i++) {
    if (!(Math.abs(values[i]! - want[i]!) <= bound)) throw new Error(`[${i}] ${values[i]} instead of ${want[i]}`)
  }
}

/** The same when `want` too is a sum in float32. */
function expectCloseToSum(got: Tensor, want: Tensor, { terms, size }: Terms): void {
  expectClose(got, numbers(want), { terms, size: 2 * size })
}

function absolute(x: Tensor): Tensor {
  return x.relu().add(x.neg().relu())
}

/** What the op gives for each part along dim 0, joined. */
function byParts(x: Tensor, size: number, f: (part: Tensor) => Tensor): Tensor {
  const parts: Tensor[] = []
  for (let i = 0; i < x.shape[0]!; i += size) parts.push(f(x.index(`${i}:${i + size}`)))
  return cat(parts)
}

// Four even where the machine has fewer cores: the split is what is tested.
for (const count of [1, 4]) {
  describe(`${count} threads`, () => {
    beforeAll(() => native.setNumThreads(count))

    test('elementwise', () => {
      const [x, y] = [randn(n), rand(n)]
      const [a, b] = [numbers(x), numbers(y)]
      expectClose(
        x.add(y),
        a.map((v, i) => v + b[i]!),
      )
      expectClose(
        x.mul(y),
        a.map((v, i) => v * b[i]!),
      )
      expectClose(
        x.div(y.add(1)),
        a.map((v, i) => v / Math.fround(b[i]! + 1)),
      )
      expectClose(
        x.relu(),
        a.map(v => Math.max(v, 0)),
      )
      expectClose(y.exp(), b.map(Math.exp), 2e-7)
      expectClose(
        y.add(0.5).log(),
        b.map(v => Math.log(Math.fround(v + 0.5))),
        2e-7,
      )
      expect([...x.lt(y).toTypedArray()].every((v, i) => v === Number(a[i]! < b[i]!))).toBe(true)
    })

    test('broadcast, transposed and sliced', () => {
      const [row, column] = [randn(1, 1009), randn(997, 1)]
      const [r, c] = [numbers(row), numbers(column)]
      expectClose(
        row.sub(column),
        Float32Array.from({ length: 997 * 1009 }, (_, i) => r[i % 1009]! - c[(i / 1009) | 0]!),
      )
      const x = randn(499, 601)
      const v = numbers(x)
      expectClose(
        x.t().add(1),
        Float32Array.from({ length: v.length }, (_, i) => v[(i % 499) * 601 + ((i / 499) | 0)]! + 1),
      )
      expectClose(
        x.index(':', '::3').mul(2),
        v.filter((_, i) => (i % 601) % 3 === 0).map(u => u * 2),
      )
      expectClose(x.t().contiguous(), numbers(x.t()))
    })

    test('in place, and into a transposed view', () => {
      const x = randn(n)
      const before = numbers(x)
      expectClose(
        x.mul_(2).add_(1),
        before.map(v => Math.fround(v * 2) + 1),
      )
      const y = randn(499, 601)
      const v = numbers(y)
      y.t().sub_(ones(601, 499))
      expectClose(
        y,
        v.map(u => u - 1),
      )
    })

    test('sums and means', () => {
      const x = rand(997, 1013)
      const v = numbers(x)
      const [rows, columns] = [new Float64Array(997), new Float64Array(1013)]
      v.forEach((value, i) => {
        rows[(i / 1013) | 0]! += value
        columns[i % 1013]! += value
      })
      const total = rows.reduce((a, b) => a + b)
      expectClose(x.sum(), [total], 1e-6)
      expectClose(x.mean(), [total / v.length], 1e-6)
      expectClose(x.sum(1), rows, 1e-6)
      expectClose(x.sum(0), columns, 1e-6)
      expectClose(x.t().sum(0), rows, 1e-6)
      expectClose(
        x.index('::2').mean({ dim: 1 }),
        rows.filter((_, i) => i % 2 === 0).map(s => s / 1013),
        1e-6,
      )
      expect(arange(n).sum().item()).toBe((n * (n - 1)) / 2)
    })

    test('maxima', () => {
      const x = randn(997, 1013)
      const v = numbers(x)
      const best = v.indexOf(v.reduce((a, b) => Math.max(a, b)))
      expect(x.max().item()).toBe(v[best])
      expect(x.argmax().item()).toBe(best)
      const { values, indices } = x.max(1)
      const at = indices.toTypedArray() as BigInt64Array
      numbers(values).forEach((value, row) => {
        const elements = v.subarray(row * 1013, (row + 1) * 1013)
        expect(value).toBe(elements.reduce((a, b) => Math.max(a, b)))
        expect(Number(at[row])).toBe(elements.indexOf(value))
      })
      const [below, rightOf] = [x.argmax(0).toTypedArray(), x.t().argmax(1).toTypedArray()]
      expect(below).toEqual(rightOf)
    })

    test('matmul', () => {
      const [x, y] = [randn(131, 257), randn(257, 197)]
      const [a, b] = [numbers(x), numbers(y)]
      const want = new Float64Array(131 * 197)
      for (let i = 0; i < 131; i++)
        for (let k = 0; k < 257; k++)
          for (let j = 0; j < 197; j++) want[i * 197 + j]! += a[i * 257 + k]! * b[k * 197 + j]!
      // 257 products of absolute values, the most that any element has.
      const sum = { terms: 257, size: absolute(x).matmul(absolute(y)).max().item() }
      expectClose(x.matmul(y), want, sum)
      expectClose(x.t().contiguous().t().matmul(y.t().contiguous().t()), want, sum)
      expectClose(
        linear(x, y.t().contiguous(), ones(197)),
        want.map(v => v + 1),
        sum,
      )
      expectClose(x.expand(3, 131, 257).matmul(y), Float64Array.from([...want, ...want, ...want]), sum)
    })

    test('a batch of images is each image alone', () => {
      const x = rand(37, 3, 31, 29)
      const w = randn(8, 3, 5, 5)
      const conv = (part: Tensor) => conv2d(part, w, ones(8), { padding: 2, stride: 2 })
      const size = conv2d(x, absolute(w), ones(8), { padding: 2, stride: 2 }).max().item()
      expectCloseToSum(conv(x), byParts(x, 1, conv), { terms: 75, size })
      const pool = (part: Tensor) => maxPool2d(part, 3, { stride: 2, padding: 1 })
      expectClose(pool(x), numbers(byParts(x, 1, pool)))
      const softmax = (part: Tensor) => part.flatten(1).logSoftmax(1)
      expectClose(softmax(x), numbers(byParts(x, 1, softmax)), 1e-6)
    })

    test('gradients over a batch are the sum over its images', () => {
      const x = rand(37, 3, 31, 29).requiresGrad_()
      const w = randn(8, 3, 5, 5).requiresGrad_()
      const loss = (part: Tensor) =>
        maxPool2d(conv2d(part, w, { padding: 2 }).relu(), 2)
          .mul(0.01)
          .sum()
      const [dx, dw] = grad(loss(x), [x, w])
      const parts = Array.from({ length: 37 }, (_, i) => grad(loss(x.index(`${i}:${i + 1}`)), [x, w]))
      const sum = (which: number) => parts.map(part => part[which]!).reduce((a, b) => add(a, b))
      // dy is 0 or 0.01 and x is below 1: a pooled pixel gives one term to dw, a pixel has a weight of each filter to
      // sum.
      expectCloseToSum(dx!, sum(0), { terms: 200, size: 0.01 * 8 * 25 * absolute(w).max().item() })
      expectCloseToSum(dw!, sum(1), { terms: 37 * 31 * 29, size: 0.01 * 37 * 15 * 14 })
    })

    test('cross entropy of many samples', () => {
      const [x, t] = [randn(50_021, 11).requiresGrad_(), randint(0, 11, [50_021])]
      const each = crossEntropy(x, t, { reduction: 'none' })
      const mean = crossEntropy(x, t)
      expectClose(mean, [numbers(each).reduce((a, b) => a + b, 0) / 50_021], 1e-6)
      const [dx] = grad(mean, [x])
      const [first] = grad(crossEntropy(x.index(':100'), t.index(':100'), { reduction: 'sum' }).div(50_021), [x])
      expectClose(dx!.index(':100'), numbers(first!.index(':100')), 1e-6)
      expect(Math.abs(dx!.sum().item())).toBeLessThan(1e-6)
    })

    test('repeated indices add all their gradients', () => {
      const x = randn(7, 64).requiresGrad_()
      const at = randint(0, 7, [5003])
      const [dx] = grad(x.indexSelect(0, at).sum(), [x])
      const counts = new Float64Array(7)
      for (const i of at.toTypedArray()) counts[Number(i)]!++
      expectClose(
        dx!,
        Float64Array.from({ length: 7 * 64 }, (_, i) => counts[(i / 64) | 0]!),
      )
    })
  })
}

test('distances of rows that are taken part by part', () => {
  const [x, y] = [randn(70, 50), randn(40, 50)].map(v => v.to('float64').requiresGrad_()) as [Tensor, Tensor]
  const weights = randn(70, 40).to('float64')
  for (const p of [1, 3]) {
    const slow = x.unsqueeze(1).sub(y).norm(p, { dim: -1 })
    const want = [slow, ...grad(slow.mul(weights).sum(), [x, y])]
    const fast = cdist(x, y, p)
    const got = [fast, ...grad(fast.mul(weights).sum(), [x, y])]
    for (const [i, one] of got.entries()) expectClose(one!, numbers(want[i]!), 1e-13)
  }
})

// What a definition says of factors, inverses and determinants, also of matrices that have none: no PyTorch is needed.
import { expect, test } from 'vitest'
import { arange, eye, grad, linalg, manualSeed, randn, type Tensor, tensor } from '../../src/index.ts'

const float64 = { dtype: 'float64' } as const
const far = (x: Tensor, y: Tensor) => x.sub(y).abs().max().item() as number
const turned = (x: Tensor) => x.transpose(-2, -1)

test('the inverse of a Hilbert matrix has integers, as far as its condition allows', () => {
  const at = arange(1, 6, float64)
  const hilbert = at.view(5, 1).add(at.view(1, 5)).sub(1).reciprocal()
  const first = tensor([25, -300, 1050, -1400, 630], float64)
  expect(linalg.cond(hilbert).item()).toBeCloseTo(476607.25, 1)
  expect(far(linalg.inv(hilbert).select(0, 0), first)).toBeLessThan(1e-8)
  expect(far(linalg.pinv(hilbert).select(0, 0), first)).toBeLessThan(1e-6)
  expect(linalg.det(hilbert).mul(266716800000).item()).toBeCloseTo(1, 8)
})

test('the gradient of a determinant is that of the cofactors, of singular matrices too', () => {
  const cofactors = (values: number[][]) => {
    const a = tensor(values, { ...float64, requiresGrad: true })
    return grad(a.det(), a)[0]!.toArray()
  }
  const close = (got: unknown, want: number[][]) =>
    expect(far(tensor(got as number[][], float64), tensor(want, float64))).toBeLessThan(1e-12)
  close(
    cofactors([
      [1, 2],
      [2, 4],
    ]),
    [
      [4, -2],
      [-2, 1],
    ],
  )
  close(
    cofactors([
      [1, 2],
      [3, 5],
    ]),
    [
      [5, -3],
      [-2, 1],
    ],
  )
  close(
    cofactors([
      [0, 0, 0],
      [0, 3, 1],
      [0, 2, 4],
    ]),
    [
      [10, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
  )
  close(
    cofactors([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]),
    [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
  )
})

test('factors give the matrix back, large ones too', () => {
  manualSeed(1)
  for (const shape of [
    [130, 130],
    [3, 70, 40],
    [40, 70],
  ]) {
    const a = randn(shape, float64)
    const [p, l, u] = linalg.lu(a)
    expect(far(p.matmul(l).matmul(u), a)).toBeLessThan(1e-12)
    const [q, r] = linalg.qr(a, 'complete')
    expect(far(q.matmul(r), a)).toBeLessThan(1e-12)
    expect(far(turned(q).matmul(q), eye(shape.at(-2)!, float64).expand(...q.shape))).toBeLessThan(1e-12)
    const [left, s, right] = linalg.svd(a, false)
    expect(far(left.mul(s.unsqueeze(-2)).matmul(right), a)).toBeLessThan(1e-12)
    const square = a.matmul(turned(a))
    const [values, vectors] = linalg.eigh(square)
    expect(far(vectors.mul(values.unsqueeze(-2)).matmul(turned(vectors)), square)).toBeLessThan(1e-11)
    const [ld, pivots] = linalg.ldlFactor(square.add(eye(shape.at(-2)!, float64)))
    const b = randn([shape.at(-2)!, 2], float64)
    const x = linalg.ldlSolve(ld, pivots, b)
    expect(far(square.add(eye(shape.at(-2)!, float64)).matmul(x), b.expand(...x.shape))).toBeLessThan(1e-9)
  }
})

test('of all least squares solutions the smallest is found, and what is left is orthogonal to the columns', () => {
  manualSeed(2)
  const a = randn([2, 9, 3], float64).matmul(randn([2, 3, 5], float64)) // of rank 3
  const b = randn([2, 9, 2], float64)
  const smallest = linalg.pinv(a).matmul(b)
  for (const driver of ['gelsy', 'gelsd', 'gelss'] as const) {
    const [x, , rank] = linalg.lstsq(a, b, { driver })
    expect(rank.toArray()).toEqual([3, 3])
    expect(far(x, smallest)).toBeLessThan(1e-12)
    expect(turned(a).matmul(a.matmul(x).sub(b)).abs().max().item()).toBeLessThan(1e-12)
  }
})

test('nothing is ever written into what was given', () => {
  const a = randn([4, 4], float64).add(eye(4, float64).mul(4))
  const before = a.clone()
  const all = [linalg.inv, linalg.luFactor, linalg.qr, linalg.svd, linalg.svdvals, linalg.eigh, linalg.pinv]
  for (const call of [...all, linalg.ldlFactor, linalg.det, linalg.slogdet]) call(a)
  for (const call of all) call(turned(a))
  linalg.lstsq(a, a)
  linalg.solve(a, a)
  expect(far(a, before)).toBe(0)
})

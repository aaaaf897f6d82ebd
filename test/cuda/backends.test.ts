// What NVIDIA's libraries may do for speed: nothing unless asked, and then what was asked.
import { afterEach, describe, expect, test } from 'vitest'
import { backends, eye, full, nn, randn, type Tensor, tensor } from '../../src/index.ts'
import { real } from '../support/gpus.ts'

afterEach(() => {
  backends.cuda.matmul.allowTf32 = false
  backends.cudnn.allowTf32 = false
  backends.cudnn.benchmark = false
  backends.cudnn.deterministic = false
})

describe('the settings', () => {
  test('are false at first, keep what they are given, and do not touch each other', () => {
    const { matmul } = backends.cuda
    const { cudnn } = backends
    const all = () => [matmul.allowTf32, cudnn.allowTf32, cudnn.benchmark, cudnn.deterministic]
    expect(all()).toEqual([false, false, false, false])
    matmul.allowTf32 = true
    expect(all()).toEqual([true, false, false, false])
    cudnn.allowTf32 = true
    matmul.allowTf32 = false
    expect(all()).toEqual([false, true, false, false])
    cudnn.benchmark = true
    expect(all()).toEqual([false, true, true, false])
    cudnn.deterministic = true
    cudnn.benchmark = false
    expect(all()).toEqual([false, true, false, true])
  })

  test('other values and other names are refused', () => {
    const { matmul } = backends.cuda
    const { cudnn } = backends
    const set = (object: object, name: string, value: unknown) => () => Object.assign(object, { [name]: value })
    expect(set(matmul, 'allowTf32', 1)).toThrow('backends.cuda.matmul.allowTf32: expected true or false, got a number')
    expect(set(cudnn, 'allowTf32', 'yes')).toThrow('backends.cudnn.allowTf32: expected true or false, got a string')
    expect(set(cudnn, 'benchmark', undefined)).toThrow(
      'backends.cudnn.benchmark: expected true or false, got undefined',
    )
    expect(set(cudnn, 'deterministic', 1)).toThrow('backends.cudnn.deterministic: expected true or false, got a number')
    expect(set(cudnn, 'enabled', false)).toThrow(TypeError)
    expect(set(backends, 'cudnn', {})).toThrow(TypeError)
    expect([matmul.allowTf32, cudnn.allowTf32, cudnn.benchmark]).toEqual([false, false, false])
  })
})

/** Needs 20 bits of mantissa; TF32 has 10, and the nearest number there is 1 + 2^-10. */
const fine = 1 + 2 ** -11 + 2 ** -20
const coarse = 1 + 2 ** -10

/** The one value of x, which TF32 rounds. A GPU need not use TF32 because it may, and may round the other way. */
function expectRounded(x: Tensor, allowed: boolean): void {
  const [first, ...rest] = x.flatten().toArray() as number[]
  for (const value of rest) expect(value).toBe(first)
  if (!allowed) expect(first).toBe(fine)
  else if (real > 0) expect(Math.abs(first! - fine)).toBeLessThan(2 ** -10)
  else expect(first).toBe(coarse)
}

describe('TF32', () => {
  for (const [when, allowed] of [
    ['by default', false],
    ['allowed', true],
    ['not allowed any more', false],
  ] as const) {
    test(`matrix products, ${when}`, () => {
      backends.cuda.matmul.allowTf32 = allowed
      const x = full([32, 32], fine, { device: 'cuda' })
      expectRounded(x.matmul(eye(32, { device: 'cuda' })), allowed)
      expectRounded(x.view(2, 16, 32).matmul(eye(32, { device: 'cuda' }).expand(2, 32, 32)), allowed)
      const y = full([32, 32], fine, { device: 'cuda', dtype: 'float64' })
      expectRounded(y.matmul(eye(32, { device: 'cuda', dtype: 'float64' })), false)
    })

    test(`convolutions, ${when}`, () => {
      backends.cudnn.allowTf32 = allowed
      const x = full([2, 8, 6, 6], fine, { device: 'cuda', requiresGrad: true })
      const w = eye(8, { device: 'cuda' }).view(8, 8, 1, 1)
      const y = nn.functional.conv2d(x, w)
      expectRounded(y, allowed)
      y.backward(full([2, 8, 6, 6], fine, { device: 'cuda' }))
      expectRounded(x.grad as Tensor, allowed)
    })
  }
})

test('with benchmark a convolution and its gradients are what they are without', () => {
  const results = [false, true, true].map(benchmark => {
    backends.cudnn.benchmark = benchmark
    const x = tensor(inputs.x, { device: 'cuda', requiresGrad: true })
    const w = tensor(inputs.w, { device: 'cuda', requiresGrad: true })
    const y = nn.functional.conv2d(x, w, { padding: 1 })
    y.sum().backward()
    return [y, x.grad, w.grad].map(t => (t as Tensor).flatten().toArray() as number[])
  })
  for (const [i, plain] of results[0]!.entries())
    for (const measured of results.slice(1))
      for (const [j, value] of plain.entries()) expect(Math.abs(measured[i]![j]! - value)).toBeLessThan(1e-3)
})

const inputs = { x: randn(2, 3, 12, 12).toArray(), w: randn(4, 3, 3, 3).toArray() }

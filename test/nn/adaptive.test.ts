// AdaptiveLogSoftmaxWithLoss against PyTorch: what it draws to the last bit, what its methods find up to rounding.
import { describe, expect, test } from 'vitest'
import { manualSeed, nn, randn, type Tensor, tensor } from '../../src/index.ts'
import { expectTensor, golden, type Stored, toNumber } from '../support/golden.ts'

interface Entry {
  sizes: [number, number, number[]]
  options: { divValue?: number; headBias?: boolean }
  text: string
  state: Record<string, Stored>
  input: Stored
  target: Stored
  output: Stored
  loss: Stored
  gradients: Record<string, Stored>
  /** Parameters that take no part. */
  unused: string[]
  logProb: Stored
  predict: Stored
}

const { torch, entries } = golden<Entry>('adaptive')

const made = ({ dtype, shape, data }: Stored) => tensor(data.map(toNumber), { dtype }).reshape(shape)

/** Relative to the largest element. */
function close(got: Tensor, want: Stored, what: string): void {
  const off = want.dtype === 'float64' ? 1e-13 : 2e-6
  expect([got.dtype, got.shape], what).toEqual([want.dtype, want.shape])
  const wanted = want.data.map(toNumber)
  const size = Math.max(...wanted.map(Math.abs), 1e-300)
  const values = Array.from(got.reshape([-1]).toTypedArray(), Number)
  for (const [i, v] of values.entries())
    expect(Math.abs(v - wanted[i]!) / size, `${what}[${i}]: ${v}`).toBeLessThanOrEqual(off)
}

test('of the PyTorch that all others are of', () => expect(torch).toBe('2.13.0'))

describe.each(Object.entries(entries))('%s', (_, entry) => {
  const { sizes, options, input, target } = entry
  manualSeed(0)
  const module = new nn.AdaptiveLogSoftmaxWithLoss(...sizes, { ...options, dtype: input.dtype })

  test('parameters and printed form', () => {
    expect(String(module)).toBe(entry.text)
    const state = module.stateDict()
    expect(Object.keys(state)).toEqual(Object.keys(entry.state))
    for (const [name, want] of Object.entries(entry.state)) expectTensor(name, state[name] as Tensor, want)
    manualSeed(0)
    module.resetParameters()
    for (const [name, want] of Object.entries(entry.state))
      expectTensor(`${name} again`, module.getParameter(name), want)
  })

  test('output, loss and gradients', () => {
    const x = made(input).requiresGrad_()
    const [output, loss] = module(x, made(target))
    close(output, entry.output, 'output')
    close(loss, entry.loss, 'loss')
    const slopes = tensor(Array.from({ length: output.numel() }, (_, i) => i + 1)).reshape(output.shape)
    loss.add(output.mul(slopes.to(x.dtype)).sum()).backward()
    close(x.grad!, entry.gradients.input!, 'gradient of the input')
    for (const [name, p] of module.namedParameters()) {
      expect(p.grad === null, name).toBe(entry.unused.includes(name))
      if (p.grad !== null) close(p.grad, entry.gradients[name]!, `gradient of ${name}`)
    }
  })

  test('logProb and predict', () => {
    const x = made(input)
    const rows = x.ndim === 1 ? x.unsqueeze(0) : x
    close(module.logProb(rows), entry.logProb, 'logProb')
    expectTensor('predict', module.predict(rows), entry.predict)
  })
})

test('what does not fit', () => {
  const name = 'AdaptiveLogSoftmaxWithLoss: '
  for (const [cutoffs, shown] of [
    [[], '[]'],
    [[3, 3], '[3, 3]'],
    [[0, 3], '[0, 3]'],
    [[2, 10], '[2, 10]'],
    [[1.5], '[1.5]'],
  ] as const)
    expect(() => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, cutoffs)).toThrow(
      `${name}expected increasing cutoffs from 1 to 9, got ${shown}`,
    )
  const module = new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2, 5])
  const classes = (...all: number[]) => tensor(all).long()
  expect(() => module(randn(3, 4), classes(0, 1))).toThrow(
    `${name}expected an input (N, inFeatures) and a target (N), or (inFeatures) and (), got [3, 4] and [2]`,
  )
  expect(() => module(randn(4), classes(0, 1))).toThrow('got [4] and [2]')
  expect(() => module(randn(2, 4), classes(-1, 9))).toThrow(
    `${name}expected classes from 0 to 9, got some from -1 to 9`,
  )
  expect(() => module(randn(2, 4), classes(0, 10))).toThrow('got some from 0 to 10')
})

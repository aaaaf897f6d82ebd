// Special functions in float64, to the last digits, in the tails too (scripts/golden/special.py).
import { expect, test } from 'vitest'
import { erfc, special, type Tensor, tensor } from '../../src/index.ts'
import { device } from '../support/device.ts'
import { type Element, golden } from '../support/golden.ts'

const file = golden<Element[]>('special')
const { points } = file as typeof file & { points: number[] }

function slope(x: Tensor): Tensor {
  x.requiresGrad = true
  special.logNdtr(x).sum().backward()
  return x.grad!
}

const functions: Record<string, (x: Tensor) => Tensor> = {
  erfc,
  erfcx: special.erfcx,
  ndtr: special.ndtr,
  logNdtr: special.logNdtr,
  'slope of logNdtr': slope,
}

test.each(Object.entries(file.entries))('%s', (name, want) => {
  const got = functions[name]!(tensor(points, { dtype: 'float64', device })).toArray() as number[]
  for (const [i, value] of want.map(Number).entries()) {
    // The slope goes through x / sqrt(2), whose rounding counts x² times where the result falls as exp(-x² / 2).
    const units = name.startsWith('slope') ? 1 + Math.max(0, points[i]!) ** 2 : 1
    const close = got[i] === value || Math.abs(got[i]! - value) <= 2e-15 * units * Math.abs(value) + 1e-300
    expect(close, `${name} of ${points[i]}: ${got[i]} instead of ${value}`).toBe(true)
  }
})

// The Gaussian process against its definition in NumPy, and the expected improvement against fifty digits.
import { expect, test } from 'vitest'
import { tensor } from '../../src/index.ts'
import { logImprovement } from '../../src/tune/gaussian/log-ei.ts'
import { GaussianProcess } from '../../src/tune/gaussian/process.ts'
import { golden } from '../support/golden.ts'

interface Case extends Hyperparameters {
  x: number[][]
  y: number[]
  known: number[]
  unknown: number[]
  places: number[][]
  likelihood: number
  gradient: Hyperparameters
  means: number[]
  variances: number[]
}

interface Hyperparameters {
  lengthscales: number[]
  scale: number
  mean: number
  noise: number
}

const { processes, improvements } = golden('gaussian-process').entries as unknown as {
  processes: Case[]
  improvements: { z: number[]; logs: number[] }
}

/** Within 1e-8 of the numbers, which may be large. */
function expectClose(got: unknown, want: number | number[]): void {
  const [gots, wants] = [[got].flat() as number[], [want].flat()]
  expect(gots).toHaveLength(wants.length)
  for (const [i, one] of wants.entries())
    expect(Math.abs(gots[i]! - one)).toBeLessThan(1e-8 * Math.max(1, Math.abs(one)))
}

test.each(processes)('mean, variance, likelihood and its gradient of $x.length trials', one => {
  const leaf = (value: number | number[]) => tensor(value, { dtype: 'float64', requiresGrad: true })
  const [x, y, known, unknown, places] = [one.x, one.y, one.known, one.unknown, one.places].map(values =>
    tensor(values, { dtype: 'float64' }),
  )
  const hyperparameters = {
    lengthscales: leaf(one.lengthscales),
    scale: leaf(one.scale),
    mean: leaf(one.mean),
    noise: leaf(one.noise),
  }
  const process = new GaussianProcess({ x: x!, y: y!, known: known!, unknown: unknown! }, hyperparameters)
  const [mean, variance] = process.predict(places!)
  expectClose(mean.toArray(), one.means)
  expectClose(variance.toArray(), one.variances)
  const likelihood = process.logLikelihood()
  expectClose(likelihood.item(), one.likelihood)
  likelihood.backward()
  for (const name of ['lengthscales', 'scale', 'mean', 'noise'] as const) {
    expectClose(hyperparameters[name].grad!.toArray(), one.gradient[name])
  }
})

test('equal points without noise still have a factor', () => {
  const vector = (values: number[]) => tensor(values, { dtype: 'float64' })
  const [zero, one] = [vector([0, 0, 0]), tensor(0, { dtype: 'float64' })]
  const x = tensor([[0.5], [0.5], [0.1]], { dtype: 'float64' })
  const hyperparameters = { lengthscales: vector([0]), scale: one, mean: one, noise: one }
  const process = new GaussianProcess({ x, y: vector([1, 1, 2]), known: zero, unknown: zero }, hyperparameters)
  const [mean, variance] = process.predict(tensor([[0.5], [0.1]], { dtype: 'float64' }))
  expect(mean.toArray()).toEqual([expect.closeTo(1, 6), expect.closeTo(2, 6)])
  expect(variance.toArray()).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)])
})

test('the logarithm of the expected improvement, and its derivative, also where the improvement is 0 in float64', () => {
  const z = tensor(improvements.z, { dtype: 'float64', requiresGrad: true })
  const logs = logImprovement(z)
  expectClose(logs.toArray(), improvements.logs)
  logs.sum().backward()
  const slopes = z.grad!.toArray() as number[]
  // Φ(z) / (φ(z) + z Φ(z)); far below 0 that is -z + 2 / z.
  expect(slopes.every(Number.isFinite)).toBe(true)
  for (const [i, at] of improvements.z.entries()) {
    if (at <= -40) expect(slopes[i]! / (-at - 2 / at)).toBeCloseTo(1, 5)
    if (at === 0) expect(slopes[i]).toBeCloseTo(Math.sqrt(Math.PI / 2), 10)
    if (at >= 40) expect(slopes[i]! * at).toBeCloseTo(1, 10)
  }
})

// The programs of the courses print what PyTorch and NumPy print: every loss of the first hundred steps within 1e-4, on
// one, two and three ranks, and what a whole training ends with to three digits.
import { beforeAll, describe, test, vi } from 'vitest'
import { drawAll, expectPrinted, type Program, run, runAll, twin } from './printed.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const short: readonly Program[] = [
  ['lenet', '--steps', '100'],
  ['from-numpy', '--steps', '100', '--every', '1'],
  ['nn-components', '--steps', '100', '--every', '1'],
  ['mnist-course', '--epochs', '1', '--steps', '100', '--every', '1'],
  ['autoencoder', '--epochs', '2', '--steps', '100', '--every', '1'],
]
/** lenet trains for no longer. */
const full: readonly Program[] = [
  ['lenet', '--steps', '100'],
  ['from-numpy'],
  ['nn-components'],
  ['mnist-course'],
  ['autoencoder', '--epochs', '10', '--double'],
]
/** They come after ten epochs more. */
const missing = ['autoencoder-1-epoch-20.png', 'autoencoder-2-epoch-20.png']

/**
 * Losses that have fallen to nothing are rounding errors of float32. lenet fits one picture, to a millionth of the
 * first loss in 80 steps; of from-numpy PyTorch's own losses differ by 8e-6 when the points come in another order.
 */
const nothing: Record<string, number> = { lenet: 1e-9, 'from-numpy': 1.6e-5 }

describe.each([1, 2, 3])('every loss of the first hundred steps on %d ranks', ranks => {
  let printed: string[]
  beforeAll(async () => {
    printed = await runAll(ranks, short)
  })

  test.each(short.map(([name], i) => [name, i] as const))('%s', (name, i) => {
    expectPrinted(printed[i]!, twin(name, 'short'), 1e-4, nothing[name])
  })
})

describe('the whole training, and the pictures', () => {
  let printed: string[]
  beforeAll(async () => {
    printed = await drawAll(full, missing)
  })

  test.each(full.map(([name], i) => [name, i] as const))('%s', (name, i) => {
    expectPrinted(printed[i]!, twin(name, name === 'lenet' ? 'short' : 'full'), 1e-3, nothing[name])
  })
})

test('an autoencoder that ends in a sigmoid', async () => {
  const options = ['--epochs', '1', '--output', 'sigmoid', '--every', '1']
  expectPrinted(await run('examples/autoencoder.ts', ...options), twin('autoencoder', 'sigmoid'), 1e-4)
})

// The programs of the courses print what PyTorch and NumPy print: every loss of the first hundred steps within 1e-4, on
// one, two and three ranks, and what a whole training ends with to three digits.
import { describe, test, vi } from 'vitest'
import { expectPrinted, run, runDrawing, twin } from './printed.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The options of the short run and, where a program trains for longer, those of the whole one. */
const programs: Record<string, { short: string[]; full?: string[] }> = {
  lenet: { short: ['--steps', '100'] },
  'from-numpy': { short: ['--steps', '100', '--every', '1'], full: [] },
  'nn-components': { short: ['--steps', '100', '--every', '1'], full: [] },
  'mnist-course': { short: ['--epochs', '1', '--steps', '100', '--every', '1'], full: [] },
  autoencoder: { short: ['--epochs', '2', '--steps', '100', '--every', '1'], full: ['--epochs', '10', '--double'] },
}

/**
 * Losses that have fallen to nothing are rounding errors of float32. lenet fits one picture, to a millionth of the
 * first loss in 80 steps; of from-numpy PyTorch's own losses differ by 8e-6 when the points come in another order.
 */
const nothing: Record<string, number> = { lenet: 1e-9, 'from-numpy': 1.6e-5 }

/** One thread, since threads of small products wait for each other where tests run side by side. */
const alone = ['--omp-threads', '1']

describe.each(Object.entries(programs))('examples/%s.ts', (name, { short, full }) => {
  const program = `examples/${name}.ts`

  for (const ranks of ['1', '2', '3']) {
    test(`every loss of the first hundred steps on ${ranks} ranks`, async () => {
      const args = [...alone, '--nproc', ranks, program, ...short]
      const printed = full === undefined && ranks === '2' ? runDrawing(`${name}.ts`, args) : run(...args)
      expectPrinted(await printed, twin(name, 'short'), 1e-4, nothing[name])
    })
  }

  if (full !== undefined) {
    test('the whole training, and the pictures', async () => {
      const missing = name === 'autoencoder' ? [1, 2].map(i => `autoencoder-${i}-epoch-20.png`) : []
      const printed = await runDrawing(`${name}.ts`, [...alone, program, ...full], missing)
      expectPrinted(printed, twin(name, 'full'), 1e-3, nothing[name])
    })
  }
})

test('an autoencoder that ends in a sigmoid', async () => {
  const options = ['--epochs', '1', '--output', 'sigmoid', '--every', '1']
  expectPrinted(await run(...alone, 'examples/autoencoder.ts', ...options), twin('autoencoder', 'sigmoid'), 1e-4)
})

// The programs of examples/regression print what PyTorch and NumPy print: every loss of the first hundred epochs or
// steps within 1e-4, what a whole training ends with to three digits, and where there is a model the same on ranks.
import { describe, test, vi } from 'vitest'
import { expectPrinted, run, runDrawing, twin } from './printed.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Number of epochs of the short run. */
const programs: Record<string, number> = {
  '01-by-hand': 100,
  '02-autograd': 100,
  '04-optimizer': 100,
  '05-model': 100,
  '06-train-step': 100,
  '07-loader': 20,
  '08-validation': 100,
  '09-final': 100,
  '10-schedules': 100,
}

/** The one line that is about an error has the text of the library that throws it. */
const theirs = 'a leaf Variable that requires grad is being used in an in-place operation.'
const ours = 'sub_: cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)'

describe.each(Object.entries(programs))('%s', (name, epochs) => {
  const wanted = (run: string) => twin(`regression/${name}`, run).replace(theirs, ours)
  const program = `examples/regression/${name}.ts`
  const short = [program, '--epochs', String(epochs), '--every', '1']

  test('every loss at the start', async () => {
    expectPrinted(await run(...short), wanted('short'), 1e-4)
  })

  test('the end of the training, and the pictures', async () => {
    expectPrinted(await runDrawing(`regression/${name}.ts`, [program]), wanted('full'), 1e-3)
  })

  for (const ranks of name < '05' ? [] : ['2', '3']) {
    test(`every loss at the start on ${ranks} ranks`, async () => {
      expectPrinted(await run('--nproc', ranks, ...short), wanted('short'), 1e-4)
    })
  }
})

test('03-graph', async () => {
  const program = 'regression/03-graph.ts'
  expectPrinted(await runDrawing(program, [`examples/${program}`]), twin('regression/03-graph', 'full'), 1e-4)
})

// The programs of examples/regression print what PyTorch and NumPy print: every loss of the first hundred epochs within
// 1e-4, what a whole training ends with to three digits, and where there is a model the same on ranks.
import { beforeAll, describe, test, vi } from 'vitest'
import { drawAll, expectPrinted, runAll, twin } from './printed.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const trainings = [
  ...['01-by-hand', '02-autograd', '04-optimizer', '05-model', '06-train-step'],
  ...['07-loader', '08-validation', '09-final', '10-schedules'],
]
const all = ['03-graph', ...trainings]
const withModel = trainings.filter(name => name >= '05')

const path = (name: string) => `regression/${name}`

/** The one line that is about an error has the text of the library that throws it. */
const theirs = 'a leaf Variable that requires grad is being used in an in-place operation.'
const ours = 'sub_: cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)'
const wanted = (name: string, run: string) => twin(path(name), run).replace(theirs, ours)

describe.each([
  [1, trainings],
  [2, withModel],
  [3, withModel],
])('every loss at the start, on %d ranks', (ranks, names) => {
  let printed: string[]
  beforeAll(async () => {
    printed = await runAll(
      ranks,
      names.map(name => [path(name), '--epochs', '100', '--every', '1']),
    )
  })

  test.each(names)('%s', name => {
    expectPrinted(printed[names.indexOf(name)]!, wanted(name, 'short'), 1e-4)
  })
})

describe('the end of the training, and the pictures', () => {
  let printed: string[]
  beforeAll(async () => {
    printed = await drawAll(all.map(name => [path(name)]))
  })

  test.each(all)('%s', name => {
    expectPrinted(printed[all.indexOf(name)]!, wanted(name, 'full'), name === '03-graph' ? 1e-4 : 1e-3)
  })
})

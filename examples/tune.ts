// Two searches for hyperparameters. The first is the tutorial's: the least value of Booth's function, which is 0 at
// (1, 3). The second looks for the learning rate, the width and the momentum with which a network reads digits best:
// each trial is a run of tune-mnist.ts in a process of its own, two at a time, and those that learn slowly are stopped.
//   npx dtrain examples/tune.ts
//   npx dtrain examples/tune.ts --resume --trials 30     goes on where an earlier search has ended, or was killed
//   npx dtrain tune status outputs/tune                  what it has found, from another terminal also while it runs
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { optimize } from 'dtrain/tune'
import { draw, output, print } from './outputs.ts'

const { values: args } = parseArgs({
  options: {
    trials: { type: 'string', default: '10' },
    parallelism: { type: 'string', default: '2' },
    nproc: { type: 'string', default: '1' }, // ranks of each trial
    resume: { type: 'boolean', default: false },
  },
})

const booth = await optimize({
  parameters: [
    { name: 'x1', type: 'range', bounds: [-10, 10] },
    { name: 'x2', type: 'range', bounds: [-10, 10] },
  ],
  evaluationFunction: ({ x1, x2 }) => (x1 + 2 * x2 - 7) ** 2 + (2 * x1 + x2 - 5) ** 2,
  minimize: true,
  totalTrials: 100,
  seed: 0,
})
print(booth.bestParameters, booth.values)
await draw('tune-contour.svg', booth.experiment.contour('x1', 'x2'))
await draw('tune-parallel.svg', booth.experiment.parallel())

const folder = output('tune')
if (!args.resume) rmSync(folder, { recursive: true, force: true })

const digits = await optimize({
  experimentName: 'digits',
  parameters: [
    { name: 'lr', type: 'range', bounds: [1e-3, 1], logScale: true },
    { name: 'width', type: 'range', bounds: [8, 128], valueType: 'int', logScale: true },
    { name: 'momentum', type: 'choice', values: [0, 0.5, 0.9] },
  ],
  script: new URL('./tune-mnist.ts', import.meta.url),
  nproc: Number(args.nproc),
  parallelism: Number(args.parallelism),
  totalTrials: Number(args.trials),
  objectiveName: 'accuracy',
  halving: { reductionFactor: 3 }, // after 1 and 3 of the 4 epochs
  folder,
  seed: 0,
  onTrial: ({ number, state, values, parameters, reason }) =>
    print(`trial ${number}: ${reason ?? `${state}, accuracy ${values?.accuracy?.[0].toFixed(2)} %`}`, parameters),
})
const { best, trials } = digits.experiment
print(`best of ${trials.length} trials: number ${best?.number}`, digits.bestParameters)

// The search in one process: its results, trials that fail, several at a time, and its record in a folder.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, expectTypeOf, test } from 'vitest'
import { GridSearch, loadExperiment, type OptimizeOptions, optimize, RandomSearch } from '../../src/tune/index.ts'
import { sleep } from '../support/run-dtrain.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-tune-'))
afterAll(() => rmSync(home, { recursive: true }))
let folders = 0
const newFolder = () => join(home, String(folders++))

const x = [{ name: 'x', type: 'range', bounds: [-1, 1] }] as const
const square = ({ x }: { x: number }) => x * x

/** The points -1, -0.5, 0, 0.5, 1, and so many trials. */
const five = { parameters: x, strategy: new GridSearch(5), minimize: true }

test('the results have the shape of Ax', async () => {
  const { bestParameters, values, experiment, model } = await optimize({
    ...five,
    evaluationFunction: ({ x }) => [x * x + 1, 0.1],
  })
  expect(bestParameters).toEqual({ x: 0 })
  expectTypeOf(bestParameters).toEqualTypeOf<{ x: number }>()
  expect(values).toEqual([{ objective: 1 }, { objective: { objective: 0.1 ** 2 } }])
  expect(experiment.trials.map(({ number, state, parameters }) => [number, state, parameters.x])).toEqual(
    [-1, -0.5, 0, 0.5, 1].map((x, number) => [number, 'completed', x]),
  )
  expect(model.predict({ x: 0.5 }).objective![0]).toBeCloseTo(1.25, 1)
  const unknown = await optimize({ ...five, evaluationFunction: square, minimize: false, objectiveName: 'y' })
  expect(unknown.values).toEqual([{ y: 1 }, { y: { y: Number.NaN } }])
  expect(unknown.bestParameters).toEqual({ x: -1 })
})

test('20 trials, and the same again with the same seed', async () => {
  const search = (seed?: number) => optimize({ parameters: x, evaluationFunction: square, seed })
  const [a, b, c] = await Promise.all([search(3), search(3), search()])
  expect(a.experiment.trials).toHaveLength(20)
  const points = (one: typeof a) => one.experiment.trials.map(({ parameters }) => parameters)
  expect(points(b)).toEqual(points(a))
  expect(points(c)).not.toEqual(points(a))
})

test('several objectives have a front', async () => {
  const { bestParameters, experiment, values } = await optimize({
    parameters: x,
    strategy: new GridSearch(5),
    objectives: { near: { minimize: true }, far: {} },
    evaluationFunction: async ({ x }) => ({ near: Math.max(x, 0), far: [Math.abs(x - 0.25), 0.5] }),
  })
  // near 0 0 0 0.5 1, far 1.25 0.75 0.25 0.25 0.75
  expect(experiment.front.map(({ parameters }) => parameters.x)).toEqual([-1])
  expect(bestParameters).toEqual({ x: -1 })
  expect(values).toEqual([
    { near: 0, far: 1.25 },
    { near: { near: Number.NaN, far: Number.NaN }, far: { near: Number.NaN, far: 0.25 } },
  ])
  for (const strategy of ['bayesian', 'tpe', 'random', 'sobol'] as const) {
    const many = await optimize({
      parameters: x,
      strategy,
      seed: 1,
      totalTrials: 40,
      objectives: { a: { minimize: true }, b: { minimize: true } },
      evaluationFunction: ({ x }) => ({ a: (x - 0.5) ** 2, b: (x + 0.5) ** 2 }),
    })
    // The front are all points between the two optima.
    const inside = many.experiment.trials.filter(({ parameters }) => Math.abs(parameters.x as number) <= 0.5)
    expect(many.experiment.front.length).toBeGreaterThanOrEqual(inside.length)
    expect(many.experiment.front.length).toBeLessThanOrEqual(inside.length + 2)
  }
})

test('a trial that fails is marked, and the search goes on', async () => {
  const { experiment, bestParameters } = await optimize({
    ...five,
    timeout: 0.05,
    evaluationFunction: async ({ x }, { signal }) => {
      if (x === -1) throw new TypeError('no data')
      if (x === -0.5) return Number.NaN
      if (x === 0) await new Promise(resolve => signal.addEventListener('abort', resolve))
      if (x === 0.5) return undefined
      return x
    },
  })
  expect(experiment.trials.map(({ state, reason }) => reason ?? state)).toEqual([
    'TypeError: no data',
    'evaluationFunction: objective: the value is NaN',
    'took longer than 0.05 s',
    'evaluationFunction: objective: expected a number or [mean, sem], got undefined',
    'completed',
  ])
  expect(bestParameters).toEqual({ x: 1 })
})

test('a search without any value is an error, after ten trials at most', async () => {
  const broken = () => {
    throw new Error('no such file')
  }
  await expect(optimize({ ...five, evaluationFunction: broken })).rejects.toThrow(
    'optimize: no trial has a value; the last has failed: Error: no such file',
  )
  let count = 0
  const counting = () => {
    count += 1
    return broken()
  }
  await expect(optimize({ parameters: x, evaluationFunction: counting, totalTrials: 50 })).rejects.toThrow(
    'no such file',
  )
  expect(count).toBe(10)
})

test('several trials at a time', async () => {
  let running = 0
  const most: number[] = []
  const { experiment } = await optimize({
    parameters: x,
    strategy: 'random',
    totalTrials: 12,
    parallelism: 4,
    evaluationFunction: async ({ x }) => {
      most.push(++running)
      await sleep(5)
      running -= 1
      return x
    },
  })
  expect(Math.max(...most)).toBe(4)
  expect(experiment.trials.map(({ number, state }) => `${number} ${state}`)).toEqual(
    [...Array(12).keys()].map(i => `${i} completed`),
  )
})

test('halving stops trials by what they report', async () => {
  const { experiment, bestParameters } = await optimize({
    parameters: [{ name: 'loss', type: 'choice', values: [5, 6, 4, 7, 4.5] }],
    strategy: 'grid',
    minimize: true,
    halving: { minSteps: 2, reductionFactor: 3 },
    evaluationFunction: ({ loss }, trial) => {
      for (let step = 1; step <= 4; step++) if (trial.report(step, loss + 1 / step)) return
      return loss
    },
  })
  expect(experiment.trials.map(({ state, values, reports }) => [state, values!.objective![0], reports.length])).toEqual(
    [
      ['completed', 5, 4],
      ['stopped', 6.5, 2],
      ['completed', 4, 4],
      ['stopped', 7.5, 2],
      ['stopped', 5, 2],
    ],
  )
  expect(bestParameters).toEqual({ loss: 4 })
})

test('wrong reports fail the trial', async () => {
  const reports = [
    [[0, 'a']],
    [[1.5, 1]],
    [
      [2, 1],
      [2, 1],
    ],
    [[1, Number.NaN]],
    [[1, 1]],
  ]
  const { experiment } = await optimize({
    ...five,
    halving: true,
    evaluationFunction: (_, { number, report }) => {
      for (const [step, value] of reports[number]!) if (report(step as number, value as number)) return
      return 1
    },
  })
  expect(experiment.trials.map(({ state, reason }) => reason ?? state)).toEqual([
    'report: value: expected a number, got a string',
    'report: step must be an integer greater than the last, -1: 1.5',
    'report: step must be an integer greater than the last, 2: 2',
    'report: the value at step 1 is NaN',
    'completed',
  ])
})

test('a search in a folder goes on where it was', async () => {
  const folder = newFolder()
  const tried: number[] = []
  const search = (totalTrials: number) =>
    optimize({
      parameters: x,
      minimize: true,
      seed: 8,
      folder,
      totalTrials,
      evaluationFunction: ({ x }) => {
        tried.push(x)
        return square({ x })
      },
    })
  await search(12)
  const { experiment } = await search(15)
  expect(tried).toHaveLength(15)
  expect(experiment.trials.map(({ parameters }) => parameters.x)).toEqual(tried)
  // As if it had never been interrupted.
  const { experiment: whole } = await optimize({
    parameters: x,
    minimize: true,
    seed: 8,
    totalTrials: 15,
    evaluationFunction: square,
  })
  expect(whole.trials.map(({ parameters }) => parameters.x)).toEqual(tried)
  expect(loadExperiment(folder).best).toEqual(experiment.best)
  await search(15)
  expect(tried).toHaveLength(15)
})

const record = (folder: string) => join(folder, 'trials.jsonl')

test('wherever the record is cut off, no trial is lost and none is run twice', async () => {
  const folder = newFolder()
  await optimize({ ...five, folder, evaluationFunction: square })
  // As if by a process that is no more.
  const whole = readFileSync(record(folder), 'utf8').replaceAll(/"born":"\d+"/g, '"born":"1"')
  // Where the newline after each trial's value is, in bytes: a record counts without it.
  const ends = [...whole.matchAll(/"values".*\n/g)].map(({ index, 0: line }) => index + line.length - 1)
  for (let cut = 0; cut < whole.length; cut += 37) {
    writeFileSync(record(folder), whole)
    truncateSync(record(folder), cut)
    const again: number[] = []
    const evaluationFunction = ({ x }: { x: number }) => {
      again.push(x)
      return square({ x })
    }
    const { experiment } = await optimize({ ...five, folder, evaluationFunction })
    const kept = ends.filter(end => end <= cut).length
    expect(again).toEqual([-1, -0.5, 0, 0.5, 1].slice(kept))
    expect(experiment.trials.map(({ values }) => values!.objective![0])).toEqual([1, 0.25, 0, 0.25, 1])
    expect(loadExperiment(folder).trials).toEqual(experiment.trials)
  }
})

test('what an earlier start of a trial says later does not count', async () => {
  const folder = newFolder()
  await optimize({ ...five, folder, evaluationFunction: square, totalTrials: 2 })
  const lines = [
    { trial: 2, attempt: 1, parameters: { x: 0 } },
    { trial: 2, attempt: 2, parameters: { x: 0 } },
    { trial: 2, attempt: 1, values: { objective: [99, null] } },
  ]
  appendFileSync(record(folder), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  expect(loadExperiment(folder).trials[2]).toMatchObject({ state: 'running', attempt: 2 })
  const { experiment } = await optimize({ ...five, folder, evaluationFunction: square })
  expect(experiment.trials[2]).toMatchObject({ state: 'completed', attempt: 3, values: { objective: [0, null] } })
})

test('a folder belongs to one search, and to one process at a time', async () => {
  const folder = newFolder()
  const first = optimize({ ...five, folder, evaluationFunction: ({ x }) => sleep(20).then(() => x) })
  await expect(optimize({ ...five, folder, evaluationFunction: square })).rejects.toThrow(
    `optimize: folder: process ${process.pid} is searching in '${folder}' already`,
  )
  await first
  const other = (options: Partial<OptimizeOptions>) =>
    optimize({ ...five, folder, evaluationFunction: square, ...options } as OptimizeOptions)
  await expect(other({ minimize: false })).rejects.toThrow(
    `optimize: folder: the search in '${folder}' has other objectives; take another folder`,
  )
  await expect(other({ parameters: [{ ...x[0], bounds: [0, 1] }] })).rejects.toThrow('has other parameters')
  await expect(other({ seed: 1 })).rejects.toThrow('has other seed')
  await expect(other({ halving: true })).rejects.toThrow('has other halving')
  await expect(other({})).resolves.toBeTruthy()
  writeFileSync(record(folder), 'hello\n')
  await expect(other({})).rejects.toThrow(`${record(folder)}: this is not the log of a search`)
  expect(() => loadExperiment(newFolder())).toThrow(/^loadExperiment: there is no search in '/)
})

test.each<[object, string]>([
  [{}, 'optimize: parameters: expected an array, got undefined'],
  [{ parameters: x }, 'optimize: expected an evaluationFunction or a script, one of the two'],
  [{ evaluation_function: 1 }, "optimize: unknown option 'evaluation_function'; did you mean 'evaluationFunction'?"],
  [{ parameters: x, evaluationFunction: 3 }, 'optimize: evaluationFunction: expected a function, got a number'],
  [{ totalTrials: 0 }, 'optimize: totalTrials must be a positive integer: 0'],
  [{ parallelism: 1.5 }, 'optimize: parallelism must be a positive integer: 1.5'],
  [{ seed: -1 }, 'optimize: seed must be an integer from 0 to 2^32 - 1: -1'],
  [{ timeout: 0 }, 'optimize: timeout must be seconds, from 0 to 2000000: 0'],
  [
    { strategy: 'tbe' },
    "optimize: strategy must be 'bayesian', 'tpe', 'sobol', 'random', 'grid', or an object that can suggest: 'tbe'",
  ],
  [{ halving: true, objectives: { a: {}, b: {} } }, 'optimize: halving: it takes one objective, and there are 2'],
  [{ objectiveName: 'x' }, "optimize: 'x' is a parameter and an objective"],
  [{ folder: 3 }, 'optimize: folder: expected the path of a folder, got a number'],
  [{ onTrial: 3 }, 'optimize: onTrial: expected a function, got a number'],
  [{ nproc: 2 }, 'optimize: nproc is for a script, not for a function'],
  [
    { evaluationFunction: undefined, script: 'a.ts' },
    'optimize: a script needs a folder, where the search and its trials are written down',
  ],
  [{ evaluationFunction: undefined, script: 'a.ts', folder: 'a' }, "optimize: script: there is no file 'a.ts'"],
  [{ script: 'a.ts' }, 'optimize: expected an evaluationFunction or a script, one of the two'],
  [
    { parameterConstraints: ['x >= 2'] },
    "optimize: none of 10,000 points keeps the constraints 'x >= 2': they exclude each other, or leave so little that the bounds should be narrowed to it",
  ],
])('%j', async (options, message) => {
  const usual =
    'parameters' in options || Object.keys(options).length === 0 ? {} : { parameters: x, evaluationFunction: square }
  await expect(optimize({ strategy: new RandomSearch(), ...usual, ...options } as never)).rejects.toThrow(message)
})

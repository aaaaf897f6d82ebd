// Bayesian optimisation: that it finds optima in few trials, in all kinds of spaces, and where it looks while trials
// are running or have failed. bench/tune.ts measures it beside others.
import { expect, test } from 'vitest'
import { getNumThreads, noGrad, RandomState } from '../../src/index.ts'
import { BayesianSearch, optimize, type Point, type Question } from '../../src/tune/index.ts'
import { Space } from '../../src/tune/space.ts'

const booth = ({ x1, x2 }: { x1: number; x2: number }) => (x1 + 2 * x2 - 7) ** 2 + (2 * x1 + x2 - 5) ** 2
const boothSpace = [
  { name: 'x1', type: 'range', bounds: [-10, 10] },
  { name: 'x2', type: 'range', bounds: [-10, 10] },
] as const

test('the least value of the Booth function in 20 trials, and the same again with the same seed', async () => {
  const search = () => optimize({ parameters: boothSpace, evaluationFunction: booth, minimize: true, seed: 1 })
  const { values, experiment, model } = await search()
  expect(values[0].objective).toBeLessThan(0.01)
  const again = await search()
  expect(again.experiment.trials.map(({ parameters }) => parameters)).toEqual(
    experiment.trials.map(({ parameters }) => parameters),
  )
  const [mean, sem] = model.predict({ x1: 1.5, x2: 2.5 }).objective!
  expect(Math.abs(mean - booth({ x1: 1.5, x2: 2.5 }))).toBeLessThan(5 * sem)
  expect(sem).toBeLessThan(1)
  expect(() => model.predict({ x1: 11, x2: 0 })).toThrow("encode: parameter 'x1' cannot be 11")
  expect(() => model.predict(3 as never)).toThrow('predict: expected the parameters of a trial, got a number')
})

const square = [
  { name: 'x', type: 'range', bounds: [0, 1] },
  { name: 'y', type: 'range', bounds: [0, 1] },
] as const

function ask(space: Space, points: readonly Point[], loss: (point: Point) => number, more: Partial<Question> = {}) {
  const finished = points.map(point => ({ point, losses: [loss(point)], sems: [null], stoppedAt: null }))
  const number = points.length
  const random = new RandomState([7, number])
  const question = { space, finished, failed: [], pending: [], number, random, seed: 7, ...more }
  return new BayesianSearch().suggest(question)
}

const grid = [0.1, 0.5, 0.9].flatMap(x => [0.1, 0.5, 0.9].map(y => [x, y]))
const bowl = ([x, y]: Point) => (x! - 0.3) ** 2 + (y! - 0.7) ** 2
const distance = (a: Point, b: Point) => Math.hypot(...a.map((x, i) => x - b[i]!))

test('it looks at the bottom of a bowl, elsewhere while that is being tried, and where trials have not failed', () => {
  const space = new Space('optimize', square)
  const first = ask(space, grid, bowl)
  expect(distance(first, [0.3, 0.7])).toBeLessThan(0.05)
  expect(distance(ask(space, grid, bowl, { pending: [first] }), first)).toBeGreaterThan(0.01)
  const failed = [first, [0.25, 0.7], [0.35, 0.7], [0.3, 0.65], [0.3, 0.75]]
  expect(distance(ask(space, grid, bowl, { failed }), first)).toBeGreaterThan(0.1)
})

test('the best point that a constraint allows, on its border', async () => {
  const { bestParameters, experiment } = await optimize({
    parameters: square,
    parameterConstraints: ['x + y <= 0.8'],
    evaluationFunction: ({ x, y }) => bowl([x, y]),
    minimize: true,
    seed: 1,
  })
  expect(experiment.trials.every(({ parameters: { x, y } }) => (x as number) + (y as number) <= 0.8)).toBe(true)
  expect(distance([bestParameters.x, bestParameters.y], [0.2, 0.6])).toBeLessThan(0.05)
})

test('the caller may have no gradients, and keeps its threads', () => {
  const space = new Space('optimize', square)
  const threads = getNumThreads()
  expect(noGrad(() => ask(space, grid, bowl))).toEqual(ask(space, grid, bowl))
  expect(getNumThreads()).toBe(threads)
})

test('noise: the best is where the process expects it, not where luck was', async () => {
  const random = new RandomState(0)
  const { experiment, model } = await optimize({
    parameters: [{ name: 'x', type: 'range', bounds: [0, 1] }],
    evaluationFunction: ({ x }) => [(x - 0.6) ** 2 + 0.05 * random.randn(), 0.05],
    minimize: true,
    totalTrials: 30,
    seed: 2,
  })
  const late = experiment.trials.slice(15).map(({ parameters }) => Math.abs((parameters.x as number) - 0.6))
  expect(late.sort((a, b) => a - b)[7]).toBeLessThan(0.15)
  const [mean, sem] = model.predict({ x: 0.6 }).objective!
  expect(Math.abs(mean)).toBeLessThan(0.05)
  expect(sem).toBeLessThan(0.05)
})

test('integers and categories: the best of 60 values in 25 trials, none twice', async () => {
  const { bestParameters, experiment } = await optimize({
    parameters: [
      { name: 'n', type: 'range', bounds: [1, 20], valueType: 'int', logScale: true },
      { name: 'c', type: 'choice', values: ['a', 'b', 'c'] },
    ],
    evaluationFunction: ({ n, c }) => (Math.log(n) - Math.log(7)) ** 2 + (c === 'b' ? 0 : 1),
    minimize: true,
    totalTrials: 25,
    seed: 1,
  })
  expect(bestParameters).toEqual({ n: 7, c: 'b' })
  const chosen = experiment.trials.slice(5).map(({ parameters }) => JSON.stringify(parameters))
  expect(new Set(chosen).size).toBe(20)
})

test('a trial that has diverged does not hide what the others say', async () => {
  const { values } = await optimize({
    parameters: square,
    evaluationFunction: ({ x, y }) => (x > 0.9 ? 1e30 : bowl([x, y])),
    minimize: true,
    seed: 1,
  })
  expect(values[0].objective).toBeLessThan(1e-3)
})

test('when all has been tried it goes on by chance', () => {
  const space = new Space('optimize', [{ name: 'c', type: 'choice', values: [1, 2, 3, 4, 5, 6] }])
  const all = [1, 2, 3, 4, 5, 6].map(c => space.encode({ c }))
  expect(ask(space, all, ([x]) => x!)).toHaveLength(1)
})

test('trials that were stopped early are bad, whatever they have reported', () => {
  const space = new Space('optimize', square)
  const point = [0.3, 0.7]
  const finished = grid.map(one => ({ point: one, losses: [bowl(one)], sems: [null], stoppedAt: null }))
  const stopped = { point, losses: [-1000], sems: [null], stoppedAt: 1 }
  expect(distance(ask(space, [], bowl, { finished: [...finished, stopped] }), point)).toBeGreaterThan(0.1)
})

test('wrong settings', () => {
  expect(() => new BayesianSearch(0)).toThrow('BayesianSearch: startTrials must be a positive integer: 0')
  expect(() => new BayesianSearch({ trials: 3 } as never)).toThrow("BayesianSearch: unknown option 'trials'")
  expect(new BayesianSearch({ startTrials: 3 }).startTrials).toBe(3)
})

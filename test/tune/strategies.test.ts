// Strategies: what each suggests, and that the estimator searches better than chance.
import { expect, test } from 'vitest'
import { RandomState } from '../../src/index.ts'
import {
  GridSearch,
  optimize,
  type Question,
  RandomSearch,
  SobolSearch,
  type Strategy,
  TPE,
} from '../../src/tune/index.ts'
import { type Parameter, readParameters } from '../../src/tune/parameters.ts'
import { Space } from '../../src/tune/space.ts'
import { Parzen } from '../../src/tune/strategies/parzen.ts'

const ranges = ['x', 'y'].map(name => ({ name, type: 'range', bounds: [0, 1] }) as const)

function ask(strategy: Strategy, space: Space, number: number, more: Partial<Question> = {}) {
  const random = new RandomState([7, number])
  return strategy.suggest({ space, finished: [], failed: [], pending: [], number, random, seed: 7, ...more })
}

test('a grid has every combination, the last parameter first, and comes to its end', () => {
  const space = new Space('optimize', [
    { name: 'x', type: 'range', bounds: [0, 4] },
    { name: 'n', type: 'range', bounds: [1, 2], valueType: 'int' },
    { name: 'c', type: 'choice', values: ['a', 'b', 'c', 'd'] },
  ])
  const grid = new GridSearch(3)
  const points = Array.from({ length: 24 }, (_, i) => Object.values(space.decode(ask(grid, space, i)!)).join(' '))
  const wanted = [0, 2, 4].flatMap(x => [1, 2].flatMap(n => ['a', 'b', 'c', 'd'].map(c => `${x} ${n} ${c}`)))
  expect(points).toEqual(wanted)
  expect(ask(grid, space, 24)).toBeUndefined()
})

test('a grid leaves out what breaks a constraint, and repeats no integer', () => {
  const triangle = new Space('optimize', ranges, ['x + y <= 0.5'])
  const points = [...Array(7).keys()].map(i => ask(new GridSearch(3), triangle, i))
  expect(points).toEqual([[0, 0], [0, 0.5], [0.5, 0], undefined, undefined, undefined, undefined])
  const n = new Space('optimize', [{ name: 'n', type: 'range', bounds: [1, 100], valueType: 'int', logScale: true }])
  // 0.5 * 201^(i / 7) is 0.5, 1.07, 2.28, 4.85, 10.4, 22.1, 47.1, 100.5.
  const values = [...Array(8).keys()].map(i => ask(new GridSearch(8), n, i)).map(point => point && n.decode(point).n)
  expect(values).toEqual([1, 2, 5, 10, 22, 47, 100, undefined])
})

test('wrong settings', () => {
  expect(() => new GridSearch(1)).toThrow('GridSearch: steps must be an integer from 2 on: 1')
  expect(() => new GridSearch({ step: 3 } as never)).toThrow("GridSearch: unknown option 'step'; did you mean 'steps'?")
  expect(() => new TPE({ candidates: 0 })).toThrow('TPE: candidates must be a positive integer: 0')
  const many = Array.from({ length: 10 }, (_, i) => ({ name: `x${i}`, type: 'range', bounds: [0, 1] }) as const)
  expect(() => ask(new GridSearch(), new Space('optimize', many), 0)).toThrow(
    'GridSearch: 9,765,625 points are too many; take fewer steps',
  )
  const wide = Array.from({ length: 65 }, (_, i) => ({ name: `x${i}`, type: 'range', bounds: [0, 1] }) as const)
  expect(() => ask(new SobolSearch(), new Space('optimize', wide), 0)).toThrow(
    "optimize: strategy 'sobol' has points of at most 64 dimensions, and 65 parameters vary; take 'random'",
  )
})

test('Sobol points that break a constraint are passed over', () => {
  const [all, half] = [new Space('optimize', ranges), new Space('optimize', ranges, ['x <= y'])]
  const sobol = new SobolSearch()
  const points = [...Array(32).keys()].map(i => ask(sobol, all, i)!)
  const allowed = points.filter(([x, y]) => x! <= y!)
  expect([...allowed.keys()].map(i => ask(sobol, half, i))).toEqual(allowed)
})

const [real] = readParameters('optimize', [{ name: 'x', type: 'range', bounds: [0, 1] }]).dimensions

/** The middles of so many equal parts of the interval. */
const middles = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count)
const each = (places: number[]) => places.map(place => [place])

test('a density has the mass 1, of numbers, integers and categories', () => {
  const places = [0.02, 0.03, 0.5, 0.9]
  const density = new Parzen([real!], each(places))
  expect(middles(20_000).reduce((sum, place) => sum + Math.exp(density.logDensity([place])), 0) / 20_000).toBeCloseTo(
    1,
    5,
  )
  const dimensions = readParameters('optimize', [
    { name: 'n', type: 'range', bounds: [1, 5], valueType: 'int' },
    { name: 'width', type: 'range', bounds: [3, 90], valueType: 'int', logScale: true },
    { name: 'c', type: 'choice', values: ['a', 'b', 'c'] },
    { name: 'size', type: 'choice', values: [1, 2, 5, 9] },
  ]).dimensions
  for (const dimension of dimensions) {
    const { encode, decode } = dimension
    const mass = new Parzen([dimension], each(places.map(place => encode(decode(place))!)))
    const all = new Set(middles(20_000).map(decode))
    expect(all.size).toBe(dimension.levels)
    expect([...all].reduce<number>((sum, value) => sum + Math.exp(mass.logDensity([encode(value)!])), 0)).toBeCloseTo(
      1,
      6,
    )
  }
})

test('widths are distances to neighbours, and at least a part of the interval', () => {
  const normal = (x: number, mean: number, sd: number) =>
    Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI))
  const mass = (mean: number, sd: number) => middles(100_000).reduce((sum, x) => sum + normal(x, mean, sd), 0) / 100_000
  const mixture = (x: number, kernels: [mean: number, sd: number][]) =>
    kernels.reduce((sum, [mean, sd]) => sum + normal(x, mean, sd) / mass(mean, sd) / kernels.length, 0)
  const density = (places: number[]) => Math.exp(new Parzen([real!], each(places)).logDensity([0.4]))
  // One: the distance to the farther end. The last of each is the wide one.
  expect(density([0.3])).toBeCloseTo(
    mixture(0.4, [
      [0.3, 0.7],
      [0.5, 1],
    ]),
    6,
  )
  // Three: 0.2, then 0.2 and 0.25, of which the larger counts, then 0.25; the least of 1 / 5 is that of two equal ones.
  expect(density([0.1, 0.3, 0.55])).toBeCloseTo(
    mixture(0.4, [
      [0.1, 0.2],
      [0.3, 0.25],
      [0.55, 0.25],
      [0.5, 1],
    ]),
    6,
  )
  expect(density([0.3, 0.3, 0.3])).toBeCloseTo(
    mixture(0.4, [
      [0.3, 0.2],
      [0.3, 0.2],
      [0.3, 0.2],
      [0.5, 1],
    ]),
    6,
  )
})

test('shares of categories', () => {
  // Two observations of 'b' and the prior, weights 1/3 each: (1/3 + 1) / (1/3 * 3 + 1) = 2/3 for 'b' in the first two.
  const [three] = readParameters('optimize', [{ name: 'c', type: 'choice', values: ['a', 'b', 'c'] }]).dimensions
  const shares = new Parzen([three!], each([0.5, 0.5]))
  expect(Math.exp(shares.logDensity([0.5]))).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3) / 3, 12)
  expect(Math.exp(shares.logDensity([0.1]))).toBeCloseTo((1 / 6 + 1 / 6 + 1 / 3) / 3, 12)
})

test('draws follow the density; dimensions of one observation belong together', () => {
  const random = new RandomState(5)
  const points = [
    [0.1, 0.8],
    [0.15, 0.75],
    [0.8, 0.2],
  ]
  const density = new Parzen([real!, real!], points)
  const draws = Array.from({ length: 20_000 }, () => density.draw(random))
  for (const x of [0, 1, 2, 3]) {
    for (const y of [0, 1, 2, 3]) {
      const share =
        draws.filter(point => Math.floor(4 * point[0]!) === x && Math.floor(4 * point[1]!) === y).length / 20_000
      const fine = middles(30).flatMap(dx => middles(30).map(dy => [(x + dx) / 4, (y + dy) / 4]))
      const mass = fine.reduce((sum, point) => sum + Math.exp(density.logDensity(point)), 0) / fine.length / 16
      expect(Math.abs(share - mass)).toBeLessThan(5 * Math.sqrt(mass / 20_000))
    }
  }
})

const branin = ({ x, y }: { x: number; y: number }) =>
  (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 +
  10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
  10
const braninSpace = [
  { name: 'x', type: 'range', bounds: [-5, 10] },
  { name: 'y', type: 'range', bounds: [0, 15] },
] as const
const leastBranin = 0.39788736

async function medianRegret(strategy: Strategy): Promise<number> {
  const regrets: number[] = []
  for (let seed = 0; seed < 11; seed++) {
    const { values } = await optimize({
      parameters: braninSpace,
      evaluationFunction: branin,
      minimize: true,
      totalTrials: 60,
      strategy,
      seed,
    })
    regrets.push(values[0].objective! - leastBranin)
  }
  return regrets.sort((a, b) => a - b)[5]!
}

test('on the Branin function TPE is far better than chance, and Sobol points are not worse', async () => {
  const random = await medianRegret(new RandomSearch())
  expect(await medianRegret(new TPE())).toBeLessThan(random / 3)
  expect(await medianRegret(new SobolSearch())).toBeLessThan(random)
})

test('TPE learns categories, keeps constraints, and goes where running trials are not', () => {
  const space = new Space(
    'optimize',
    [...ranges, { name: 'c', type: 'choice', values: ['a', 'b', 'c'] }] as Parameter[],
    ['x + y <= 1'],
  )
  const random = new RandomState(3)
  const finished = Array.from({ length: 40 }, () => {
    const point = space.snap(space.draw(random))
    const { x, y, c } = space.decode(point) as { x: number; y: number; c: string }
    return { point, losses: [(x - 0.2) ** 2 + (y - 0.3) ** 2 + (c === 'b' ? 0 : 1)], sems: [null], stoppedAt: null }
  })
  const chosen = Array.from({ length: 30 }, (_, i) => ask(new TPE(), space, i, { finished })!)
  expect(chosen.every(point => space.allows(point))).toBe(true)
  const values = chosen.map(point => space.decode(point) as { x: number; y: number; c: string })
  expect(values.filter(({ c }) => c === 'b').length).toBeGreaterThan(24)
  // With the same draws, but while that point is being tried, most choices are others.
  const again = chosen.filter((point, i) => {
    const other = ask(new TPE(), space, i, { finished, pending: [point, point, point] })!
    return other.join() === point.join()
  })
  expect(again.length).toBeLessThan(10)
})

test('of trials that were stopped early those that came further are better', () => {
  const space = new Space('optimize', [{ name: 'x', type: 'range', bounds: [0, 1] }])
  const stopped = (x: number, step: number, loss: number) => ({
    point: [x],
    losses: [loss],
    sems: [null],
    stoppedAt: step,
  })
  const finished = [
    ...Array.from({ length: 19 }, (_, i) => stopped(0.9 - i / 100, 1, i)), // the best of the first rung are at 0.9
    stopped(0.1, 9, 100),
    stopped(0.11, 9, 101),
  ]
  const places = Array.from({ length: 20 }, (_, i) => ask(new TPE(), space, i, { finished })![0]!)
  expect(places.filter(x => x < 0.4).length).toBeGreaterThan(16)
})

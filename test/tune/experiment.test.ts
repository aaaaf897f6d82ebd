// What is read out of a search: which parameter matters, the table, the pictures, and the command that shows them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { RandomState } from '../../src/index.ts'
import { tune } from '../../src/tune/command.ts'
import { Forest } from '../../src/tune/forest.ts'
import { GridSearch, loadExperiment, optimize } from '../../src/tune/index.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-experiment-'))
afterAll(() => rmSync(home, { recursive: true }))

/** A sample of a function on the cube, as a forest learns it. */
function learn(count: number, dimensions: number, f: (x: number[]) => number): Forest {
  const random = new RandomState(1)
  const points = Array.from({ length: count }, () => Array.from({ length: dimensions }, () => random.rand()))
  return new Forest(points, points.map(f))
}

test('main effects are the shares of the variance, as far as a forest can learn them', () => {
  // Of 3 x + y the variances are 9 / 12 and 1 / 12; z has none. A forest adds what it mistakes for joint effects.
  const [x, y, z] = learn(400, 3, ([x, y]) => 3 * x! + y!).mainEffects() as [number, number, number]
  expect(x).toBeGreaterThan(0.85)
  expect(x).toBeLessThan(0.93)
  expect(Math.abs(y - 0.1)).toBeLessThan(0.03)
  expect(z).toBeLessThan(0.01)
  // What is only there together is nobody's main effect.
  const joint = learn(400, 2, ([x, y]) => (x! < 0.5 === y! < 0.5 ? 1 : 0)).mainEffects()
  expect(Math.max(...joint)).toBeLessThan(0.15)
})

test('the mean over the other dimensions is exact for steps that trees can have', () => {
  const forest = learn(600, 2, ([x, y]) => (x! < 0.5 ? 0 : 4) + (y! < 0.25 ? 8 : 0))
  expect(forest.mean([0], [0.2])).toBeCloseTo(2, 0.5)
  expect(forest.mean([0], [0.8])).toBeCloseTo(6, 0.5)
  expect(forest.mean([1], [0.1])).toBeCloseTo(10, 0.5)
  expect(forest.mean([0, 1], [0.8, 0.9])).toBeCloseTo(4, 1)
  expect(forest.mean([], [])).toBeCloseTo(4, 0.5)
})

const folder = join(home, 'search')
await optimize({
  experimentName: 'digits',
  parameters: [
    { name: 'lr', type: 'range', bounds: [0.01, 1], logScale: true },
    { name: 'width', type: 'choice', values: [16, 8] },
    { name: 'act', type: 'choice', values: ['relu', 'tanh'] },
  ],
  objectiveName: 'accuracy',
  strategy: new GridSearch(3),
  folder,
  evaluationFunction: ({ lr, width, act }, { number, report }) => {
    if (number === 7) throw new Error('no data')
    report(3, 0)
    return [-Math.abs(Math.log10(lr) + 1) + width / 100 + (act === 'relu' ? 0.5 : 0), 0.01]
  },
})

test('the status is a table, the best, and what matters', async () => {
  const { text, code } = await tune(['status', folder])
  expect(code).toBe(0)
  const lines = text.split('\n').map(line => line.replace(/ 0\.\d(?= {2})(?= *\d* *(Error.*)?$)/, ' 0.0'))
  expect(lines.slice(0, 4)).toEqual([
    'digits: most accuracy; 11 completed, 1 failed',
    '',
    'trial  state          accuracy    lr  width  act   seconds  steps',
    '    0  completed  -0.34 ± 0.01  0.01     16  relu      0.0      3',
  ])
  expect(lines[10]).toBe('    7  failed                    0.1      8  tanh      0.0         Error: no data')
  expect(lines.slice(15, 18)).toEqual([
    '',
    'best so far: trial 4: accuracy 0.66 ± 0.01 at lr 0.1, width 16, act relu',
    '',
  ])
  expect(lines[18]).toBe('share of the variance of accuracy (main effects of a random forest, fANOVA):')
  expect(lines[19]).toMatch(/^lr +\d\d % {2}█+$/)
  expect(lines[22]).toMatch(/^several together +\d+ %/)
  expect(lines.slice(23)).toEqual([
    '',
    `pictures: ${['history', 'parallel', 'contour'].map(name => join(folder, `${name}.svg`)).join(', ')}`,
    '',
  ])
  for (const name of ['history', 'parallel', 'contour']) {
    expect(readFileSync(join(folder, `${name}.svg`), 'utf8')).toContain('<svg')
  }
})

test('pictures show what is asked for', () => {
  const experiment = loadExperiment(folder)
  expect(JSON.stringify(experiment.contour('lr', 'width').spec)).toContain('"type":"log"')
  expect(() => experiment.contour('lr', 'act')).toThrow("contour: 'act' is no number")
  expect(() => experiment.contour('lr', 'momentum')).toThrow("contour: no parameter 'momentum' is varied")
  expect(() => experiment.contour('lr', 'lr')).toThrow("contour: expected two parameters, got 'lr' twice")
  expect(() => experiment.history('loss')).toThrow("history: 'loss' is no objective; there is 'accuracy'")
  expect(() => experiment.importance({ objetive: 'loss' } as never)).toThrow(
    "unknown option 'objetive'; did you mean 'objective'?",
  )
  const best = experiment.history({ objective: 'accuracy' }).spec
  expect(JSON.stringify(best)).toContain('best so far')
})

test('a search that has just begun, and one over two objectives', async () => {
  const young = join(home, 'young')
  const running = optimize({
    parameters: [{ name: 'x', type: 'range', bounds: [0, 1] }],
    objectives: { a: {}, b: { minimize: true } },
    strategy: new GridSearch(2),
    folder: young,
    evaluationFunction: async ({ x }) => ({ a: x, b: x }),
  })
  const first = await tune(['status', young])
  expect(first.text.split('\n')[0]).toBe('search: most a, least b; 1 running')
  expect(readdirSync(young)).toEqual(['trials.jsonl'])
  await running
  const { text } = await tune(['status', young])
  expect(text).toContain('\nfront so far:\n  trial 1: a 1, b 1 at x 1\n  trial 0: a 0, b 0 at x 0\n')
  expect(() => loadExperiment(young).importance()).toThrow('importance: expected 4 trials with a value or more, got 2')
})

test('where all values are equal nothing matters', async () => {
  const flat = join(home, 'flat')
  const parameters = [{ name: 'x', type: 'range', bounds: [0, 1] }] as const
  const { experiment } = await optimize({ parameters, strategy: 'grid', folder: flat, evaluationFunction: () => 3 })
  expect(experiment.importance()).toEqual({ x: 0 })
  expect((await tune(['status', flat])).text).toContain('\n\nobjective is the same in all trials\n')
})

test('wrong commands', async () => {
  expect(await tune(['status'])).toEqual({ text: 'dtrain: usage: dtrain tune status <folder>\n', code: 2 })
  expect(await tune(['state', folder])).toMatchObject({ code: 2 })
  const nowhere = join(home, 'nowhere')
  expect(await tune(['status', nowhere])).toEqual({
    text: `dtrain: loadExperiment: there is no search in '${nowhere}'\n`,
    code: 1,
  })
})

// What evaluations return, fronts of several objectives, and the rungs of successive halving, worked out by hand.
import { expect, test } from 'vitest'
import { tensor } from '../../src/index.ts'
import { mustStop, type Report, readHalving, rungValues } from '../../src/tune/halving.ts'
import { frontsOf, rank, readEvaluation, readObjectives } from '../../src/tune/objectives.ts'

const one = readObjectives('optimize', { minimize: true })
const two = readObjectives('optimize', { objectives: { accuracy: {}, ms: { minimize: true } } })

test('one objective or several', () => {
  expect(one).toEqual([{ name: 'objective', minimize: true }])
  expect(readObjectives('optimize', { objectiveName: 'loss' })).toEqual([{ name: 'loss', minimize: false }])
  expect(two).toEqual([
    { name: 'accuracy', minimize: false },
    { name: 'ms', minimize: true },
  ])
})

test.each<[object, string]>([
  [{ minimize: 1 }, 'optimize: minimize: expected true or false, got a number'],
  [{ objectiveName: 1 }, 'optimize: objectiveName: expected a text, got a number'],
  [
    { objectives: { a: {} }, minimize: true },
    'optimize: objectives have their names and minimize each; leave the other out',
  ],
  [{ objectives: ['a'] }, 'optimize: objectives: expected objectives by name, got an array'],
  [{ objectives: {} }, 'optimize: objectives: there is none'],
  [
    { objectives: { a: { minimise: true } } },
    "optimize: objective 'a': unknown option 'minimise'; did you mean 'minimize'?",
  ],
])('objectives %j', (given, message) => {
  expect(() => readObjectives('optimize', given)).toThrow(message)
})

test('a number, a mean with its error, or both by name', () => {
  const read = (result: unknown, objectives = one) => readEvaluation('f', result as never, objectives)
  expect(read(3)).toEqual({ objective: [3, null] })
  expect(read([3, 0.5])).toEqual({ objective: [3, 0.5] })
  expect(read([3, null])).toEqual({ objective: [3, null] })
  expect(read({ objective: [3, 0] })).toEqual({ objective: [3, 0] })
  expect(read({ ms: 7, accuracy: [0.9, 0.01] }, two)).toEqual({ accuracy: [0.9, 0.01], ms: [7, null] })
})

test.each<[unknown, typeof one, string]>([
  [Number.NaN, one, 'f: objective: the value is NaN'],
  [Infinity, one, 'f: objective: the value is Infinity'],
  [undefined, one, 'f: objective: expected a number or [mean, sem], got undefined'],
  [tensor(3), one, 'f: objective: expected a number or [mean, sem], got a Tensor'],
  [[3, -1], one, 'f: objective: the standard error must be a number from 0 on: -1'],
  [[3, Number.NaN], one, 'f: objective: the standard error must be a number from 0 on: NaN'],
  [{ loss: 3 }, one, "f: 'loss' is no objective; the search has 'objective'"],
  [3, two, "f: expected an object with 'accuracy', 'ms', got a number"],
  [{ ms: 3 }, two, 'f: accuracy: expected a number or [mean, sem], got undefined'],
])('an evaluation of %s', (result, objectives, message) => {
  expect(() => readEvaluation('f', result as never, objectives)).toThrow(message)
})

test('fronts, and the order in them', () => {
  //                 a       b       c       d       e (behind b and c)  f (behind all)
  const losses = [
    [0, 10],
    [2, 6],
    [3, 5],
    [9, 0],
    [4, 7],
    [10, 11],
  ]
  expect(frontsOf(losses)).toEqual([0, 0, 0, 0, 1, 2])
  expect(frontsOf(losses, 1)).toEqual([0, 0, 0, 0, -1, -1])
  // Ends first; then c, whose neighbours are 7/9 and 6/10 away, before b with 3/9 and 5/10.
  expect(rank(losses)).toEqual([0, 3, 2, 1, 4, 5])
  expect(rank([[3], [1], [2], [1]])).toEqual([1, 3, 2, 0])
  expect(
    frontsOf([
      [1, 1],
      [1, 1],
    ]),
  ).toEqual([0, 0])
  expect(rank([])).toEqual([])
})

const options = readHalving('halving', { minSteps: 1, reductionFactor: 3 })!

test('rungs are at 1, 3, 9, …; the first report at or above one is its value', () => {
  const reports: Report[] = [
    [1, 0.9],
    [2, 0.8],
    [4, 0.7],
    [5, 0.6],
    [30, 0.5],
  ]
  expect(rungValues(reports, options)).toEqual([0.9, 0.7, 0.5, 0.5])
  expect(rungValues([[0, 1]], options)).toEqual([])
  expect(readHalving('halving', true)).toEqual({ minSteps: 1, reductionFactor: 4 })
  expect(readHalving('halving', false)).toBeUndefined()
})

/**
 * Nine trials come to rung 0 one after another, with factor 3. Of the first two only the best goes on, of three to
 * five one in three does, so again the best; of six to eight the two best, of nine the three best (Li et al.,
 * Algorithm 2, as a rule for stopping).
 */
test('who goes on from the first rung', () => {
  const losses = [5, 6, 4, 7, 4.5, 4.2, 3, 3.5, 4.1]
  //              of 1: 5 is the best; of 2: 6 is not; of 3: 4 is; 7 and 4.5 are not; of 6: 4.2 is the second; …
  const goesOn = [true, false, true, false, false, true, true, true, false]
  for (const sign of [1, -1]) {
    const known: Report[][] = []
    const decisions = losses.map(loss => {
      const own: Report[] = [[1, sign * loss]]
      const stop = mustStop(own, known, options, sign === 1)
      known.push(own)
      return !stop
    })
    expect(decisions).toEqual(goesOn)
  }
})

test('between rungs nobody is stopped, and at a higher rung only those count that have come there', () => {
  const others: Report[][] = [
    [
      [1, 5],
      [3, 1],
    ],
    [
      [1, 4],
      [3, 2],
    ],
    [[1, 9]],
  ]
  const stops = (reports: Record<number, number>, among: Report[][]) => {
    const own = Object.entries(reports).map(([step, value]): Report => [Number(step), value])
    return mustStop(own, among, options, true)
  }
  expect(stops({ 1: 4, 2: 99 }, others)).toBe(false)
  expect(stops({ 1: 4, 2: 99, 3: 1.5 }, others)).toBe(true) // of three only the best
  expect(stops({ 1: 4, 2: 99, 3: 0.5 }, others)).toBe(false)
  expect(stops({ 1: 4, 3: Number.NaN }, [])).toBe(true)
  // Two rungs at once: good enough for the second, not for the first.
  expect(stops({ 3: 4.5 }, [[[1, 4]], [[1, 4.1]]])).toBe(true)
})

test.each<[object, string]>([
  [{ minSteps: 0 }, 'halving: minSteps must be a positive integer: 0'],
  [{ reductionFactor: 1 }, 'halving: reductionFactor must be an integer from 2 on: 1'],
  [{ eta: 3 }, "halving: unknown option 'eta'; it has minSteps, reductionFactor"],
])('halving %j', (given, message) => {
  expect(() => readHalving('halving', given)).toThrow(message)
})

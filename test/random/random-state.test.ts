// RandomState draws NumPy's numbers. test/golden/numpy-random.json holds programs (a seed and calls of np.random) with
// what NumPy gave; they are run again here. All is equal to the last bit but normal numbers: JavaScript's logarithm and
// that of C differ in it now and then.
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  ArgumentError,
  arange,
  type DType,
  RandomState,
  type RandomStateTuple,
  Tensor,
  tensor,
} from '../../src/index.ts'
import { exact, type Tolerance } from '../support/case.ts'
import { type Element, expectElements, golden } from '../support/golden.ts'

type Given = number | number[] | { list: unknown[] } | { array: never; dtype: DType }

interface Stored {
  dtype: DType
  shape: number[]
  data?: Element[]
  /** Both ends of a long one. */
  head?: Element[]
  tail?: Element[]
}

interface Step {
  op: string
  args: Given[]
  options: Record<string, Given>
  result: Element | Element[] | Stored | null
}

const programs = Object.entries(golden<{ seed: number | number[]; steps: Step[] }>('numpy-random').entries)

/** The names of what NumPy takes by position, from the first that has a default here. */
const optional: Record<string, [after: number, names: string[]]> = {
  random: [0, ['size']],
  standard_normal: [0, ['size']],
  uniform: [0, ['low', 'high', 'size']],
  normal: [0, ['loc', 'scale', 'size']],
  randint: [1, ['high', 'size']],
  choice: [1, ['size', 'replace', 'p']],
}

function value(given: Given): unknown {
  if (typeof given !== 'object' || Array.isArray(given)) return given
  return 'list' in given ? [...given.list] : tensor(given.array, { dtype: given.dtype })
}

/** Runs a step and gives what NumPy's function gave: for `shuffle` what it has shuffled. */
function run(random: RandomState, { op, args, options }: Step): unknown {
  const values = args.map(value)
  if (op === 'get_state')
    return random
      .getState()
      .slice(1)
      .flatMap(part => (part instanceof Uint32Array ? [...part] : part))
  const method = (random as never)[op.replace(/_(.)/, (_, letter) => letter.toUpperCase())] as (
    ...given: unknown[]
  ) => unknown
  const [after, names] = optional[op] ?? [values.length, []]
  const named = Object.entries(options).map(([name, given]) => [name, value(given)])
  for (const [i, given] of values.slice(after).entries()) named.push([names[i]!, given])
  const positional = values.slice(0, after)
  const got = method.apply(random, named.length > 0 ? [...positional, Object.fromEntries(named)] : positional)
  return op === 'shuffle' ? values[0] : got
}

const rounded: Tolerance = { rtol: 1e-15, atol: 0 }

function compare(what: string, op: string, got: unknown, want: NonNullable<Step['result']>): void {
  const tolerance = /norm|randn|state/.test(op) ? rounded : exact
  const stored: Partial<Stored> = typeof want === 'object' && !Array.isArray(want) ? want : { data: [want].flat() }
  if (got instanceof Tensor) expect(stored, what).toMatchObject({ dtype: got.dtype, shape: [...got.shape] })
  const elements = got instanceof Tensor ? got.toTypedArray() : ([got].flat() as number[])
  if (stored.data) expectElements(what, elements, stored.data, tolerance)
  else {
    expectElements(`${what}, head`, elements.slice(0, 20), stored.head!, tolerance)
    expectElements(`${what}, tail`, elements.slice(-20), stored.tail!, tolerance)
  }
}

describe("NumPy's numbers", () => {
  for (const [name, { seed, steps }] of programs) {
    test(name, () => {
      const random = new RandomState(seed)
      steps.forEach((step, i) => {
        const got = run(random, step)
        if (step.result !== null) compare(`step ${i} (${step.op})`, step.op, got, step.result)
      })
    })
  }
})

test('options and arguments by position are the same', () => {
  const twice = (first: (random: RandomState) => unknown, second: (random: RandomState) => unknown) =>
    expect(String(first(new RandomState(5)))).toBe(String(second(new RandomState({ seed: 5 }))))
  twice(
    random => random.uniform(-1, 1, { size: 3 }),
    random => random.uniform({ low: -1, high: 1, size: 3 }),
  )
  twice(
    random => random.uniform(-1, { high: 1, size: 3 }),
    random => random.uniform(-1, 1, { size: [3] }),
  )
  twice(
    random => random.normal(2, 3, { size: 3 }),
    random => random.normal({ loc: 2, scale: 3, size: 3 }),
  )
  twice(
    random => random.randint(2, 9, { size: 3 }),
    random => random.randint(2, { high: 9, size: 3 }),
  )
  twice(
    random => random.random([2, 2]),
    random => random.rand(2, 2),
  )
  twice(
    random => random.standardNormal({ size: 2 }),
    random => random.randn(2),
  )
  twice(
    random => random.choice(9, 3),
    random => random.choice(9, { size: 3 }),
  )
})

test('typed arrays and texts can be shuffled and chosen from', () => {
  const random = new RandomState(0)
  const numbers = Int16Array.from({ length: 50 }, (_, i) => i)
  const order = random.permutation(numbers)
  expect(order).toBeInstanceOf(Int16Array)
  expect([...order].sort((a, b) => a - b)).toEqual([...numbers])
  expect([...order]).not.toEqual([...numbers])
  random.shuffle(numbers)
  expect(new Set(numbers).size).toBe(50)
  expect(['a', 'b']).toContain(random.choice(['a', 'b']))
  expect(random.choice(['a', 'b', 'c'], 3, { replace: false }).sort()).toEqual(['a', 'b', 'c'])
})

test('a state that was saved is gone on with', () => {
  const random = new RandomState(3)
  random.randn()
  const state = random.getState()
  const draw = () => [random.randn(), random.rand(), random.randint(9)]
  const first = draw()
  random.setState(state)
  expect(draw()).toEqual(first)
  const other = new RandomState()
  other.setState(['MT19937', ...state.slice(1)] as unknown as RandomStateTuple)
  expect([other.randn(), other.rand(), other.randint(9)]).toEqual(first)
})

test('without a seed each stream is another one', () => {
  expect(new RandomState().rand()).not.toBe(new RandomState({}).rand())
})

test('a tensor is shuffled along its first dimension, views too', () => {
  const x = arange(12).view(6, 2)
  new RandomState(1).shuffle(x)
  const rows = x.toArray() as number[][]
  expect(rows.every(([a, b]) => b === a! + 1)).toBe(true)
  expect(rows.map(([a]) => a).sort((a, b) => a! - b!)).toEqual([0, 2, 4, 6, 8, 10])
  expect(inspect(x.select(0, 0))).not.toBe('tensor([0, 1])')
})

const wrong: [call: (random: RandomState) => unknown, text: string][] = [
  [() => new RandomState(-1), 'RandomState: expected integers from 0 to 2^32 - 1, got [-1]'],
  [() => new RandomState([]), 'RandomState: expected integers from 0 to 2^32 - 1, got []'],
  [() => new RandomState('1' as never), 'RandomState: expected an integer or an array of them, got a string'],
  [random => random.rand(-1), 'rand: sizes must not be negative, got [-1]'],
  [random => random.random({ shape: 3 } as never), "random: unknown option 'shape'; it has size"],
  [random => random.uniform(0, Number.NaN), 'uniform: high: expected a finite number, got NaN'],
  [random => random.normal('1' as never), 'normal: loc: expected a number, got a string'],
  [random => random.normal(0, -1), 'normal: scale must not be negative, got -1'],
  [random => random.randint(5, 5), 'randint: the range from 5 to 5 is empty'],
  [random => random.randint(0.5), 'randint: high: expected an integer, got 0.5'],
  [random => random.choice(0), 'choice: nothing can be drawn from an empty population'],
  [
    random => random.choice(2, 3, { replace: false }),
    'choice: 3 of 2 cannot be drawn without replacement; give { replace: true }',
  ],
  [random => random.choice(2, { p: [1] }), 'choice: p: expected 2 probabilities, one for each, got [1]'],
  [random => random.choice(2, { p: [1.5, -0.5] }), 'choice: p: probabilities must not be negative, got -0.5'],
  [random => random.choice(2, { p: [0.5, 0.4] }), 'choice: p: probabilities must add up to 1, got 0.9'],
  [
    random => random.choice(2, 2, { replace: false, p: [1, 0] }),
    'choice: 2 cannot be drawn without replacement; only 1 have p > 0',
  ],
  [random => random.choice(tensor([[1]])), 'choice: a: expected a tensor of one dimension, got [1, 1]'],
  [
    random => random.choice([1, 2], { size: [2, 1] } as never),
    'choice: size: of an array it is a number; give a tensor instead',
  ],
  [
    random => random.setState([1] as never),
    "setState: expected ['MT19937', 624 words, position, hasGauss, cachedGaussian]",
  ],
  [random => JSON.stringify(random), 'JSON.stringify: a RandomState has no JSON form; give it its getState()'],
]

test('wrong calls are refused', () => {
  for (const [call, text] of wrong) expect(() => call(new RandomState(0)), text).toThrow(text)
  expect(() => new RandomState(1.5)).toThrow(ArgumentError)
})

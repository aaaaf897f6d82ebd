// Parameters and constraints: what a place in the unit cube stands for, what is refused, and how.
import { expect, expectTypeOf, test } from 'vitest'
import { RandomState } from '../../src/index.ts'
import type { ParametersOf } from '../../src/tune/index.ts'
import type { Parameter } from '../../src/tune/parameters.ts'
import { Space } from '../../src/tune/space.ts'

const parameters = [
  { name: 'x', type: 'range', bounds: [-10, 10] },
  { name: 'lr', type: 'range', bounds: [1e-4, 1], logScale: true },
  { name: 'n', type: 'range', bounds: [3, 7], valueType: 'int' },
  { name: 'width', type: 'range', bounds: [1, 1000], valueType: 'int', logScale: true },
  { name: 'size', type: 'choice', values: [16, 32, 128] },
  { name: 'act', type: 'choice', values: ['relu', 'tanh'] },
  { name: 'bias', type: 'choice', values: [true, false] },
  { name: 'seed', type: 'fixed', value: 42 },
] as const satisfies readonly Parameter[]

const space = new Space('optimize', parameters)
const at = (place: number) => space.decode(space.dimensions.map(() => place))

test('both ends and the middle of the cube', () => {
  expect(at(0)).toEqual({ x: -10, lr: 1e-4, n: 3, width: 1, size: 16, act: 'relu', bias: true, seed: 42 })
  expect(at(1)).toEqual({ x: 10, lr: 1, n: 7, width: 1000, size: 128, act: 'tanh', bias: false, seed: 42 })
  // sqrt(0.5 * 1000.5) is 22.4
  expect(at(0.5)).toEqual({
    x: 0,
    lr: expect.closeTo(0.01, 12),
    n: 5,
    width: 22,
    size: 32,
    act: 'tanh',
    bias: false,
    seed: 42,
  })
})

test('integers and choices have equal parts of the interval', () => {
  const { decode, encode } = space.dimensions[2]!
  const counts = new Map<unknown, number>()
  for (let i = 0; i < 1000; i++) counts.set(decode((i + 0.5) / 1000), (counts.get(decode((i + 0.5) / 1000)) ?? 0) + 1)
  expect([...counts]).toEqual([3, 4, 5, 6, 7].map(n => [n, 200]))
  expect([3, 4, 5, 6, 7].map(encode)).toEqual([0.1, 0.3, 0.5, 0.7, 0.9].map(place => expect.closeTo(place, 12)))
})

test('encoding is the inverse of decoding', () => {
  const random = new RandomState(1)
  for (let i = 0; i < 200; i++) {
    const point = space.draw(random)
    const values = space.decode(point)
    const exact = space.encode(values)
    expect(space.decode(exact)).toEqual({
      ...values,
      x: expect.closeTo(values.x as number, 12),
      lr: expect.closeTo(values.lr as number, 12),
    })
    expect([exact[0], exact[1]]).toEqual([expect.closeTo(point[0]!, 12), expect.closeTo(point[1]!, 12)])
    expect(space.snap(exact)).toEqual(exact.map(place => expect.closeTo(place, 12)))
  }
  expect(() => space.encode({ ...at(0), n: 8 })).toThrow("encode: parameter 'n' cannot be 8")
  expect(() => space.encode({ ...at(0), act: 'gelu' })).toThrow("encode: parameter 'act' cannot be 'gelu'")
})

test('rising numbers are in order, other choices are categories unless they are said to be ordered', () => {
  expect(space.dimensions.map(({ kind, levels }) => [kind, levels])).toEqual([
    ['real', Infinity],
    ['real', Infinity],
    ['ordered', 5],
    ['ordered', 1000],
    ['ordered', 3],
    ['category', 2],
    ['category', 2],
  ])
  const kindOf = (values: (number | string)[], isOrdered?: boolean) =>
    new Space('optimize', [{ name: 'c', type: 'choice', values, isOrdered }]).dimensions[0]!.kind
  expect([kindOf([1, 3, 2]), kindOf(['s', 'm', 'l'], true), kindOf([1, 2], false)]).toEqual([
    'category',
    'ordered',
    'category',
  ])
})

test('an evaluation gets typed parameters', () => {
  expectTypeOf<ParametersOf<typeof parameters>>().toEqualTypeOf<{
    x: number
    lr: number
    n: number
    width: number
    size: 16 | 32 | 128
    act: 'relu' | 'tanh'
    bias: true | false
    seed: 42
  }>()
})

test.each<[unknown, string]>([
  [undefined, 'optimize: parameters: expected an array, got undefined'],
  [[], 'optimize: parameters: there is none to vary'],
  [[3], 'optimize: parameters[0]: expected a parameter such as { name, type, … }, got a number'],
  [
    [{ type: 'range', bounds: [0, 1] }],
    'optimize: parameters[0]: name must be a word, with letters, digits, dots and underscores: undefined',
  ],
  [
    [{ name: 'a b', type: 'range' }],
    "optimize: parameters[0]: name must be a word, with letters, digits, dots and underscores: 'a b'",
  ],
  [[{ name: 'x', type: 'float' }], "optimize: parameter 'x': type must be 'range', 'choice' or 'fixed': 'float'"],
  [
    [{ name: 'x', type: 'range', bound: [0, 1] }],
    "optimize: parameter 'x': unknown option 'bound'; did you mean 'bounds'?",
  ],
  [
    [{ name: 'x', type: 'range', bounds: [0, 1], log_scale: true }],
    "optimize: parameter 'x': unknown option 'log_scale'; did you mean 'logScale'?",
  ],
  [[{ name: 'x', type: 'range' }], "optimize: parameter 'x': bounds must be two numbers, from and to: undefined"],
  [
    [{ name: 'x', type: 'range', bounds: [1, 1] }],
    "optimize: parameter 'x': bounds must rise, or it is a 'fixed' parameter: [1, 1]",
  ],
  [
    [{ name: 'x', type: 'range', bounds: [0, 1], logScale: true }],
    "optimize: parameter 'x': logScale: bounds must be greater than 0: [0, 1]",
  ],
  [
    [{ name: 'x', type: 'range', bounds: [0, 1.5], valueType: 'int' }],
    "optimize: parameter 'x': valueType 'int': bounds must be integers: [0, 1.5]",
  ],
  [
    [{ name: 'x', type: 'range', bounds: [0, 1], valueType: 'str' }],
    "optimize: parameter 'x': valueType must be 'float' or 'int': 'str'",
  ],
  [
    [{ name: 'c', type: 'choice', values: [1] }],
    "optimize: parameter 'c': values must be two or more, or it is a 'fixed' parameter: [1]",
  ],
  [[{ name: 'c', type: 'choice', values: [1, 2, 1] }], "optimize: parameter 'c': values: 1 is there twice"],
  [
    [{ name: 'c', type: 'choice', values: [1, {}] }],
    "optimize: parameter 'c': values: expected numbers, texts or booleans, got an object",
  ],
  [
    [{ name: 'c', type: 'choice', values: [1, 'a'], valueType: 'int' }],
    "optimize: parameter 'c': values: 'a' has not the valueType 'int'",
  ],
  [
    [{ name: 'c', type: 'choice', values: [1, 2], valueType: 'double' }],
    "optimize: parameter 'c': values: valueType must be 'float', 'int', 'bool' or 'str': 'double'",
  ],
  [[parameters[0], parameters[0]], "optimize: parameter 'x': there are two parameters of this name"],
])('parameters %j', (given, message) => {
  expect(() => new Space('optimize', given as Parameter[])).toThrow(message)
})

const three = ['x1', 'x2', 'x3'].map(name => ({ name, type: 'range', bounds: [0, 1] }) as const)

test.each<[string, number[], boolean]>([
  ['x1 + x2 <= 1', [0.5, 0.5, 0], true],
  ['x1 + x2 <= 1', [0.5, 0.51, 0], false],
  ['x1 + x2 + x3 <= 0.3', [0.1, 0.1, 0.1], true], // whose sum is 0.30000000000000004
  ['x1 <= x2', [0.2, 0.3, 0], true],
  ['x1 <= x2', [0.4, 0.3, 0], false],
  ['x1>=x2', [0.4, 0.3, 0], true],
  ['2*x1 - 0.5 * x3 >= 1e-1', [0.1, 0, 0.2], true],
  ['2*x1 - x3*0.5 >= 1e-1', [0.1, 0, 0.21], false],
  ['-x1 + 1 <= x2 + .25', [0.5, 0.3, 0], true],
  ['-x1 + 1 <= x2 + .25', [0.5, 0.2, 0], false],
])('%s of %j: %s', (text, values, keeps) => {
  expect(new Space('optimize', three, [text]).allows(values)).toBe(keeps)
})

test.each<[unknown, string]>([
  ['x1 <= 1', 'optimize: parameterConstraints: expected an array of texts such as "x1 <= x2", got a string'],
  [[3], 'optimize: parameterConstraints: expected texts such as "x1 <= x2", got a number'],
  [['x1 < 1'], "optimize: constraint 'x1 < 1': expected one <= or >=, as in 'x1 + x2 <= 1'"],
  [['0 <= x1 <= 1'], "optimize: constraint '0 <= x1 <= 1': expected one <= or >=, as in 'x1 + x2 <= 1'"],
  [['x1 + x4 <= 1'], "optimize: constraint 'x1 + x4 <= 1': no parameter 'x4' is varied"],
  [['x1 <= '], "optimize: constraint 'x1 <= ': expected sums of numbers, parameters and number * parameter, got ' '"],
  [
    ['x1 x2 <= 1'],
    "optimize: constraint 'x1 x2 <= 1': expected sums of numbers, parameters and number * parameter, got 'x1 x2 '",
  ],
  [
    ['x1 * x2 <= 1'],
    "optimize: constraint 'x1 * x2 <= 1': expected sums of numbers, parameters and number * parameter, got 'x1 * x2 '",
  ],
  [['x1 <= x1'], "optimize: constraint 'x1 <= x1': there is no parameter in it"],
])('constraints %j', (given, message) => {
  expect(() => new Space('optimize', three, given as string[])).toThrow(message)
})

test('a constraint is about numbers that vary', () => {
  expect(() => new Space('optimize', parameters, ['act <= 1'])).toThrow(
    "optimize: constraint 'act <= 1': 'act' is no number",
  )
  expect(() => new Space('optimize', parameters, ['seed <= n'])).toThrow(
    "optimize: constraint 'seed <= n': no parameter 'seed' is varied",
  )
})

test('all drawn points keep the constraints; where there are none, an error says so', () => {
  const random = new RandomState(2)
  const narrow = new Space('optimize', three, ['x1 + x2 + x3 <= 0.5', 'x1 <= x2', 'x3 >= 0.1'])
  for (let i = 0; i < 100; i++) {
    const [x1, x2, x3] = narrow.draw(random) as [number, number, number]
    expect(x1 + x2 + x3 <= 0.5 && x1 <= x2 && x3 >= 0.1).toBe(true)
  }
  expect(() => new Space('optimize', three, ['x1 >= 0.6', 'x1 <= 0.5']).draw(random)).toThrow(
    "optimize: none of 10,000 points keeps the constraints 'x1 >= 0.6', 'x1 <= 0.5': they exclude each other, or leave " +
      'so little that the bounds should be narrowed to it',
  )
})

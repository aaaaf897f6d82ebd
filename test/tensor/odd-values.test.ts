// What a program passes by mistake, of kinds that JavaScript itself has no text, no copy or no end for: an object
// without a prototype, an array that holds itself or is nested deeper than the stack, one whose memory has gone to
// another thread. Each call says what is wrong by the name of what was called. Found by `npm run fuzz`.
import { expect, test } from 'vitest'
import { structureOf } from '../../src/distributed/tree.ts'
import * as dt from '../../src/index.ts'
import { python } from '../../src/tensor/repr.ts'

const bare = () => Object.create(null) as never
function deep(): never {
  let array: unknown[] = []
  for (let i = 0; i < 20000; i++) array = [array]
  return array as never
}
function round(): never {
  const array: unknown[] = []
  array.push(array)
  return array as never
}
const x = () => dt.ones(2, 3)
const { functional: F } = dt.nn
const tooDeep = (op: string) => `${op} holds itself, or is nested more than 1000 deep`

// The product of no columns and any number of rows is empty.
test('rows without columns end at once', () => {
  expect(dt.trilIndices(2 ** 53 - 1, 0).shape).toEqual([2, 0])
})

const calls: [text: string, call: () => unknown][] = [
  [
    "scalarTensor: unknown dtype 'an object'; known are float32, float64, int64, uint8, bool, float16, bfloat16, int32, int16, int8",
    () => dt.scalarTensor(3, { dtype: bare() }),
  ],
  [
    "full: unknown dtype '[an array]'; known are float32, float64, int64, uint8, bool, float16, bfloat16, int32, int16, int8",
    () => dt.full([2], 3, { dtype: deep() }),
  ],
  ["norm: 'nuc' is of two dimensions, got shape [2, 3] and dim [an array]", () => x().norm('nuc', { dim: deep() })],
  ['norm: dim must be one or two dimensions, got [1, an array, 2]', () => dt.linalg.norm(x(), { dim: [1, deep(), 2] })],
  ['matrixNorm: dim must be two dimensions, got [an array]', () => dt.linalg.matrixNorm(x(), 'fro', { dim: deep() })],
  ["norm: ord 'an object' is for matrices, got one dimension", () => dt.linalg.norm(dt.ones(3), { ord: bare() })],
  ['matrixNorm: ord an object is not supported', () => dt.linalg.matrixNorm(x(), { ord: bare() })],
  [
    'interpolate: expected 2 numbers as size, got [an array]',
    () => F.interpolate(dt.ones(1, 1, 2, 2), { size: deep() }),
  ],
  [
    'interpolate: mode: expected one of nearest, nearest-exact, linear, bilinear, trilinear, bicubic, area, got an object',
    () => F.interpolate(dt.ones(1, 1, 2, 2), { size: 3, mode: bare() }),
  ],
  [
    'Transformer: expected a module as encoder or decoder, got a number',
    () => new dt.nn.Transformer(4, { nhead: 2, customEncoder: 7 as never }),
  ],
  ['MultiMarginLoss: p must be 1 or 2, got an object', () => new dt.nn.MultiMarginLoss({ p: bare() })],
  [
    "RNN: nonlinearity: expected 'tanh' or 'relu', got 'an object'",
    () => new dt.nn.RNN(2, 2, { nonlinearity: bare() }),
  ],
  [
    'onesLike: expected a tensor, got undefined',
    () => dt.onesLike(undefined as never, { dtype: 'int64', device: 'cpu' }),
  ],
  ['gradcheck: expected a tensor or an array, got a number', () => dt.autograd.gradcheck(y => y, 1 as never)],
  [
    'gradgradcheck: gradOutputs: expected a tensor or an array, got a number',
    () => dt.autograd.gradgradcheck(y => y, x().requiresGrad_(), 1 as never),
  ],
  [
    'maxPool1d: kernelSize must be a number or an array of one, got a bigint',
    () => dt.maxPool1d(dt.ones(1, 1, 4), [1n] as never),
  ],
  [
    'maxPool2d: padding must be a number or a pair of numbers, got [an array, 0]',
    () => dt.maxPool2d(dt.ones(1, 1, 4, 4), 2, { padding: [deep(), 0] }),
  ],
  ['slice: expected a number, got a bigint', () => new dt.nn.Sequential(new dt.nn.ReLU()).slice(1n as never)],
  [
    'ParameterList.at: expected a number, got an array',
    () => new dt.nn.ParameterList([dt.ones(1)]).at([bare()] as never),
  ],
  [
    'multiHeadAttentionForward: expected a tensor, got an ArrayBuffer',
    () => new dt.nn.MultiheadAttention(2, 1)(x(), x(), x(), { keyPaddingMask: new ArrayBuffer(8) as never }),
  ],
  [
    'ModuleDict: expected an object, a Map, or pairs of a name and a value, got a number',
    () => new dt.nn.ModuleDict(7 as never),
  ],
  ['ModuleDict: expected pairs of a name and a value, got a number', () => new dt.nn.ModuleDict([7] as never)],
  [
    'linalg.pinv: atol and rtol of shape [2, 2] do not broadcast to [2], one for each matrix',
    () => dt.linalg.pinv(dt.ones(2, 2, 2), { rtol: dt.ones(2, 2) }),
  ],
  ['saveOnCpu: expected a function, got a number', () => dt.autograd.graph.saveOnCpu(1 as never)],
  [
    'cdist: computeMode must be one of use_mm_for_euclid_dist_if_necessary, use_mm_for_euclid_dist, donot_use_mm_for_euclid_dist, got an object',
    () => dt.cdist(x(), x(), { computeMode: bare() }),
  ],
  [tooDeep('checkpoint: the value'), () => dt.checkpoint(() => x(), round())],
  [tooDeep('what a module takes or returns'), () => structureOf(round())],
  [tooDeep('defaultCollate: a sample'), () => dt.data.defaultCollate([deep()])],
  ['groupNorm: numGroups: expected a number, got a symbol', () => F.groupNorm(dt.ones(0, 1), Symbol.iterator as never)],
  ['padSequence: expected a tensor, got an object', () => dt.nn.utils.rnn.padSequence([x(), { handle: 5 } as never])],
  ['Embedding: paddingIdx: expected a number, got a bigint', () => new dt.nn.Embedding(1, 4, 2n as never)],
  [
    'TransformerEncoderLayer: expected a tensor, got null',
    () => new dt.nn.TransformerEncoderLayer(4, 2, 8).forward(null as never),
  ],
  [
    'TransformerDecoderLayer: expected a tensor, got null',
    () => new dt.nn.TransformerDecoderLayer(4, 2, 8).forward(dt.ones(1, 4), null as never),
  ],
  [
    'combinations: Infinity rows of 9007199254740991 elements are too many',
    () => dt.combinations(dt.ones(2 ** 5), 2 ** 53 - 1, { withReplacement: true }),
  ],
]

test.each(calls)('%s', (text, call) => {
  let thrown: unknown
  try {
    call()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(dt.DtrainError)
  expect((thrown as Error).message).toBe(text)
})

test('an array whose memory is gone has no elements', () => {
  const [array, words] = [new Float32Array(4), new Uint32Array(4)]
  structuredClone(0, { transfer: [array.buffer, words.buffer] })
  const random = new dt.RandomState(1)
  expect(random.permutation(array).length).toBe(0)
  expect(() => random.setState(['MT19937', words, 2, 1, 3])).toThrow(/^setState: expected \['MT19937', 624 words/)
})

test('an array that holds itself has a text', () => {
  expect(python(round())).toBe(`${'('.repeat(9)}(…)${',)'.repeat(9)}`)
})

test('combinations of nothing that can be chosen come back', () => {
  expect(dt.combinations(dt.ones(5), 2 ** 53 - 1).shape).toEqual([0, 2 ** 53 - 1])
})

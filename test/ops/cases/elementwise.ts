// add sub mul div neg exp log relu. What surprises: the result dtype. PyTorch promotes by category (bool < integer < float):
// a 0-d tensor or a number changes the dtype only if its category is higher, so float32 [3] + float64 [] stays float32.

import {
  type Case,
  type DType,
  dtypes,
  exact,
  floats,
  type Input,
  isFloat,
  type Layout,
  layouts,
  leaf,
  shapePair,
  show,
  type Tensor,
} from '../../support/case.ts'

type Binary = 'add' | 'sub' | 'mul' | 'div'
const binaries: Binary[] = ['add', 'sub', 'mul', 'div']
const sign = { add: '+', sub: '-', mul: '*', div: '/' }

const broadcasts = [
  '[2, 3] x [2, 3]',
  '[2, 3] x [3]',
  '[3] x [2, 3]',
  '[2, 3] x [2, 1]',
  '[2, 1] x [1, 3]',
  '[2, 3] x []',
  '[] x [2, 3]',
  '[] x []',
  '[0, 3] x [3]',
  '[3] x [0, 1]',
  '[7] x [5, 1]',
  '[2, 1, 4, 1] x [3, 1, 5]',
  '[4, 1, 3] x [4, 5, 3]',
].map(shapePair)

function broadcasting(): Case[] {
  return binaries.flatMap(op =>
    floats.flatMap(dtype =>
      broadcasts.map(([a, b]) =>
        make(
          op,
          `${dtype} ${show(a)} with ${show(b)}`,
          [leaf(a, dtype), divisor(op, b, dtype)],
          (_, x, y) => x[op](y),
          `x0 ${sign[op]} x1`,
        ),
      ),
    ),
  )
}

function strided(): Case[] {
  const pairs: [Layout, Layout][] = [
    ...layouts.map((l): [Layout, Layout] => [l, 'contiguous']),
    ...layouts.map((l): [Layout, Layout] => ['contiguous', l]),
    ['transposed', 'transposed'],
    ['sliced', 'transposed'],
    ['expanded', 'offset'],
  ]
  return (['sub', 'mul'] as const).flatMap(op =>
    floats.flatMap(dtype =>
      pairs.map(([a, b]) =>
        make(
          op,
          `${dtype} ${a} with ${b}`,
          [leaf([5, 7], dtype, { layout: a }), leaf([5, 7], dtype, { layout: b })],
          (_, x, y) => x[op](y),
          `x0 ${sign[op]} x1`,
        ),
      ),
    ),
  )
}

/** All pairs of dtypes, as two 1-d tensors and with either side 0-d. */
function promotion(): Case[] {
  return binaries.flatMap(op =>
    dtypes.flatMap(a =>
      dtypes.flatMap(b => {
        if (op === 'sub' && (a === 'bool' || b === 'bool')) return [] // refused: see errors.test.ts
        const one = (x: number[], y: number[]) =>
          make(
            op,
            `${a} ${show(x)} with ${b} ${show(y)}`,
            [
              { shape: x, dtype: a, grad: isFloat(a) },
              { shape: y, dtype: b, grad: isFloat(b), values: op === 'div' && b !== 'bool' ? 'positive' : 'normal' },
            ],
            (_, u, v) => u[op](v),
            `x0 ${sign[op]} x1`,
          )
        if (a === b) return isFloat(a) ? [] : [one([4], [4])]
        return op === 'add' ? [one([4], [4]), one([4], []), one([], [4])] : [one([4], [4])]
      }),
    ),
  )
}

function scalars(): Case[] {
  return binaries.flatMap(op =>
    dtypes.flatMap(dtype => {
      if (op === 'sub' && dtype === 'bool') return [] // refused: see errors.test.ts
      const input: Input = { shape: [5], dtype, grad: isFloat(dtype), values: op === 'div' ? 'positive' : 'normal' }
      return [2, 2.5].flatMap(c => [
        make(op, `${dtype} ${sign[op]} ${c}`, [input], (_, x) => x[op](c), `x0 ${sign[op]} ${c}`),
        make(op, `${c} ${sign[op]} ${dtype}`, [input], (dt, x) => dt[op](c, x), `${c} ${sign[op]} x0`),
      ])
    }),
  )
}

function arithmetic(): Case[] {
  const special = [Number.NaN, Infinity, -Infinity, 1, -1, 0]
  const bytes: Input = { shape: [3], dtype: 'uint8', values: [200, 16, 255] }
  return [
    ...floats.flatMap(dtype => [
      make(
        'add',
        `${dtype} alpha 2`,
        [leaf([2, 3], dtype), leaf([3], dtype)],
        (_, x, y) => x.add(y, { alpha: 2 }),
        'torch.add(x0, x1, alpha=2)',
      ),
      make(
        'sub',
        `${dtype} alpha -0.5`,
        [leaf([2, 3], dtype), leaf([2, 1], dtype)],
        (_, x, y) => x.sub(y, { alpha: -0.5 }),
        'torch.sub(x0, x1, alpha=-0.5)',
      ),
      make(
        'add',
        `${dtype} number with alpha`,
        [leaf([3], dtype)],
        (_, x) => x.add(1.5, { alpha: 3 }),
        'torch.add(x0, 1.5, alpha=3)',
      ),
      make('div', `${dtype} by zero`, [{ shape: [6], dtype, values: special }], (_, x) => x.div(0), 'x0 / 0'),
      make('div', `${dtype} zero by`, [{ shape: [6], dtype, values: special }], (dt, x) => dt.div(0, x), '0 / x0'),
      make(
        'mul',
        `${dtype} infinities and nan`,
        [{ shape: [6], dtype, values: special }],
        (_, x) => x.mul(0),
        'x0 * 0',
      ),
      make(
        'sub',
        `${dtype} infinities cancel to nan`,
        [{ shape: [6], dtype, values: special }],
        (_, x) => x.sub(x),
        'x0 - x0',
      ),
    ]),
    make('add', 'int64 alpha 3', ints([4, -1, 7]), (_, x) => x.add(x, { alpha: 3 }), 'torch.add(x0, x0, alpha=3)'),
    make(
      'add',
      'int64 with a float32 alpha needs no float32 result',
      [leaf([2], 'float32'), { shape: [2], dtype: 'int64' }],
      (_, x, y) => x.add(y, { alpha: 0.5 }),
      'torch.add(x0, x1, alpha=0.5)',
    ),
    make('mul', 'int64 wraps', ints([2 ** 53 - 1, 3, -4]), (_, x) => x.mul(x).mul(x), 'x0 * x0 * x0'),
    make('add', 'uint8 wraps', [{ shape: [3], dtype: 'uint8', values: [250, 5, 255] }], (_, x) => x.add(10), 'x0 + 10'),
    make('sub', 'uint8 wraps', [{ shape: [3], dtype: 'uint8', values: [0, 5, 255] }], (_, x) => x.sub(6), 'x0 - 6'),
    make('mul', 'uint8 wraps', [{ shape: [3], dtype: 'uint8', values: [200, 16, 255] }], (_, x) => x.mul(x), 'x0 * x0'),
    make('sub', '300 - uint8 wraps', [bytes], (dt, x) => dt.sub(300, x), '300 - x0'),
    make('mul', 'uint8 * 300 wraps', [bytes], (_, x) => x.mul(300), 'x0 * 300'),
    make('add', 'uint8 + 2 ** 62 wraps', [bytes], (_, x) => x.add(2 ** 62), 'x0 + 2 ** 62'),
    make('add', 'uint8 alpha -3', [bytes, bytes], (_, x, y) => x.add(y, { alpha: -3 }), 'torch.add(x0, x1, alpha=-3)'),
    // A number that no int64 can hold must be a float.
    ...(['int64', 'uint8', 'bool'] as const).map(dtype =>
      make('add', `${dtype} + 1e30`, [{ shape: [2], dtype, values: [0, 1] }], (_, x) => x.add(1e30), 'x0 + 1e30'),
    ),
    make('mul', 'int64 * -1e19', ints([2, -3]), (_, x) => x.mul(-1e19), 'x0 * -1e19'),
    make('div', 'int64 by zero', ints([1, -1, 0]), (_, x) => x.div(0), 'x0 / 0'),
    make('div', 'int64 gives float32', ints([7, -7, 2 ** 31]), (_, x) => x.div(2), 'x0 / 2'),
    make('mul', 'with itself', [leaf([4], 'float64')], (_, x) => x.mul(x), 'x0 * x0'),
    make('mul', 'cube from one leaf', [leaf([4], 'float64')], (_, x) => x.mul(x).mul(x), 'x0 * x0 * x0'),
    make('div', 'by itself', [leaf([4], 'float64', { values: 'distinct' })], (_, x) => x.div(x), 'x0 / x0'),
    make(
      'add',
      'a diamond',
      [leaf([4], 'float64')],
      (_, x) => x.mul(2).add(x.mul(x)).mul(x),
      '(x0 * 2 + x0 * x0) * x0',
    ),
    make(
      'mul',
      'by a broadcast of itself',
      [leaf([3], 'float64')],
      (_, x) => x.unsqueeze(1).mul(x),
      'x0.unsqueeze(1) * x0',
    ),
    make(
      'sub',
      'prime sizes, three dims',
      [leaf([3, 7, 5], 'float32'), leaf([7, 1], 'float32')],
      (_, x, y) => x.sub(y),
      'x0 - x1',
    ),
    make(
      'add',
      'longer than a vector, not a multiple',
      [leaf([257], 'float32'), leaf([257], 'float32')],
      (_, x, y) => x.add(y),
      'x0 + x1',
    ),
    make(
      'mul',
      'free function',
      [leaf([3], 'float32'), leaf([3], 'float32')],
      (dt, x, y) => dt.mul(x, y),
      'torch.mul(x0, x1)',
    ),
  ]
}

type Unary = 'neg' | 'exp' | 'log' | 'relu'

function unary(): Case[] {
  const special = [Number.NaN, Infinity, -Infinity, 1, -1, 0, -0, 1000, -1000, 1e-40]
  const values = { neg: 'normal', exp: 'normal', log: 'positive', relu: 'distinct' } as const
  const apply = (op: Unary) => (_: unknown, x: Tensor) => x[op]()
  return (['neg', 'exp', 'log', 'relu'] as const).flatMap(op => [
    ...floats.flatMap(dtype => [
      ...[[], [7], [2, 3], [0], [31, 3]].map(shape =>
        make(op, `${dtype} ${show(shape)}`, [leaf(shape, dtype, { values: values[op] })], apply(op), `torch.${op}(x0)`),
      ),
      ...layouts.map(layout =>
        make(
          op,
          `${dtype} ${layout}`,
          [leaf([5, 7], dtype, { values: values[op], layout })],
          apply(op),
          `torch.${op}(x0)`,
        ),
      ),
      make(op, `${dtype} special values`, [{ shape: [10], dtype, values: special }], apply(op), `torch.${op}(x0)`),
    ]),
    ...(['int64', 'uint8', 'bool'] as const)
      .filter(dtype => !(dtype === 'bool' && (op === 'neg' || op === 'relu'))) // refused: see errors.test.ts
      .map(dtype => make(op, dtype, [{ shape: [5], dtype }], apply(op), `torch.${op}(x0)`)),
  ])
}

function chains(): Case[] {
  return [
    make('exp', 'of log', [leaf([5], 'float64', { values: 'positive' })], (_, x) => x.log().exp(), 'x0.log().exp()'),
    make('exp', 'of exp', [leaf([5], 'float64', { values: 'uniform' })], (_, x) => x.exp().exp(), 'x0.exp().exp()'),
    make(
      'log',
      'large range',
      [leaf([6], 'float64', { values: [1e-300, 1e-10, 0.5, 1, 1e10, 1e300] })],
      (_, x) => x.log(),
      'x0.log()',
      {
        kink: 'a step of 1e-6 passes zero at 1e-300',
      },
    ),
    make(
      'relu',
      'at zero the gradient is 0',
      [leaf([3], 'float64', { values: [0, -0, 1] })],
      (_, x) => x.relu(),
      'torch.relu(x0)',
      { kink: 'zero is the kink' },
    ),
    make(
      'relu',
      'gradient of nan',
      [leaf([2], 'float32', { values: [Number.NaN, 2] })],
      (_, x) => x.relu(),
      'torch.relu(x0)',
      { kink: 'NaN' },
    ),
    make(
      'relu',
      'of a difference',
      [leaf([5, 1], 'float64', { values: 'distinct' }), leaf([3], 'float64', { values: [0.033, 0.041, -0.087] })],
      (_, x, y) => x.sub(y).relu(),
      'torch.relu(x0 - x1)',
    ),
    make('neg', 'twice', [leaf([3], 'float64')], (_, x) => x.neg().neg(), '-(-x0)'),
  ]
}

/**
 * Rounded once by IEEE rules, so equal to the last bit. Not so exp and log, a sum with alpha (fused or not), and a number
 * divided by a tensor, for which PyTorch multiplies by the reciprocal.
 */
function isExact(op: string, torch: string): boolean {
  return op !== 'exp' && op !== 'log' && !/alpha|^2.5 \/|\(x0 \* 2/.test(torch)
}

function divisor(op: Binary, shape: number[], dtype: DType): Input {
  return leaf(shape, dtype, { values: op === 'div' ? 'distinct' : 'normal' })
}

function ints(values: number[]): Input[] {
  return [{ shape: [values.length], dtype: 'int64', values }]
}

function make(
  op: string,
  name: string,
  inputs: Input[],
  run: Case['run'],
  torch: string,
  rest: Partial<Case> = {},
): Case {
  const kink = op === 'div' && inputs[1]?.dtype === 'bool' ? 'division by false' : undefined
  return {
    op,
    name: `${op}: ${name}`,
    inputs,
    run,
    torch,
    tolerance: isExact(op, torch) ? exact : undefined,
    kink,
    ...rest,
  }
}

export const cases: Case[] = [
  ...broadcasting(),
  ...strided(),
  ...promotion(),
  ...scalars(),
  ...arithmetic(),
  ...unary(),
  ...chains(),
]

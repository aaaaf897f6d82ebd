// add sub mul div pow remainder fmod maximum minimum square and their in-place forms. What surprises: the result dtype.
// PyTorch promotes by category (bool < integer < float): a 0-d tensor or a number changes the dtype only if its
// category is higher, so float32 [3] + float64 [] stays float32. An in-place op keeps the tensor's dtype, and writing
// through a view changes the base.

import {
  type Case,
  dtypes,
  exact,
  floats,
  halves,
  type Input,
  isFloat,
  isHalf,
  leaf,
  lists,
  show,
  whole,
} from '../../support/case.ts'
import { binary, inplace, unary } from '../../support/rows.ts'

const generic: Case[] = [
  // Two paths: the dtype of a quotient of integers is found elsewhere.
  ...binary({ op: 'add', sign: '+', dtypes: 'all', path: true }),
  ...binary({ op: 'div', sign: '/', dtypes: 'all', path: true, second: 'distinct' }),
  ...binary({ op: 'sub', sign: '-', dtypes: 'numbers' }),
  ...binary({ op: 'mul', sign: '*', dtypes: 'all' }),
  ...inplace({ op: 'add_', dtypes: 'numbers', path: true }),
  ...inplace({ op: 'sub_', dtypes: 'numbers' }),
  ...inplace({ op: 'mul_', dtypes: 'numbers' }),
  ...inplace({ op: 'div_', dtypes: 'floats', second: 'distinct' }),
  ...binary({ op: 'pow', sign: 'pow', dtypes: 'numbers', domain: 'positive', second: 'positive', rounds: true }),
  ...binary({ op: 'remainder', sign: 'remainder', dtypes: 'numbers', second: 'distinct', numbers: 'right' }),
  ...binary({ op: 'fmod', sign: 'fmod', dtypes: 'numbers', second: 'distinct', numbers: 'right' }),
  ...binary({ op: 'maximum', sign: 'maximum', dtypes: 'all', numbers: 'nowhere' }),
  ...binary({ op: 'minimum', sign: 'minimum', dtypes: 'all', numbers: 'nowhere' }),
  ...inplace({ op: 'pow_', dtypes: 'numbers', domain: 'positive', second: 'positive', rounds: true }),
  ...inplace({ op: 'remainder_', dtypes: 'numbers', second: 'positive' }),
  ...inplace({ op: 'fmod_', dtypes: 'numbers', second: 'positive' }),
  ...unary({ op: 'square', domain: 'normal', dtypes: 'all' }),
  ...lists.numbers.map(dtype => make('square_', dtype, [{ shape: [5], dtype }], (_, x) => x.square_(), 'x0.square_()')),
]

/** All pairs of dtypes, as two 1-d tensors, and for add with either side 0-d: sub and mul promote as add does. */
function promotion(): Case[] {
  return (['add', 'div'] as const).flatMap(op =>
    dtypes.flatMap(a =>
      dtypes.flatMap(b => {
        const one = (x: number[], y: number[]) => ({
          ...make(
            op,
            `${a} ${show(x)} with ${b} ${show(y)}`,
            [
              { shape: x, dtype: a, grad: isFloat(a) },
              { shape: y, dtype: b, grad: isFloat(b), values: op === 'div' && b !== 'bool' ? 'positive' : 'normal' },
            ],
            (_, u, v) => (op === 'add' ? u.add(v) : u.div(v)),
            op === 'add' ? 'x0 + x1' : 'x0 / x1',
          ),
          // Beside a half, PyTorch's CPU rounds a number and a tensor without dims in sums, its GPUs nowhere.
          ...((isHalf(a) || isHalf(b)) && x.length !== y.length && { tolerance: undefined }),
        })
        if (a === b) return [] // the generic rows have these
        return op === 'add' ? [one([4], [4]), one([4], []), one([], [4])] : [one([4], [4])]
      }),
    ),
  )
}

function special(): Case[] {
  const values = [Number.NaN, Infinity, -Infinity, 1, -1, 0]
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
      make('div', `${dtype} by zero`, [{ shape: [6], dtype, values }], (_, x) => x.div(0), 'x0 / 0'),
      make('div', `${dtype} zero by`, [{ shape: [6], dtype, values }], (dt, x) => dt.div(0, x), '0 / x0'),
      make('mul', `${dtype} infinities and nan`, [{ shape: [6], dtype, values }], (_, x) => x.mul(0), 'x0 * 0'),
      make('sub', `${dtype} infinities cancel to nan`, [{ shape: [6], dtype, values }], (_, x) => x.sub(x), 'x0 - x0'),
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
    ...whole.map(dtype =>
      make('add', `${dtype} + 1e30`, [{ shape: [2], dtype, values: [0, 1] }], (_, x) => x.add(1e30), 'x0 + 1e30'),
    ),
    ...(['int32', 'int16', 'int8'] as const).flatMap(dtype => {
      const x: Input = { shape: [3], dtype, values: [100, -128, 127] }
      return [
        make('add', `${dtype} + 2 ** 40 + 5 wraps`, [x], (_, x) => x.add(2 ** 40 + 5), 'x0 + (2 ** 40 + 5)'),
        make('mul', `${dtype} wraps`, [x], (_, x) => x.mul(x).mul(x).mul(x).mul(x), 'x0 * x0 * x0 * x0 * x0'),
        make('sub', `300 - ${dtype}`, [x], (dt, x) => dt.sub(300, x), '300 - x0'),
        make(
          'add',
          `${dtype} alpha -100`,
          [x, x],
          (_, x, y) => x.add(y, { alpha: -100 }),
          'torch.add(x0, x1, alpha=-100)',
        ),
        make('mul_', `${dtype} * 300 wraps`, [x], (_, x) => x.mul_(300), 'x0.mul_(300)'),
      ]
    }),
    ...halves.flatMap(dtype => [
      make('mul', `${dtype} by what no half holds, and back`, [leaf([3], dtype)], (_, x) => x.mul(1e-9), 'x0 * 1e-9'),
      make(
        'mul',
        `${dtype} by a float64 without dims, not rounded`,
        [leaf([3], dtype), { shape: [], dtype: 'float64', values: [1.0004] }],
        (_, x, y) => x.mul(y),
        'x0 * x1',
      ),
      make('mul_', `${dtype} * 0.1`, [{ shape: [4], dtype }], (_, x) => x.mul_(0.1), 'x0.mul_(0.1)'),
    ]),
    make('mul', 'int64 * -1e19', ints([2, -3]), (_, x) => x.mul(-1e19), 'x0 * -1e19'),
    ...dtypes.map(dtype =>
      make(
        'div',
        `2.5 / ${dtype}`,
        [{ shape: [5], dtype, grad: isFloat(dtype), values: 'positive' }],
        (dt, x) => dt.div(2.5, x),
        '2.5 / x0',
      ),
    ),
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

function inPlace(): Case[] {
  const mixed: [string, Input, Input][] = [
    ['float32 with float64', { shape: [3] }, { shape: [3], dtype: 'float64', values: 'distinct' }],
    ['float64 with int64', { shape: [3], dtype: 'float64' }, { shape: [3], dtype: 'int64', values: 'positive' }],
  ]
  const integers: [string, Input, Input][] = [
    ['int64 with uint8', { shape: [3], dtype: 'int64' }, { shape: [3], dtype: 'uint8' }],
    ['uint8 with int64 wraps', { shape: [3], dtype: 'uint8' }, { shape: [3], dtype: 'int64' }],
  ]
  const views: [string, string, Case['run'], string][] = [
    ['add_', 'a row', (_, x) => seen(x, x.index(1).add_(10)), '(x0[1].add_(10), x0)[-1]'],
    ['mul_', 'a column', (_, x) => seen(x, x.index(':', 2).mul_(3)), '(x0[:, 2].mul_(3), x0)[-1]'],
    ['sub_', 'every second column', (_, x) => seen(x, x.index(':', '::2').sub_(1)), '(x0[:, ::2].sub_(1), x0)[-1]'],
    [
      'add_',
      'the transpose',
      (dt, x) => seen(x, x.t().add_(dt.arange(4, { dtype: 'float32' }).unsqueeze(1))),
      '(x0.t().add_(torch.arange(4, dtype=torch.float32).unsqueeze(1)), x0)[-1]',
    ],
    ['add_', 'a row by another row', (_, x) => seen(x, x.index(0).add_(x.index(2))), '(x0[0].add_(x0[2]), x0)[-1]'],
    [
      'add_',
      'a row by the sum of all',
      (_, x) => seen(x, x.index(1).add_(x.sum(0))),
      '(x0[1].add_(x0.sum(0)), x0)[-1]',
    ],
    [
      'add_',
      'the view sees the base',
      (_, x) => {
        const v = x.index(1)
        x.add_(1)
        return v
      },
      '(v := x0[1], x0.add_(1), v)[-1]',
    ],
    [
      'add_',
      'a clone does not',
      (_, x) => {
        const c = x.clone()
        x.add_(1)
        return c
      },
      '(c := x0.clone(), x0.add_(1), c)[-1]',
    ],
    ['mul_', 'detach shares', (_, x) => seen(x, x.detach().mul_(2)), '(x0.detach().mul_(2), x0)[-1]'],
    ['add_', 'chained', (_, x) => x.add_(1).mul_(2).sub_(3), 'x0.add_(1).mul_(2).sub_(3)'],
  ]
  return [
    ...(['add_', 'sub_', 'mul_', 'div_'] as const).flatMap(op =>
      [...mixed, ...(op === 'div_' ? [] : integers)].map(([name, x, y]) =>
        make(op, name, [x, y], (_, u, v) => u[op](v), `x0.${op}(x1)`),
      ),
    ),
    ...views.map(([op, name, run, torch]) => make(op, `view: ${name}`, [{ shape: [3, 4] }], run, torch)),
    make('add_', 'number, float64', [{ shape: [4], dtype: 'float64' }], (_, x) => x.add_(0.1), 'x0.add_(0.1)'),
    make('add_', 'uint8 + 300 wraps', [{ shape: [3], dtype: 'uint8' }], (_, x) => x.add_(300), 'x0.add_(300)'),
    make('mul_', 'uint8 * 300 wraps', [{ shape: [3], dtype: 'uint8' }], (_, x) => x.mul_(300), 'x0.mul_(300)'),
    make('add_', 'bool', [{ shape: [6], dtype: 'bool' }], (_, x) => x.add_(x), 'x0.add_(x0)'),
    make('mul_', 'bool', [{ shape: [6], dtype: 'bool' }], (_, x) => x.mul_(x), 'x0.mul_(x0)'),
    {
      ...make(
        'add_',
        'alpha',
        [{ shape: [4], dtype: 'float64' }],
        (_, x) => x.add_(x, { alpha: 0.5 }),
        'x0.add_(x0, alpha=0.5)',
      ),
      tolerance: exact,
    },
    {
      ...make(
        'sub_',
        'alpha',
        [{ shape: [4], dtype: 'float64' }],
        (_, x) => x.sub_(x, { alpha: 0.25 }),
        'x0.sub_(x0, alpha=0.25)',
      ),
      tolerance: exact,
    },
  ]
}

/** The base of a view that has been written to. */
function seen<T>(base: T, _written: unknown): T {
  return base
}

/**
 * Not to the last bit: a sum with alpha (fused or not), and a number divided by a tensor (in PyTorch times its
 * reciprocal).
 */
function isExact(torch: string): boolean {
  return !/alpha=-?\d|^2.5 \/|\(x0 \* 2|sum\(/.test(torch)
}

function ints(values: number[]): Input[] {
  return [{ shape: [values.length], dtype: 'int64', values }]
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  const kink = op === 'div' && inputs[1]?.dtype === 'bool' ? 'division by false' : undefined
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: isExact(torch) ? exact : undefined, kink }
}

export const cases: Case[] = [...generic, ...promotion(), ...special(), ...inPlace()]

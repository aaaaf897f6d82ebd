// where, masks and bounds. What surprises: a number decides the dtype of where only by its category, a mask leaves x
// its dtype; clamp has a gradient at its bounds and hardtanh has none; a lower bound above the upper one gives the
// upper one.

import {
  type Case,
  type DType,
  dtypes,
  exact,
  floats,
  type Input,
  isFloat,
  isHalf,
  layouts,
  leaf,
  lists,
  rowsOf,
  shapePair,
  show,
} from '../../support/case.ts'

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact }
}

function input(shape: number[], dtype: DType, rest: Partial<Input> = {}): Input {
  return { shape, dtype, grad: isFloat(dtype), ...rest }
}

function mask(shape: number[], rest: Partial<Input> = {}): Input {
  return { shape, dtype: 'bool', values: 'bool', ...rest }
}

const pairs = ['[2, 3] x [2, 3]', '[2, 3] x []', '[2, 1] x [1, 3]', '[3] x [2, 3]'].map(shapePair)

function where(): Case[] {
  const choose = (name: string, x: Input, y: Input, at: Input): Case =>
    make('where', name, [x, y, at], (dt, u, v, c) => dt.where(c!, u!, v!), 'torch.where(x2, x0, x1)')
  return [
    ...dtypes.flatMap(dtype => [
      ...rowsOf(dtype, isFloat(dtype) ? pairs : pairs.slice(0, 1), 2).map(([a, b]) =>
        choose(`${dtype} ${show(a)} or ${show(b)}`, input(a, dtype), input(b, dtype), mask([2, 3])),
      ),
      make(
        'where',
        `${dtype} or 2`,
        [input([5], dtype), mask([5])],
        (dt, x, c) => dt.where(c!, x!, 2),
        'torch.where(x1, x0, 2)',
      ),
      make(
        'where',
        `0.5 or ${dtype}`,
        [input([5], dtype), mask([5])],
        (dt, x, c) => dt.where(c!, 0.5, x!),
        'torch.where(x1, 0.5, x0)',
      ),
    ]),
    ...layouts.flatMap(layout => [
      choose(`mask ${layout}`, input([5, 7], 'float32'), input([5, 1], 'float32'), mask([5, 7], { layout })),
      choose(`float64 ${layout}`, input([5, 7], 'float64', { layout }), input([7], 'float64'), mask([5, 7])),
    ]),
    choose('mask broadcast', input([2, 3, 5], 'float64'), input([], 'float64'), mask([3, 1])),
    choose('float32 or float64', input([4], 'float32'), input([4], 'float64'), mask([4])),
    choose('int64 or float32 without dims', input([4], 'int64'), input([], 'float32'), mask([4])),
    choose('nothing', input([0, 3], 'float64'), input([3], 'float64'), mask([0, 1])),
    choose('long', input([257, 31], 'float32'), input([31], 'float32'), mask([257, 31])),
    make('where', 'two numbers', [mask([5])], (dt, c) => dt.where(c!, 1, 0), 'torch.where(x0, 1.0, 0.0)'),
    make('where', 'two booleans', [mask([5])], (dt, c) => dt.where(c!, true, false), 'torch.where(x0, True, False)'),
    make('where', 'method', [input([5], 'float32'), mask([5])], (_, x, c) => x!.where(c!, 0), 'x0.where(x1, 0)'),
    ...[[4, 3], []].map(shape =>
      make('where', `positions ${show(shape)}`, [mask(shape)], (dt, c) => dt.where(c!), 'torch.where(x0)'),
    ),
  ]
}

function masked(): Case[] {
  return [
    ...dtypes.flatMap(dtype => [
      make(
        'maskedFill',
        `${dtype} with a number`,
        [input([2, 3], dtype), mask([2, 3])],
        (_, x, m) => x!.maskedFill(m!, 1),
        'x0.masked_fill(x1, 1)',
      ),
      make(
        'maskedFill',
        `${dtype} with a tensor`,
        [input([2, 3], dtype), mask([3]), input([], dtype)],
        (_, x, m, v) => x!.maskedFill(m!, v!),
        'x0.masked_fill(x1, x2)',
      ),
      make(
        'maskedFill_',
        dtype,
        [{ shape: [2, 3], dtype }, mask([2, 1])],
        (_, x, m) => x!.maskedFill_(m!, 1),
        'x0.masked_fill_(x1, 1)',
      ),
      make(
        'maskedSelect',
        dtype,
        [input([2, 3], dtype), mask([2, 3])],
        (_, x, m) => x!.maskedSelect(m!),
        'x0.masked_select(x1)',
      ),
    ]),
    {
      ...make(
        'maskedFill',
        'by a larger mask',
        [input([3], 'float64'), mask([2, 3])],
        (_, x, m) => x!.maskedFill(m!, -Infinity),
        'x0.masked_fill(x1, -inf)',
      ),
      kink: 'infinities',
    },
    make(
      'maskedFill',
      'int64 with a fraction',
      [input([3], 'int64'), mask([3])],
      (_, x, m) => x!.maskedFill(m!, 2.5),
      'x0.masked_fill(x1, 2.5)',
    ),
    make(
      'maskedFill_',
      'sliced',
      [{ shape: [5, 7], layout: 'sliced' }, mask([5, 7])],
      (_, x, m) => x!.maskedFill_(m!, 0),
      'x0.masked_fill_(x1, 0)',
    ),
    make(
      'maskedFill_',
      'by itself',
      [mask([6])],
      (_, m) => m!.maskedFill_(m!, false),
      'x0.masked_fill_(x0.clone(), False)',
    ),
    make(
      'maskedSelect',
      'broadcast',
      [input([3, 1], 'float64'), mask([2, 1, 4])],
      (_, x, m) => x!.maskedSelect(m!),
      'x0.masked_select(x1)',
    ),
    make(
      'maskedSelect',
      'without dims',
      [input([], 'float64'), mask([])],
      (_, x, m) => x!.maskedSelect(m!),
      'x0.masked_select(x1)',
    ),
  ]
}

function clamp(): Case[] {
  const torch = 'torch.clamp(x0, x1, x2)'
  const run: Case['run'] = (dt, x, low, high) => dt.clamp(x!, { min: low!, max: high! })
  const three = (a: number[], b: number[], dtype: DType, layout?: Input['layout']) => [
    input([5, 7], dtype, { values: 'distinct', layout }),
    input(a, dtype, { values: 'normal' }),
    input(b, dtype, { values: 'positive' }),
  ]
  const values = [Number.NaN, Infinity, -Infinity, -1, 1, 0, -0, 0.5]
  return [
    ...dtypes.flatMap(dtype => {
      const x = input([7], dtype, { values: isFloat(dtype) ? 'distinct' : 'normal' })
      return [
        make('clamp', `${dtype} by numbers`, [x], (_, x) => x!.clamp({ min: 0, max: 1 }), 'x0.clamp(0, 1)'),
        make('clamp', `${dtype} from below`, [x], (_, x) => x!.clamp(0), 'x0.clamp(0)'),
        make('clamp', `${dtype} from above`, [x], (_, x) => x!.clamp({ max: 1 }), 'x0.clamp(max=1)'),
        ...(isHalf(dtype)
          ? []
          : [
              make(
                'clamp',
                `${dtype} by fractions`,
                [x],
                (_, x) => x!.clamp(-0.5, { max: 0.5 }),
                'x0.clamp(-0.5, 0.5)',
              ),
            ]),
        ...(dtype === 'bool'
          ? []
          : [
              make(
                'clamp_',
                `${dtype}`,
                [{ ...x, grad: false }],
                (_, x) => x!.clamp_({ min: 0, max: 1 }),
                'x0.clamp_(0, 1)',
              ),
            ]),
      ]
    }),
    ...lists.numbers.map(dtype => make('clamp', `${dtype} by tensors`, three([5, 7], [5, 7], dtype), run, torch)),
    ...floats.map(dtype => make('clamp', `${dtype} by a row and a column`, three([7], [5, 1], dtype), run, torch)),
    ...layouts.map(layout => make('clamp', `float32 ${layout}`, three([7], [], 'float32', layout), run, torch)),
    make(
      'clamp',
      'below a tensor',
      [input([7], 'float64'), input([7], 'float64')],
      (_, x, y) => x!.clampMax(y!),
      'x0.clamp_max(x1)',
    ),
    make(
      'clamp',
      'above a tensor',
      [input([3, 1], 'float64'), input([7], 'float64')],
      (_, x, y) => x!.clampMin(y!),
      'x0.clamp_min(x1)',
    ),
    {
      ...make(
        'clamp',
        'special values',
        [leaf([8], 'float32', { values })],
        (_, x) => x!.clamp(-1, { max: 0.5 }),
        'x0.clamp(-1, 0.5)',
      ),
      kink: 'bounds',
    },
    {
      ...make('clamp', 'by NaN', [leaf([8], 'float32', { values })], (_, x) => x!.clamp(Number.NaN), 'x0.clamp(nan)'),
      kink: 'NaN',
    },
    make(
      'clamp',
      'bounds the wrong way round',
      [leaf([4], 'float32')],
      (_, x) => x!.clamp(1, { max: -1 }),
      'x0.clamp(1, -1)',
    ),
    make('clamp_', 'from below', [{ shape: [4] }], (_, x) => x!.clampMin_(0), 'x0.clamp_min_(0)'),
    make(
      'clamp_',
      'by a tensor',
      [{ shape: [2, 4] }, { shape: [4] }],
      (_, x, y) => x!.clampMax_(y!),
      'x0.clamp_max_(x1)',
    ),
    make(
      'clamp_',
      'sliced',
      [{ shape: [5, 7], layout: 'sliced' }],
      (_, x) => x!.clamp_(-0.5, { max: 0.5 }),
      'x0.clamp_(-0.5, 0.5)',
    ),
  ]
}

function triangles(): Case[] {
  const shapes: [number[], number][] = [
    [[3, 4], 0],
    [[4, 3], 1],
    [[2, 3, 3], -1],
    [[3, 0], 0],
    [[3, 3], 9],
  ]
  return (['tril', 'triu'] as const).flatMap(op => [
    ...dtypes.flatMap(dtype =>
      rowsOf(dtype, isFloat(dtype) ? shapes : shapes.slice(0, 1)).map(([shape, k]) =>
        make(op, `${dtype} ${show(shape)} ${k}`, [input(shape, dtype)], (_, x) => x![op](k), `x0.${op}(${k})`),
      ),
    ),
    ...layouts.map(layout =>
      make(op, `${layout}`, [input([5, 7], 'float32', { layout })], (_, x) => x![op](1), `x0.${op}(1)`),
    ),
    make(op, 'nan and inf', [{ shape: [2, 2], values: [NaN, Infinity, NaN, 1] }], (_, x) => x![op](), `x0.${op}()`),
    make(op, 'of squares', [input([3, 3], 'float64')], (_, x) => x!.mul(x!)[op](), `(x0 * x0).${op}()`),
  ])
}

export const cases: Case[] = [...where(), ...masked(), ...clamp(), ...triangles()]

// sum mean max argmax. What surprises: sums of integers are int64; `dim: []` means all dims; the gradient of max over
// everything is shared equally by ties, while max along a dim gives it to the index returned.

import { type Case, type DType, exact, halves, type Input, layouts, leaf, show, whole } from '../../support/case.ts'
import { reduction } from '../../support/rows.ts'

const sums: Case[] = [
  ...reduction({ op: 'sum', dtypes: 'all', rounds: true, path: true }),
  ...reduction({ op: 'mean', dtypes: 'floats', rounds: true }),
]

function sumDtypes(): Case[] {
  const integers = whole.map(dtype =>
    make(
      'mean',
      `${dtype} as float32`,
      [{ shape: [3, 7], dtype }],
      (_, x) => x.mean({ dtype: 'float32' }),
      'x0.mean(dtype=torch.float32)',
    ),
  )
  return [
    ...integers,
    make(
      'sum',
      'float32 as float64',
      [leaf([3, 4], 'float32')],
      (_, x) => x.sum({ dim: 1, dtype: 'float64' }),
      'x0.sum(1, dtype=torch.float64)',
    ),
    make(
      'sum',
      'float64 as float32',
      [leaf([3], 'float64')],
      (_, x) => x.sum({ dtype: 'float32' }),
      'x0.sum(dtype=torch.float32)',
      undefined,
      'a float32 output',
    ),
    make(
      'mean',
      'float32 as float64',
      [leaf([3, 4], 'float32')],
      (_, x) => x.mean({ dim: [0], dtype: 'float64' }),
      'x0.mean([0], dtype=torch.float64)',
    ),
    make(
      'sum',
      'fractions as int64 truncate first',
      [{ shape: [3], values: [1.75, 1.75, -0.5] }],
      (_, x) => x.sum({ dtype: 'int64' }),
      'x0.sum(dtype=torch.int64)',
      exact,
    ),
    make(
      'sum',
      'bool as uint8',
      [{ shape: [9], dtype: 'bool' }],
      (_, x) => x.sum({ dtype: 'uint8' }),
      'x0.sum(dtype=torch.uint8)',
      exact,
    ),
    make(
      'sum',
      'int64 is not float64 inside',
      ints([2 ** 53, 1, 1, 1]),
      (_, x) => x.sum().sub(2 ** 53),
      'x0.sum() - 2**53',
      exact,
    ),
    // A naive float32 accumulator stops at 2^24 or drifts: sums must be blocked.
    make(
      'sum',
      '40000 times 0.1',
      [{ shape: [1, 1], values: [0.1] }],
      (_, x) => x.expand(200, 200).sum(),
      'x0.expand(200, 200).sum()',
    ),
    ...halves.map(dtype =>
      make(
        'sum',
        `${dtype} 40000 times 0.1`,
        [{ shape: [1, 1], dtype, values: [0.1] }],
        (_, x) => x.expand(200, 200).sum(),
        'x0.expand(200, 200).sum()',
      ),
    ),
    ...halves.map(dtype =>
      make(
        'mean',
        `${dtype} of a sum that is too large for float16`,
        [{ shape: [1, 1], dtype, values: [1000] }],
        (_, x) => x.expand(10, 20).mean(),
        'x0.expand(10, 20).mean()',
      ),
    ),
    make(
      'sum',
      'float16 as float32',
      [leaf([3, 4], 'float16')],
      (_, x) => x.sum({ dim: 1, dtype: 'float32' }),
      'x0.sum(1, dtype=torch.float32)',
    ),
    make(
      'sum',
      '100000 times 0.1 along a dim',
      [{ shape: [1, 1], values: [0.1] }],
      (_, x) => x.expand(100000, 2).sum(0),
      'x0.expand(100000, 2).sum(0)',
    ),
    {
      ...make(
        'mean',
        'large and small',
        [{ shape: [4], dtype: 'float64', values: [1e16, 1, -1e16, 1] }],
        (_, x) => x.mean(),
        'x0.mean()',
      ),
      sequential: '1e16 + 1 loses the 1, and pairs of other elements do not',
    },
    make(
      'sum',
      'of a sum of squares',
      [leaf([3, 4], 'float64')],
      (_, x) => x.mul(x).sum(1).mul(x.sum(1)),
      '(x0 * x0).sum(1) * x0.sum(1)',
    ),
    make(
      'mean',
      'of products',
      [leaf([3, 4], 'float64')],
      (_, x) => x.mul(x.mean({ dim: 1, keepdim: true })).mean(),
      '(x0 * x0.mean(1, keepdim=True)).mean()',
    ),
    make('sum', 'free function', [leaf([3, 4], 'float32')], (dt, x) => dt.sum(x, 1), 'torch.sum(x0, 1)'),
  ]
}

function maxima(): Case[] {
  return [
    ...(['float32', 'float64'] as const).flatMap(dtype => [
      ...[[], [7], [5, 3], [2, 3, 5], [31, 7]].flatMap(shape => [
        make('max', `${dtype} ${show(shape)}`, [distinct(shape, dtype)], (_, x) => x.max(), 'x0.max()', exact),
        make('argmax', `${dtype} ${show(shape)}`, [distinct(shape, dtype)], (_, x) => x.argmax(), 'x0.argmax()', exact),
      ]),
      ...[0, 1, -1].flatMap(dim => [
        along(`${dtype} dim ${dim}`, distinct([3, 5, 4], dtype), dim),
        arg(`${dtype} dim ${dim}`, distinct([3, 5, 4], dtype), dim),
      ]),
      ...layouts.flatMap(layout => [
        along(
          `${dtype} ${layout} dim 0`,
          distinct([5, 7], dtype, { layout }),
          0,
          layout === 'expanded' ? 'ties' : undefined,
        ),
        along(`${dtype} ${layout} dim 1`, distinct([5, 7], dtype, { layout }), 1),
        arg(`${dtype} ${layout} dim 0`, distinct([5, 7], dtype, { layout }), 0),
        arg(`${dtype} ${layout} dim 1`, distinct([5, 7], dtype, { layout }), 1),
        make(
          'max',
          `${dtype} ${layout}`,
          [distinct([5, 7], dtype, { layout })],
          (_, x) => x.max(),
          'x0.max()',
          exact,
          layout === 'expanded' ? 'ties' : undefined,
        ),
        make(
          'argmax',
          `${dtype} ${layout}`,
          [distinct([5, 7], dtype, { layout })],
          (_, x) => x.argmax(),
          'x0.argmax()',
          exact,
        ),
      ]),
      make('maxDim', `${dtype} keepdim`, [distinct([3, 5], dtype)], maxDim(1, true), maxDimTorch(1, true), exact),
      make(
        'argmax',
        `${dtype} keepdim`,
        [distinct([3, 5], dtype)],
        (_, x) => x.argmax({ dim: 0, keepdim: true }),
        'x0.argmax(0, keepdim=True)',
        exact,
      ),
      make(
        'argmax',
        `${dtype} keepdim over all`,
        [distinct([3, 5], dtype)],
        (_, x) => x.argmax({ keepdim: true }),
        'x0.argmax(keepdim=True)',
        exact,
      ),
      along(`${dtype} 0-d`, distinct([], dtype), 0),
      arg(`${dtype} 0-d`, distinct([], dtype), 0),
      along(`${dtype} beside an empty dim`, distinct([3, 0], dtype), 0),
      arg(`${dtype} beside an empty dim`, distinct([0, 3], dtype), 1),
      ...tied(dtype),
    ]),
    ...halves.flatMap(dtype => [
      make('max', `${dtype} [5, 3]`, [distinct([5, 3], dtype)], (_, x) => x.max(), 'x0.max()', exact),
      along(`${dtype} sliced dim 0`, distinct([5, 3], dtype, { layout: 'sliced' }), 0),
      arg(`${dtype} sliced dim 1`, distinct([5, 3], dtype, { layout: 'sliced' }), 1),
      ...tied(dtype),
    ]),
    ...whole.flatMap(dtype => [
      make('max', dtype, [{ shape: [5, 3], dtype }], (_, x) => x.max(), 'x0.max()', exact),
      along(dtype, { shape: [5, 3], dtype }, 1),
      ...(dtype === 'bool' ? [] : [arg(dtype, { shape: [5, 3], dtype }, 1)]), // PyTorch has no argmax of bool
    ]),
    along('all -inf', { shape: [2, 3], values: Array(6).fill(-Infinity) }, 1),
    arg('all -inf', { shape: [2, 3], values: Array(6).fill(-Infinity) }, 1),
    along('negative int64', { shape: [2, 2], dtype: 'int64', values: [-5, -3, -(2 ** 40), -7] }, 1),
    along('int64 beyond 2^53', { shape: [2], dtype: 'int64', values: [2 ** 53, 2 ** 53 + 2] }, 0),
    make(
      'maxDim',
      'squares',
      [distinct([3, 4], 'float64')],
      (_, x) => x.mul(x).max(1).values,
      '(x0 * x0).max(1).values',
    ),
    make('max', 'squares', [distinct([3, 4], 'float64')], (_, x) => x.mul(x).max(), '(x0 * x0).max()'),
  ]
}

function tied(dtype: DType): Case[] {
  const ties: Input = { shape: [2, 4], dtype, grad: true, values: [1, 3, 3, 2, 3, 0, 3, 3] }
  const nans: Input = { shape: [2, 4], dtype, grad: true, values: [1, Number.NaN, 3, Number.NaN, 5, 4, Infinity, -1] }
  return [
    make('max', `${dtype} ties`, [ties], (_, x) => x.max(), 'x0.max()', exact, 'ties'),
    make('argmax', `${dtype} ties`, [ties], (_, x) => x.argmax(), 'x0.argmax()', exact),
    along(`${dtype} ties`, ties, 1, 'ties'),
    arg(`${dtype} ties`, ties, 1),
    make('max', `${dtype} nan`, [nans], (_, x) => x.max(), 'x0.max()', exact, 'NaN'),
    make('argmax', `${dtype} nan`, [nans], (_, x) => x.argmax(), 'x0.argmax()', exact),
    along(`${dtype} nan`, nans, 1, 'NaN'),
    along(`${dtype} nan down columns`, nans, 0, 'NaN'),
    arg(`${dtype} nan`, nans, 1),
  ]
}

function along(name: string, input: Input, dim: number, kink?: string): Case {
  return make('maxDim', name, [input], maxDim(dim, false), maxDimTorch(dim, false), exact, kink)
}

function maxDim(dim: number, keepdim: boolean): Case['run'] {
  return (_, x) => {
    const { values, indices } = keepdim ? x.max({ dim, keepdim }) : x.max(dim)
    return [values, indices]
  }
}

function maxDimTorch(dim: number, keepdim: boolean): string {
  return `list(x0.max(${dim}${keepdim ? ', keepdim=True' : ''}))`
}

function arg(name: string, input: Input, dim: number): Case {
  return make(
    'argmax',
    `${name} dim ${dim}`,
    [{ ...input, grad: false }],
    (_, x) => x.argmax(dim),
    `x0.argmax(${dim})`,
    exact,
  )
}

function distinct(shape: number[], dtype: DType, rest: Partial<Input> = {}): Input {
  return leaf(shape, dtype, { values: 'distinct', ...rest })
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
  tolerance?: Case['tolerance'],
  kink?: string,
): Case {
  const compared = op === 'argmax' ? inputs.map(x => ({ ...x, grad: false })) : inputs
  return { op, name: `${op}: ${name}`, inputs: compared, run, torch, tolerance, kink }
}

export const cases: Case[] = [...sums, ...sumDtypes(), ...maxima()]

// Special functions. What surprises: integers give float32. PyTorch's slope of digamma has eight digits, with a jump at
// 1/2; its slope of sinc few near 0, where these cases do not go; its incomplete gamma functions are off by 20 units in
// float64 here and there, and have a gradient for the second argument alone.

import { type Case, type DType, floats, type Input, leaf } from '../../support/case.ts'
import { binary, inplace, inplaceUnary, unary } from '../../support/rows.ts'

const incomplete = ['igamma', 'igammac'] as const
const jump = 'PyTorch computes its slope to eight digits, in two ways that meet at 1/2'
const few = { integersBelow: 3 }

const generic: Case[] = [
  ...unary({
    op: 'erfinv',
    domain: 'uniform',
    whole: { integersBelow: 2 },
    dtypes: 'all',
    rounds: true,
    constant: true,
  }),
  ...unary({ op: 'lgamma', domain: 'positive', whole: 'positive', dtypes: 'all', rounds: true }),
  ...unary({ op: 'digamma', domain: 'positive', whole: 'positive', dtypes: 'all', rounds: true, kink: jump }),
  ...unary({ op: 'i0', domain: 'normal', whole: few, dtypes: 'all', rounds: true }),
  ...unary({ op: 'sinc', domain: 'positive', whole: few, dtypes: 'all', rounds: true, constant: true }),
  ...inplaceUnary({ op: 'lgamma_', domain: 'positive', dtypes: 'floats', rounds: true }),
  ...inplaceUnary({ op: 'digamma_', domain: 'positive', dtypes: 'floats', rounds: true, kink: jump }),
  ...inplaceUnary({ op: 'i0_', domain: 'normal', dtypes: 'floats', rounds: true }),
  ...binary({ op: 'xlogy', sign: 'xlogy', dtypes: 'all', domain: 'positive', rounds: true }),
  ...inplace({ op: 'xlogy_', dtypes: 'floats', domain: 'positive', second: 'positive', rounds: true }),
]

function valued(): Case[] {
  const at = (values: number[], dtype: DType): Input => leaf([values.length], dtype, { values })
  const middle = [-0.75, -0.5, -0.125, 0.25, 0.5, 0.875]
  const apart = [-2.5, -1.25, 0.5, 0.75, 1.25, 2.75]
  const positive = [0.75, 1.25, 1.5, 2.5, 5, 20]
  return floats.flatMap(dtype => [
    make('erfinv', `${dtype} middle`, [at(middle, dtype)], (_, x) => x.erfinv(), 'x0.erfinv()'),
    make('erfinv_', `${dtype} [6]`, [{ ...at(middle, dtype), grad: false }], (_, x) => x.erfinv_(), 'x0.erfinv_()'),
    make('erfinv_', `${dtype} in a graph`, [at(middle, dtype)], (_, x) => x.clone().erfinv_(), 'x0.clone().erfinv_()'),
    make('sinc', `${dtype} away from 0`, [at(apart, dtype)], (_, x) => x.sinc(), 'x0.sinc()'),
    make('sinc_', `${dtype} [6]`, [{ ...at(apart, dtype), grad: false }], (_, x) => x.sinc_(), 'x0.sinc_()'),
    make('sinc_', `${dtype} in a graph`, [at(apart, dtype)], (_, x) => x.clone().sinc_(), 'x0.clone().sinc_()'),
    make('i0', `${dtype} large`, [{ shape: [4], dtype, values: [-9.5, 10, 29, 31] }], (_, x) => x.i0(), 'x0.i0()'),
    make(
      'digamma',
      `${dtype} below 0`,
      [{ shape: [4], dtype, values: [-0.25, -1.5, -3.75, -10.5] }],
      (_, x) => x.digamma(),
      'x0.digamma()',
    ),
    ...incomplete.flatMap(op => [
      make(
        op,
        `${dtype} slope`,
        [{ shape: [6], dtype, values: [0.5, 1, 2, 3.5, 5, 20] }, at([0.75, 1.5, 1.25, 3, 7.5, 18], dtype)],
        (_, a, x) => a[op](x),
        `torch.${op}(x0.detach(), x1)`,
      ),
      make(
        op,
        `${dtype} broadcast`,
        [
          { shape: [3, 1], dtype, values: [1, 2, 3.5] },
          { shape: [3, 2], dtype, values: [0.75, 1.5, 2.5, 0.25, 5, 3], layout: 'sliced' },
        ],
        (_, a, x) => a[op](x),
        `torch.${op}(x0.detach(), x1)`,
      ),
      make(
        `${op}_`,
        dtype,
        [
          { shape: [2, 3], dtype, values: [0.5, 1, 2, 3, 5, 2] },
          { shape: [3], dtype, values: [0.75, 1.5, 3] },
        ],
        (_, a, x) => a[`${op}_`](x),
        `x0.detach().${op}_(x1)`,
      ),
    ]),
    ...[1, 2, 4].map(n =>
      make(
        'polygamma',
        `${dtype} ${n}`,
        [at(positive, dtype)],
        (dt, x) => dt.polygamma(n, x),
        `torch.polygamma(${n}, x0)`,
      ),
    ),
    make('polygamma', `${dtype} 0`, [at(positive, dtype)], (_, x) => x.polygamma(0), 'x0.polygamma(0)'),
    make('polygamma_', dtype, [{ ...at(positive, dtype), grad: false }], (_, x) => x.polygamma_(2), 'x0.polygamma_(2)'),
    make('mvlgamma', `${dtype} 1`, [at([0.5, 1.25, 3, 7], dtype)], (_, x) => x.mvlgamma(1), 'x0.mvlgamma(1)'),
    make(
      'mvlgamma',
      `${dtype} 3`,
      [at([1.5, 2.25, 3, 7], dtype)],
      (dt, x) => dt.mvlgamma(x, 3),
      'torch.mvlgamma(x0, 3)',
    ),
    make(
      'mvlgamma_',
      dtype,
      [{ shape: [3], dtype, values: [1.5, 2.5, 4] }],
      (_, x) => x.mvlgamma_(2),
      'x0.mvlgamma_(2)',
    ),
  ])
}

function ofIntegers(): Case[] {
  return (['int64', 'uint8', 'int32', 'int16', 'int8'] as const).flatMap(dtype => [
    make('polygamma', dtype, [{ shape: [3], dtype, values: [1, 2, 5] }], (_, x) => x.polygamma(1), 'x0.polygamma(1)'),
    make('mvlgamma', dtype, [{ shape: [3], dtype, values: [2, 3, 5] }], (_, x) => x.mvlgamma(2), 'x0.mvlgamma(2)'),
  ])
}

function odd(): Case[] {
  const values = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, -2]
  const pairs: Input[] = [
    { shape: [7], values: [0, 0, 0, 1, 2, Number.NaN, 0] },
    { shape: [7], values: [0, -1, Number.NaN, 0, -1, 1, Infinity] },
  ]
  return [
    ...(['erfinv', 'lgamma', 'digamma', 'i0', 'sinc'] as const).map(op =>
      make(op, 'odd values', [{ shape: [8], values }], (_, x) => x[op](), `x0.${op}()`),
    ),
    make(
      'polygamma',
      'bool',
      [{ shape: [2], dtype: 'bool', values: [1, 1] }],
      (_, x) => x.polygamma(2),
      'x0.polygamma(2)',
    ),
    make('xlogy', 'zeros and nan', pairs, (_, x, y) => x.xlogy(y), 'torch.xlogy(x0, x1)'),
    make(
      'igamma',
      'ends',
      [
        { shape: [6], values: [0, 1, 2, -1, 3, Number.NaN] },
        { shape: [6], values: [1, 0, Infinity, 1, -1, 1] },
      ],
      (_, a, x) => a.igamma(x),
      'torch.igamma(x0.detach(), x1)',
    ),
  ]
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch }
}

export const cases: Case[] = [...generic, ...valued(), ...ofIntegers(), ...odd()]

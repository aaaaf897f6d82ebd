// Running sums, products, logarithms and extremes. What surprises: those of integers are int64; a product has gradients
// of every order at 0 too; and the last of equal extremes is the one that counts.

import { along } from '../../support/along.ts'
import { type Case, exact, type Input, leaf, type Tensor } from '../../support/case.ts'

const nan = Number.NaN

const rows: Case[] = [
  ...along({
    ...{ op: 'cumsum', dtypes: 'all', rounds: true, path: true },
    run: (x, dim) => x.cumsum(dim),
    torch: dim => `x0.cumsum(${dim})`,
  }),
  ...along({
    ...{ op: 'cumprod', dtypes: 'all', rounds: true },
    run: (x, dim) => x.cumprod(dim),
    torch: dim => `x0.cumprod(${dim})`,
  }),
  ...along({
    ...{ op: 'logcumsumexp', dtypes: 'floats', rounds: true },
    run: (x, dim) => x.logcumsumexp(dim),
    torch: dim => `x0.logcumsumexp(${dim})`,
  }),
  ...(['cummax', 'cummin'] as const).flatMap(op =>
    along({
      ...{ op, dtypes: 'all', domain: 'distinct', path: op === 'cummax' },
      run: (x, dim) => x[op](dim),
      torch: dim => `x0.${op}(${dim})`,
    }),
  ),
  ...(['cumsum_', 'cumprod_'] as const).flatMap(op =>
    along({
      ...{ op, dtypes: 'numbers', rounds: true },
      run: (x, dim) => x.clone()[op](dim),
      torch: dim => `x0.clone().${op}(${dim})`,
    }),
  ),
]

const others: Case[] = [
  make('cumsum', 'long', leaf([1000], 'float32'), x => x.cumsum(0), 'x0.cumsum(0)'),
  make(
    'cumsum',
    'float32 as float64',
    leaf([3, 4], 'float32'),
    x => x.cumsum(1, { dtype: 'float64' }),
    'x0.cumsum(1, dtype=torch.float64)',
  ),
  whole(
    'cumsum',
    'int32 as int32',
    { shape: [4], dtype: 'int32' },
    x => x.cumsum(0, { dtype: 'int32' }),
    'x0.cumsum(0, dtype=torch.int32)',
  ),
  make('cumsum', 'of squares', leaf([3, 4], 'float64'), x => x.mul(x).cumsum(1), '(x0 * x0).cumsum(1)'),
  make(
    'cumprod',
    'float32 as float64',
    leaf([3, 4], 'float32'),
    x => x.cumprod(1, 'float64'),
    'x0.cumprod(1, dtype=torch.float64)',
  ),
  ...[
    [2, 0, 3, 1, 2, 4],
    [2, 0, 0, 1, 0, 4],
    [0, 0, 3, 1, 2, 0],
  ].map(values =>
    make('cumprod', `zeros ${values}`, leaf([2, 3], 'float64', { values }), x => x.cumprod(1), 'x0.cumprod(1)'),
  ),
  whole(
    'cumprod',
    'int64 wraps',
    { shape: [3], dtype: 'int64', values: [2 ** 40, 2 ** 20, 24] },
    x => x.cumprod(0),
    'x0.cumprod(0)',
  ),
  make('cumprod', 'of squares', leaf([3, 4], 'float64'), x => x.mul(x).cumprod(0), '(x0 * x0).cumprod(0)'),
  make(
    'logcumsumexp',
    'large and small',
    leaf([4], 'float64', { values: [1000, -1000, 999, 1001] }),
    x => x.logcumsumexp(0),
    'x0.logcumsumexp(0)',
  ),
  make(
    'logcumsumexp',
    'nan and infinities',
    { shape: [3, 3], dtype: 'float64', values: [-Infinity, -Infinity, 1, 1, Infinity, Infinity, 2, nan, 1] },
    x => x.logcumsumexp(1),
    'x0.logcumsumexp(1)',
  ),
  ...(['cummax', 'cummin'] as const).flatMap(op => [
    whole(
      op,
      'ties',
      { shape: [7], dtype: 'float32', values: [1, 3, 3, -0, 0, 3, 1] },
      x => Object.values(x[op](0)),
      `x0.${op}(0)`,
    ),
    whole(
      op,
      'several nan',
      { shape: [6], dtype: 'float64', values: [1, nan, 5, nan, -1, 9] },
      x => Object.values(x[op](0)),
      `x0.${op}(0)`,
    ),
    make(op, 'of squares', leaf([3, 4], 'float64'), x => x.mul(x)[op](1).values, `(x0 * x0).${op}(1).values`),
  ]),
]

function make(
  op: string,
  name: string,
  input: Input,
  run: (x: Tensor) => Tensor | Tensor[],
  torch: string,
  tolerance?: typeof exact,
): Case {
  return { op, name: `${op}: ${name}`, inputs: [input], run: (_, x) => run(x!), torch, tolerance }
}

function whole(op: string, name: string, input: Input, run: (x: Tensor) => Tensor | Tensor[], torch: string): Case {
  return make(op, name, input, run, torch, exact)
}

export const cases: Case[] = [...rows, ...others]

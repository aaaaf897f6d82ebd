// Sorting and what it finds. What surprises: NaN is the largest; the median of two is the lower one; and median of all
// shares its gradient between equals, while median along a dim gives it to the index returned.

import { along } from '../../support/along.ts'
import {
  type Case,
  type DType,
  exact,
  floats,
  type Input,
  type Layout,
  leaf,
  rowsOf,
  type Tensor,
  whole,
} from '../../support/case.ts'

const nan = Number.NaN
const mixed = [2, nan, 1, 4, 3, nan, 5, 0, nan, nan, 7, -1]

const rows: Case[] = [
  ...along({
    ...{ op: 'sort', dtypes: 'all', domain: 'distinct', path: true },
    run: (x, dim) => x.sort({ dim, stable: true }),
    torch: dim => `x0.sort(dim=${dim}, stable=True)`,
  }),
  ...along({
    ...{ op: 'argsort', dtypes: 'all', domain: 'distinct', constant: true },
    run: (x, dim) => x.argsort({ dim, descending: true, stable: true }),
    torch: dim => `x0.argsort(dim=${dim}, descending=True, stable=True)`,
  }),
  ...along({
    ...{ op: 'topk', dtypes: 'numbers', domain: 'distinct', distinct: true, needsElements: true },
    run: (x, dim) => x.topk(1, dim),
    torch: dim => `x0.topk(1, ${dim})`,
  }),
  ...along({
    ...{ op: 'kthvalue', dtypes: 'numbers', domain: 'distinct', distinct: true, needsElements: true },
    run: (x, dim) => x.kthvalue(1, dim),
    torch: dim => `x0.kthvalue(1, ${dim})`,
  }),
  ...along({
    ...{ op: 'medianDim', dtypes: 'numbers', domain: 'distinct', distinct: true, needsElements: true },
    run: (x, dim) => x.median(dim),
    torch: dim => `x0.median(${dim})`,
  }),
  ...along({
    ...{ op: 'nanmedianDim', dtypes: 'numbers', domain: 'distinct', distinct: true, needsElements: true },
    run: (x, dim) => x.nanmedian(dim),
    torch: dim => `x0.nanmedian(${dim})`,
  }),
  ...along({
    ...{ op: 'mode', dtypes: 'all', domain: 'distinct', distinct: true, needsElements: true },
    run: (x, dim) => x.mode(dim),
    torch: dim => `x0.mode(${dim})`,
  }),
]

const found = (op: string, name: string, input: Input, run: (x: Tensor) => object, torch: string) =>
  make(op, name, input, x => Object.values(run(x)), torch)

const others: Case[] = [
  found('sort', 'descending', leaf([3, 5], 'float64'), x => x.sort(0, { descending: true }), 'x0.sort(0, True)'),
  found(
    'sort',
    'ties descending',
    { shape: [7], values: [1, 3, -0, 3, 0, 1, 3] },
    x => x.sort({ descending: true, stable: true }),
    'x0.sort(descending=True, stable=True)',
  ),
  found(
    'sort',
    'nan descending',
    { shape: [3, 4], dtype: 'float64', values: mixed },
    x => x.sort({ descending: true, stable: true }),
    'x0.sort(descending=True, stable=True)',
  ),
  found(
    'sort',
    'int64 beyond 2^53',
    { shape: [4], dtype: 'int64', values: [2 ** 53 + 2, -(2 ** 60), 2 ** 53, 0] },
    x => x.sort(),
    'x0.sort()',
  ),
  make('sort', 'of squares', leaf([3, 4], 'float64'), x => x.mul(x).sort(1).values, '(x0 * x0).sort(1).values'),
  make('sort', 'msort', leaf([3, 4], 'float64'), x => x.msort(), 'x0.msort()'),
  found('topk', 'several', distinct([3, 7]), x => x.topk(3), 'x0.topk(3)'),
  found('topk', 'the smallest', distinct([7, 3]), x => x.topk(2, 0, { largest: false }), 'x0.topk(2, 0, False)'),
  found('topk', 'none', distinct([3, 7]), x => x.topk(0), 'x0.topk(0)'),
  found('topk', 'all', distinct([3, 7]), x => x.topk(7), 'x0.topk(7)'),
  found('kthvalue', 'in the middle', distinct([3, 7]), x => x.kthvalue(4), 'x0.kthvalue(4)'),
  found(
    'kthvalue',
    'keepdim',
    distinct([3, 7]),
    x => x.kthvalue(2, 0, { keepdim: true }),
    'x0.kthvalue(2, 0, keepdim=True)',
  ),
  ...(['median', 'nanmedian'] as const).flatMap(op => [
    ...floats.flatMap(dtype => [
      ...rowsOf(dtype, [[7], [], [2, 3], [31, 3]]).map(shape =>
        make(op, `${dtype} [${shape}]`, leaf(shape, dtype, { values: 'distinct' }), x => x[op](), `x0.${op}()`),
      ),
      make(op, `${dtype} nan`, { shape: [3, 4], dtype, values: mixed }, x => x[op](), `x0.${op}()`),
      found(
        `${op}Dim`,
        `${dtype} nan`,
        { shape: [2, 4], dtype, values: [2, nan, 1, 4, 3, 8, 5, 0] },
        x => x[op](1),
        `x0.${op}(1)`,
      ),
    ]),
    ...whole
      .filter(dtype => dtype !== 'bool')
      .map(dtype => make(op, dtype, { shape: [5, 2], dtype }, x => x[op](), `x0.${op}()`)),
    make(op, 'no elements', { shape: [0] }, x => x[op](), `x0.${op}()`),
    {
      ...make(op, 'ties', leaf([5], 'float64', { values: [1, 2, 2, 3, 2] }), x => x[op](), `x0.${op}()`),
      kink: 'ties',
    },
    found(
      `${op}Dim`,
      'keepdim',
      distinct([3, 6]),
      x => x[op]({ dim: 0, keepdim: true }),
      `x0.${op}(dim=0, keepdim=True)`,
    ),
    make(op, 'of squares', leaf([7], 'float64'), x => x.mul(x)[op](), `(x0 * x0).${op}()`),
  ]),
  found(
    'mode',
    'the smallest of several',
    { shape: [2, 6], dtype: 'int64', values: [3, 1, 3, 1, 2, 9, 5, 5, 4, 4, 4, 0] },
    x => x.mode(),
    'x0.mode()',
  ),
  found(
    'mode',
    'keepdim',
    { shape: [6, 2], dtype: 'float64', values: [3, 1, 3, 1, 2, 9, 5, 5, 4, 4, 3, 0] },
    x => x.mode(0, { keepdim: true }),
    'x0.mode(0, True)',
  ),
]

function quantiles(): Case[] {
  const q = { shape: [3], values: [0.25, 0.625, 0.875] }
  return (['quantile', 'nanquantile'] as const).flatMap(op => [
    ...(['float32', 'float64'] as const).flatMap(dtype => [
      rounded(op, `${dtype} of all`, [spread([3, 5], dtype)], x => x[op](0.375), `x0.${op}(0.375)`),
      rounded(op, `${dtype} dim 1`, [spread([3, 5], dtype)], x => x[op](0.7, 1), `x0.${op}(0.7, 1)`),
      rounded(
        op,
        `${dtype} several`,
        [spread([3, 5, 2], dtype), { ...q, dtype }],
        (x, q) => x[op](q!, 1),
        `x0.${op}(x1, 1)`,
      ),
      rounded(
        op,
        `${dtype} keepdim`,
        [spread([3, 5], dtype), { ...q, dtype }],
        (x, q) => x[op](q!, { keepdim: true }),
        `x0.${op}(x1, keepdim=True)`,
      ),
      rounded(
        op,
        `${dtype} nan`,
        [
          { shape: [3, 4], dtype, values: mixed },
          { ...q, dtype },
        ],
        (x, q) => x[op](q!, { dim: 1, keepdim: true }),
        `x0.${op}(x1, dim=1, keepdim=True)`,
      ),
      rounded(op, `${dtype} sliced`, [spread([5, 3], dtype, 'sliced')], x => x[op](0.5, 0), `x0.${op}(0.5, 0)`),
    ]),
    ...(['lower', 'higher', 'midpoint', 'nearest'] as const).map(interpolation =>
      rounded(
        op,
        interpolation,
        [spread([3, 6], 'float64'), { ...q, dtype: 'float64' as const }],
        (x, q) => x[op](q!, 1, { interpolation }),
        `x0.${op}(x1, 1, interpolation='${interpolation}')`,
      ),
    ),
    rounded(op, '0-d', [spread([], 'float64')], x => x[op](0.3, 0), `x0.${op}(0.3, 0)`),
    rounded(op, 'of squares', [spread([3, 5], 'float64')], x => x.mul(x)[op](0.3, 0), `(x0 * x0).${op}(0.3, 0)`),
  ])
}

/** No two are equal, and few parts of their numbers fall on one of them. */
function spread(shape: number[], dtype: DType, layout?: Layout): Input {
  return leaf(shape, dtype, { values: 'distinct', layout })
}

function distinct(shape: number[]): Input {
  return leaf(shape, 'float64', { values: 'distinct' })
}

function make(op: string, name: string, input: Input, run: (x: Tensor) => Tensor | Tensor[], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [input], run: (_, x) => run(x!), torch, tolerance: exact }
}

function rounded(op: string, name: string, inputs: Input[], run: (...xs: Tensor[]) => Tensor, torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run: (_, ...xs) => run(...xs), torch }
}

export const cases: Case[] = [...rows, ...others, ...quantiles()]

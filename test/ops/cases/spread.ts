// var std norm. What surprises: one element has no variance (NaN) unless the correction is 0; the gradient of std and
// of a norm is 0 where the result is; and norms of integers are refused, with a dtype too.

import { type Case, floats, type Input, layouts, leaf, rowsOf, show, type Tensor } from '../../support/case.ts'

const nan = Number.NaN

function spreads(): Case[] {
  return (['var', 'std'] as const).flatMap(op => [
    ...floats.flatMap(dtype => [
      ...rowsOf(dtype, [[2, 3], [7], [31, 37]]).map(shape =>
        make(op, `${dtype} ${show(shape)}`, leaf(shape, dtype), x => x[op](), `x0.${op}()`),
      ),
      ...rowsOf(dtype, [1, 0, -1], 2).map(dim =>
        make(op, `${dtype} dim ${dim}`, leaf([3, 5, 2], dtype), x => x[op](dim), `x0.${op}(${dim})`),
      ),
      ...rowsOf(dtype, layouts).map(layout =>
        make(
          op,
          `${dtype} ${layout}`,
          leaf([5, 7], dtype, { layout }),
          x => x[op](layout === 'expanded' ? 1 : 0),
          `x0.${op}(${layout === 'expanded' ? 1 : 0})`,
        ),
      ),
      make(
        op,
        `${dtype} correction 0`,
        leaf([3, 5], dtype),
        x => x[op]({ dim: 1, correction: 0 }),
        `x0.${op}(1, correction=0)`,
      ),
    ]),
    make(
      op,
      'not unbiased',
      leaf([3, 5], 'float64'),
      x => x[op](1, { unbiased: false }),
      `x0.${op}(1, unbiased=False)`,
    ),
    make(op, 'correction 1.5', leaf([7], 'float64'), x => x[op]({ correction: 1.5 }), `x0.${op}(correction=1.5)`),
    make(
      op,
      'keepdim over all',
      leaf([3, 5], 'float64'),
      x => x[op]([0, 1], { keepdim: true }),
      `x0.${op}((0, 1), keepdim=True)`,
    ),
    make(op, 'two dims', leaf([2, 3, 5], 'float64'), x => x[op]([0, -1]), `x0.${op}((0, -1))`),
    make(op, 'more correction than elements', { shape: [3] }, x => x[op]({ correction: 5 }), `x0.${op}(correction=5)`),
    make(op, 'one element', { shape: [3, 1] }, x => x[op](1), `x0.${op}(1)`),
    make(op, 'one element, correction 0', { shape: [1] }, x => x[op]({ correction: 0 }), `x0.${op}(correction=0)`),
    make(op, 'no elements', { shape: [0] }, x => x[op](), `x0.${op}()`),
    make(op, 'beside an empty dim', { shape: [3, 0] }, x => x[op](0), `x0.${op}(0)`),
    make(op, 'nan', { shape: [2, 2], values: [1, nan, 2, 3] }, x => x[op](1), `x0.${op}(1)`),
    make(op, 'inf', { shape: [3], values: [1, Infinity, 2] }, x => x[op](), `x0.${op}()`),
    make(op, 'of squares', leaf([3, 4], 'float64'), x => x.mul(x)[op](1), `(x0 * x0).${op}(1)`),
    {
      ...make(
        op,
        'far from 0',
        { shape: [4], dtype: 'float64', values: [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 4] },
        x => x[op](),
        `x0.${op}()`,
      ),
    },
    {
      ...make(op, 'all equal', leaf([2, 3], 'float64', { values: [2, 2, 2, 1, 2, 3] }), x => x[op](1), `x0.${op}(1)`),
      kink: 'a deviation of 0',
    },
  ])
}

function norms(): Case[] {
  const powers: [number, string][] = [
    [2, '2'],
    [1, '1'],
    [0, '0'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [3, '3'],
    [1.5, '1.5'],
    [0.5, '0.5'],
    [-1, '-1'],
  ]
  return [
    ...floats.flatMap(dtype => [
      ...rowsOf(dtype, powers, 6).flatMap(([p, name]) => [
        make('norm', `${dtype} p ${name}`, away([3, 4], dtype, p !== 0), x => x.norm(p), `x0.norm(${name})`),
        make(
          'norm',
          `${dtype} p ${name} dim 0`,
          away([5, 3], dtype, p !== 0),
          x => x.norm(p, { dim: 0 }),
          `x0.norm(${name}, 0)`,
        ),
      ]),
      ...rowsOf(dtype, [[3, 5], [], [7], [0], [31, 37]]).map(shape =>
        make('norm', `${dtype} ${show(shape)}`, leaf(shape, dtype), x => x.norm(), 'x0.norm()'),
      ),
      ...rowsOf(dtype, layouts).map(layout =>
        make(
          'norm',
          `${dtype} ${layout}`,
          leaf([5, 7], dtype, { layout }),
          x => x.norm(2, { dim: 1 }),
          'x0.norm(2, 1)',
        ),
      ),
    ]),
    make('norm', 'fro', leaf([3, 5], 'float64'), x => x.norm('fro', { dim: [0, 1] }), "x0.norm('fro', (0, 1))"),
    make(
      'norm',
      'keepdim',
      leaf([2, 3, 5], 'float64'),
      x => x.norm({ p: 2, dim: [0, 2], keepdim: true }),
      'x0.norm(2, (0, 2), keepdim=True)',
    ),
    make(
      'norm',
      'float32 as float64',
      leaf([3, 4], 'float32'),
      x => x.norm({ dtype: 'float64' }),
      'x0.norm(dtype=torch.float64)',
    ),
    make('norm', 'beside an empty dim', leaf([3, 0], 'float32'), x => x.norm(Infinity, { dim: 0 }), 'x0.norm(inf, 0)'),
    make('norm', 'along an empty dim', leaf([3, 0], 'float32'), x => x.norm(2, { dim: 1 }), 'x0.norm(2, 1)'),
    make('norm', 'nan', { shape: [2, 2], values: [1, nan, 2, 3] }, x => x.norm(2, { dim: 1 }), 'x0.norm(2, 1)'),
    make('norm', 'largest with nan', { shape: [2, 2], values: [1, nan, 2, 3] }, x => x.norm(Infinity), 'x0.norm(inf)'),
    make('norm', 'of squares', leaf([3, 4], 'float64'), x => x.mul(x).norm(2, { dim: 1 }), '(x0 * x0).norm(2, 1)'),
    ...[2, 1, 3, 1.5, Infinity].map(p => ({
      ...make(
        'norm',
        `zeros p ${p}`,
        leaf([2, 3], 'float64', { values: [0, 0, 0, 1, 0, 2] }),
        x => x.norm(p, { dim: 1 }),
        `x0.norm(${p === Infinity ? 'inf' : p}, 1)`,
      ),
      kink: 'the magnitude of 0',
    })),
  ]
}

/** Values whose magnitudes differ, away from 0. PyTorch has no gradient of a count. */
function away(shape: number[], dtype: Input['dtype'], grad: boolean): Input {
  return { shape, dtype, grad, values: 'distinct' }
}

function make(op: string, name: string, input: Input, run: (x: Tensor) => Tensor, torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs: [input], run: (_, x) => run(x!), torch }
}

export const cases: Case[] = [...spreads(), ...norms()]

// add_ sub_ mul_ div_ fill_ zero_ copy_. What surprises: the result keeps the tensor's dtype (float32 += float64 stays
// float32), and writing through a view changes the base; so most cases return the base.

import { type Case, type DType, dtypes, exact, floats, type Input, layouts, shapePair } from '../../support/case.ts'

type Binary = 'add_' | 'sub_' | 'mul_' | 'div_'
const binaries: Binary[] = ['add_', 'sub_', 'mul_', 'div_']

function tensors(): Case[] {
  const shapes = [
    '[2, 3] x [2, 3]',
    '[2, 3] x [3]',
    '[2, 3] x [2, 1]',
    '[2, 3] x []',
    '[] x []',
    '[0, 3] x [3]',
    '[5, 7] x [1, 7]',
  ].map(shapePair)
  return binaries.flatMap(op => [
    ...floats.flatMap(dtype =>
      shapes.map(([a, b]) =>
        two(op, `${dtype} [${a}] with [${b}]`, { shape: a, dtype }, { shape: b, dtype, values: 'distinct' }),
      ),
    ),
    ...layouts
      .filter(layout => layout !== 'expanded')
      .flatMap(layout => [
        two(op, `into ${layout}`, { shape: [5, 7], layout }, { shape: [5, 7], values: 'distinct' }),
        two(op, `from ${layout}`, { shape: [5, 7] }, { shape: [5, 7], layout, values: 'distinct' }),
      ]),
    two(op, 'from expanded', { shape: [5, 7] }, { shape: [5, 7], layout: 'expanded', values: 'distinct' }),
    two(op, 'float32 with float64', { shape: [3] }, { shape: [3], dtype: 'float64', values: 'distinct' }),
    two(op, 'float64 with int64', { shape: [3], dtype: 'float64' }, { shape: [3], dtype: 'int64', values: 'positive' }),
    ...(op === 'div_'
      ? []
      : [two(op, 'int64 with uint8', { shape: [3], dtype: 'int64' }, { shape: [3], dtype: 'uint8' })]),
    ...(op === 'div_'
      ? []
      : [two(op, 'uint8 with int64 wraps', { shape: [3], dtype: 'uint8' }, { shape: [3], dtype: 'int64' })]),
    one(op, 'number', { shape: [4] }, (_, x) => x[op](2.5), `x0.${op}(2.5)`),
    one(op, 'number, float64', { shape: [4], dtype: 'float64' }, (_, x) => x[op](0.1), `x0.${op}(0.1)`),
    one(op, 'itself', { shape: [4], values: 'distinct' }, (_, x) => x[op](x), `x0.${op}(x0)`),
    ...(op === 'div_'
      ? []
      : [one(op, 'number, int64', { shape: [4], dtype: 'int64' }, (_, x) => x[op](3), `x0.${op}(3)`)]),
  ])
}

function views(): Case[] {
  const chain: [string, Case['run'], string][] = [
    ['a row', (_, x) => seen(x, x.index(1).add_(10)), '(x0[1].add_(10), x0)[-1]'],
    ['a column', (_, x) => seen(x, x.index(':', 2).mul_(3)), '(x0[:, 2].mul_(3), x0)[-1]'],
    ['every second column', (_, x) => seen(x, x.index(':', '::2').sub_(1)), '(x0[:, ::2].sub_(1), x0)[-1]'],
    [
      'the transpose',
      (dt, x) => seen(x, x.t().add_(dt.arange(4, { dtype: 'float32' }).unsqueeze(1))),
      '(x0.t().add_(torch.arange(4, dtype=torch.float32).unsqueeze(1)), x0)[-1]',
    ],
    ['one element', (_, x) => seen(x, x.index(2, 3).fill_(7)), '(x0[2, 3].fill_(7), x0)[-1]'],
    ['a block zeroed', (_, x) => seen(x, x.index('1:', ':2').zero_()), '(x0[1:, :2].zero_(), x0)[-1]'],
    ['a view reshaped', (_, x) => seen(x, x.view(12).index('3:9').fill_(-1)), '(x0.view(12)[3:9].fill_(-1), x0)[-1]'],
    ['a row by another row', (_, x) => seen(x, x.index(0).add_(x.index(2))), '(x0[0].add_(x0[2]), x0)[-1]'],
    ['a row by the sum of all', (_, x) => seen(x, x.index(1).add_(x.sum(0))), '(x0[1].add_(x0.sum(0)), x0)[-1]'],
    ['a row copied', (_, x) => seen(x, x.index(0).copy_(x.index(2))), '(x0[0].copy_(x0[2]), x0)[-1]'],
    [
      'the view sees the base',
      (_, x) => {
        const v = x.index(1)
        x.add_(1)
        return v
      },
      '(v := x0[1], x0.add_(1), v)[-1]',
    ],
    [
      'a clone does not',
      (_, x) => {
        const c = x.clone()
        x.add_(1)
        return c
      },
      '(c := x0.clone(), x0.add_(1), c)[-1]',
    ],
    ['detach shares', (_, x) => seen(x, x.detach().mul_(2)), '(x0.detach().mul_(2), x0)[-1]'],
    ['chained', (_, x) => x.add_(1).mul_(2).sub_(3), 'x0.add_(1).mul_(2).sub_(3)'],
  ]
  const op = (torch: string) => torch.match(/\.((?:add|sub|mul|fill|zero|copy)_)\(/)?.[1] ?? 'add_'
  return chain.map(([name, run, torch]) => one(op(torch), `view: ${name}`, { shape: [3, 4] }, run, torch))
}

function fills(): Case[] {
  return [
    ...dtypes.flatMap(dtype => [
      one('fill_', dtype, { shape: [2, 3], dtype }, (_, x) => x.fill_(3), 'x0.fill_(3)'),
      one('zero_', dtype, { shape: [2, 3], dtype }, (_, x) => x.zero_(), 'x0.zero_()'),
    ]),
    one('fill_', 'fraction into int64', { shape: [2], dtype: 'int64' }, (_, x) => x.fill_(2.75), 'x0.fill_(2.75)'),
    one(
      'fill_',
      'int64 to its lower bound',
      { shape: [2], dtype: 'int64' },
      (_, x) => x.fill_(-(2 ** 63)),
      'x0.fill_(-2 ** 63)',
    ),
    one('fill_', 'fraction into uint8', { shape: [2], dtype: 'uint8' }, (_, x) => x.fill_(1.75), 'x0.fill_(1.75)'),
    one('fill_', '-255 into uint8', { shape: [2], dtype: 'uint8' }, (_, x) => x.fill_(-255), 'x0.fill_(-255)'),
    one('fill_', 'nan into bool', { shape: [2], dtype: 'bool' }, (_, x) => x.fill_(Number.NaN), 'x0.fill_(nan)'),
    one('add_', 'uint8 + 300 wraps', { shape: [3], dtype: 'uint8' }, (_, x) => x.add_(300), 'x0.add_(300)'),
    one('mul_', 'uint8 * 300 wraps', { shape: [3], dtype: 'uint8' }, (_, x) => x.mul_(300), 'x0.mul_(300)'),
    one('fill_', 'nan', { shape: [2] }, (_, x) => x.fill_(Number.NaN), 'x0.fill_(nan)'),
    one('fill_', 'fraction into bool', { shape: [2], dtype: 'bool' }, (_, x) => x.fill_(0.5), 'x0.fill_(0.5)'),
    one('fill_', '0-d', { shape: [] }, (_, x) => x.fill_(5), 'x0.fill_(5)'),
    one('fill_', 'no elements', { shape: [0, 2] }, (_, x) => x.fill_(5), 'x0.fill_(5)'),
    one('zero_', 'transposed', { shape: [3, 5], layout: 'transposed' }, (_, x) => x.zero_(), 'x0.zero_()'),
    one('zero_', 'sliced', { shape: [3, 5], layout: 'sliced' }, (_, x) => x.zero_(), 'x0.zero_()'),
    one('fill_', 'sliced', { shape: [3, 5], layout: 'sliced' }, (_, x) => x.fill_(2), 'x0.fill_(2)'),
  ]
}

function copies(): Case[] {
  const pairs = dtypes.flatMap(a => dtypes.map((b): [DType, DType] => [a, b]))
  return [
    ...pairs.map(([a, b]) =>
      two(
        'copy_',
        `${b} into ${a}`,
        { shape: [4], dtype: a },
        { shape: [4], dtype: b, values: b === 'bool' ? 'bool' : [0, 1, 3, 200] },
      ),
    ),
    ...layouts
      .filter(layout => layout !== 'expanded')
      .flatMap(layout => [
        two('copy_', `into ${layout}`, { shape: [3, 5], layout }, { shape: [3, 5] }),
        two('copy_', `from ${layout}`, { shape: [3, 5] }, { shape: [3, 5], layout }),
      ]),
    two('copy_', 'from expanded', { shape: [3, 5] }, { shape: [3, 5], layout: 'expanded' }),
    two('copy_', 'broadcast row', { shape: [3, 5] }, { shape: [5] }),
    two('copy_', 'broadcast column', { shape: [3, 5] }, { shape: [3, 1] }),
    two('copy_', 'broadcast 0-d', { shape: [3, 5] }, { shape: [] }),
    two('copy_', 'no elements', { shape: [0, 5] }, { shape: [5] }),
    two(
      'copy_',
      'fractions into int64 truncate',
      { shape: [4], dtype: 'int64' },
      { shape: [4], values: [1.75, -1.75, 0.5, -0.5] },
    ),
    one(
      'add_',
      'alpha',
      { shape: [4], dtype: 'float64' },
      (_, x) => x.add_(x, { alpha: 0.5 }),
      'x0.add_(x0, alpha=0.5)',
    ),
    one(
      'sub_',
      'alpha',
      { shape: [4], dtype: 'float64' },
      (_, x) => x.sub_(x, { alpha: 0.25 }),
      'x0.sub_(x0, alpha=0.25)',
    ),
    one('add_', 'bool', { shape: [6], dtype: 'bool' }, (_, x) => x.add_(x), 'x0.add_(x0)'),
  ]
}

function seen<T>(base: T, _written: unknown): T {
  return base
}

function two(op: Binary | 'copy_', name: string, x: Input, y: Input): Case {
  return make(op, name, [x, y], (_, u, v) => u[op](v), `x0.${op}(x1)`)
}

function one(op: string, name: string, x: Input, run: Case['run'], torch: string): Case {
  return make(op, name, [x], run, torch)
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: torch.includes('sum') ? undefined : exact }
}

export const cases: Case[] = [...tensors(), ...views(), ...fills(), ...copies()]

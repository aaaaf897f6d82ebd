// clone contiguous cast, and what writes into a tensor: copy_ fill_ zero_. What surprises: float to integer truncates
// toward zero, and anything not zero is true, NaN included; writing through a view changes the base. Casts out of the
// integer's range are undefined in PyTorch too and stay out of this table, except int64 to uint8, which wraps.

import {
  type Case,
  type DType,
  dtypes,
  exact,
  floats,
  halves,
  type Input,
  isFloat,
  layouts,
  leaf,
  rowsOf,
  torchName,
  whole,
} from '../../support/case.ts'

function copies(): Case[] {
  const transposed = (dtype: DType): Input => ({ shape: [3, 5], dtype, layout: 'transposed' })
  const strided = floats.flatMap(dtype =>
    rowsOf(dtype, layouts).flatMap(layout => [
      make('clone', `${layout} ${dtype}`, [leaf([5, 7], dtype, { layout })], (_, x) => x.clone(), 'x0.clone()'),
      make(
        'contiguous',
        `${layout} ${dtype}`,
        [leaf([5, 7], dtype, { layout })],
        (_, x) => x.contiguous(),
        'x0.contiguous()',
      ),
    ]),
  )
  const typed = whole.flatMap(dtype => [
    make('clone', `transposed ${dtype}`, [transposed(dtype)], (_, x) => x.clone(), 'x0.clone()'),
    make('contiguous', `transposed ${dtype}`, [transposed(dtype)], (_, x) => x.contiguous(), 'x0.contiguous()'),
  ])
  return [
    ...strided,
    ...typed,
    make('clone', '0-d', [leaf([], 'float32')], (_, x) => x.clone(), 'x0.clone()'),
    make('clone', 'no elements', [leaf([0, 3], 'float32')], (_, x) => x.clone(), 'x0.clone()'),
    make(
      'contiguous',
      'three dims permuted',
      [leaf([2, 3, 5], 'float64')],
      (_, x) => x.permute(2, 0, 1).contiguous(),
      'x0.permute(2, 0, 1).contiguous()',
    ),
    make(
      'clone',
      'of an overlapping view',
      [leaf([1, 4], 'float64')],
      (_, x) => x.expand(3, 4).clone(),
      'x0.expand(3, 4).clone()',
    ),
  ]
}

function casts(): Case[] {
  const pairs = dtypes.flatMap(from =>
    dtypes.map(to => {
      const grad = isFloat(from) && isFloat(to)
      // In range of both dtypes, so no cast overflows.
      const values = [0, 1, 2, 0, 3, 127, ...(isByte(from) || isByte(to) ? [100, 55] : [200, 255])]
      const input = { shape: [8], dtype: from, grad, values: from === 'bool' ? ('bool' as const) : values }
      return make('cast', `${from} to ${to}`, [input], (_, x) => x.to(to), `x0.to(${torchName(to)})`)
    }),
  )
  const fractions = [-2.75, -1.5, -0.5, -0.25, 0.25, 0.5, 0.999, 1.5, 2.5]
  const truncated = floats.map(dtype =>
    make(
      'cast',
      `${dtype} to int64 truncates`,
      [{ shape: [10], dtype, values: [...fractions, dtype === 'float16' ? 1000.5 : 1e6 + 0.5] }],
      (_, x) => x.to('int64'),
      'x0.to(torch.int64)',
    ),
  )
  const truth = floats.map(dtype =>
    make(
      'cast',
      `${dtype} to bool: nan, infinities, fractions`,
      [{ shape: [7], dtype, values: [Number.NaN, Infinity, -Infinity, 0.25, -0.5, 0, 1e-30] }],
      (_, x) => x.to('bool'),
      'x0.to(torch.bool)',
    ),
  )
  const strided = layouts.map(layout =>
    make(
      'cast',
      `${layout} float32 to float64`,
      [leaf([3, 5], 'float32', { layout })],
      (_, x) => x.to('float64'),
      'x0.to(torch.float64)',
    ),
  )
  return [
    ...pairs,
    ...truncated,
    ...truth,
    ...strided,
    make(
      'cast',
      'int64 to uint8 wraps',
      [{ shape: [6], dtype: 'int64', values: [256, 257, -1, -256, 511, 1000] }],
      (_, x) => x.to('uint8'),
      'x0.to(torch.uint8)',
    ),
    make(
      'cast',
      'float64 to float32 rounds to even, overflows to infinity',
      [{ shape: [5], dtype: 'float64', values: [16777217, 16777219, 0.1, 1e39, 1e-46] }],
      (_, x) => x.to('float32'),
      'x0.to(torch.float32)',
    ),
    ...(['float32', 'float64'] as const).flatMap(dtype => [
      make(
        'cast',
        `${dtype} to float16 rounds to even, below the smallest to zero, overflows to infinity`,
        [
          {
            shape: [14],
            dtype,
            values: [
              ...[2049, 2051, 2050.999, 0.1, 65519.99, 65520, -65520, 1e30],
              ...[6.2e-5, 6.05e-5, 2 ** -24 * 1.5, 2 ** -25, 2 ** -25 * 1.001, -(2 ** -26)],
            ],
          },
        ],
        (_, x) => x.to('float16'),
        'x0.to(torch.float16)',
      ),
      make(
        'cast',
        `${dtype} to bfloat16 rounds to even, overflows to infinity`,
        [{ shape: [7], dtype, values: [257, 259, 258.99, 0.1, 3.395e38, 3.4e38, 1e-40] }],
        (_, x) => x.to('bfloat16'),
        'x0.to(torch.bfloat16)',
      ),
    ]),
    ...halves.map(dtype =>
      make(
        'cast',
        `int64 to ${dtype} rounds once`,
        [{ shape: [4], dtype: 'int64', values: [257, -2049, 65519, 16777217] }],
        (_, x) => x.to(dtype),
        `x0.to(${torchName(dtype)})`,
      ),
    ),
    ...(['int32', 'int16', 'int8'] as const).map(dtype =>
      make(
        'cast',
        `int64 to ${dtype} wraps`,
        [{ shape: [6], dtype: 'int64', values: [128, -129, 40000, 2 ** 31, -(2 ** 31) - 1, 2 ** 40 + 5] }],
        (_, x) => x.to(dtype),
        `x0.to(${torchName(dtype)})`,
      ),
    ),
    ...layouts.map(layout =>
      make(
        'cast',
        `${layout} float16 to bfloat16`,
        [leaf([3, 5], 'float16', { layout })],
        (_, x) => x.to('bfloat16'),
        'x0.to(torch.bfloat16)',
      ),
    ),
    make(
      'cast',
      'int64 to float32 rounds',
      [{ shape: [3], dtype: 'int64', values: [16777217, 16777219, -33554435] }],
      (_, x) => x.to('float32'),
      'x0.to(torch.float32)',
    ),
    make(
      'cast',
      'large float64 to int64',
      [{ shape: [3], dtype: 'float64', values: [2 ** 53, -(2 ** 52) - 1, 1e15 + 0.5] }],
      (_, x) => x.to('int64'),
      'x0.to(torch.int64)',
    ),
    make('cast', 'no elements', [{ shape: [0], dtype: 'int64' }], (_, x) => x.to('float32'), 'x0.to(torch.float32)'),
    make('cast', '0-d', [leaf([], 'float32')], (_, x) => x.to('float64'), 'x0.to(torch.float64)'),
    make(
      'cast',
      'there and back',
      [leaf([5], 'float64')],
      (_, x) => x.to('float32').to('float64').mul(x),
      'x0.to(torch.float32).to(torch.float64).mul(x0)',
      'a float32 in between cuts a step of 1e-6 to a few bits',
    ),
  ]
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
    one('fill_', 'nan', { shape: [2] }, (_, x) => x.fill_(Number.NaN), 'x0.fill_(nan)'),
    one('fill_', 'fraction into bool', { shape: [2], dtype: 'bool' }, (_, x) => x.fill_(0.5), 'x0.fill_(0.5)'),
    one('fill_', '0-d', { shape: [] }, (_, x) => x.fill_(5), 'x0.fill_(5)'),
    one('fill_', 'no elements', { shape: [0, 2] }, (_, x) => x.fill_(5), 'x0.fill_(5)'),
    one('zero_', 'transposed', { shape: [3, 5], layout: 'transposed' }, (_, x) => x.zero_(), 'x0.zero_()'),
    one('zero_', 'sliced', { shape: [3, 5], layout: 'sliced' }, (_, x) => x.zero_(), 'x0.zero_()'),
    one('fill_', 'sliced', { shape: [3, 5], layout: 'sliced' }, (_, x) => x.fill_(2), 'x0.fill_(2)'),
  ]
}

function into(): Case[] {
  const pairs = dtypes.flatMap(a => dtypes.map((b): [DType, DType] => [a, b]))
  return [
    ...pairs.map(([a, b]) =>
      two(
        `${b} into ${a}`,
        { shape: [4], dtype: a },
        { shape: [4], dtype: b, values: b === 'bool' ? 'bool' : [0, 1, 3, isByte(a) || isByte(b) ? 100 : 200] },
      ),
    ),
    ...layouts
      .filter(layout => layout !== 'expanded')
      .flatMap(layout => [
        two(`into ${layout}`, { shape: [3, 5], layout }, { shape: [3, 5] }),
        two(`from ${layout}`, { shape: [3, 5] }, { shape: [3, 5], layout }),
      ]),
    two('from expanded', { shape: [3, 5] }, { shape: [3, 5], layout: 'expanded' }),
    two('broadcast row', { shape: [3, 5] }, { shape: [5] }),
    two('broadcast column', { shape: [3, 5] }, { shape: [3, 1] }),
    two('broadcast 0-d', { shape: [3, 5] }, { shape: [] }),
    two('no elements', { shape: [0, 5] }, { shape: [5] }),
    two(
      'fractions into int64 truncate',
      { shape: [4], dtype: 'int64' },
      { shape: [4], values: [1.75, -1.75, 0.5, -0.5] },
    ),
  ]
}

function views(): Case[] {
  const written: [string, string, Case['run'], string][] = [
    ['fill_', 'one element', (_, x) => seen(x, x.index(2, 3).fill_(7)), '(x0[2, 3].fill_(7), x0)[-1]'],
    ['zero_', 'a block zeroed', (_, x) => seen(x, x.index('1:', ':2').zero_()), '(x0[1:, :2].zero_(), x0)[-1]'],
    [
      'fill_',
      'a view reshaped',
      (_, x) => seen(x, x.view(12).index('3:9').fill_(-1)),
      '(x0.view(12)[3:9].fill_(-1), x0)[-1]',
    ],
    ['copy_', 'a row copied', (_, x) => seen(x, x.index(0).copy_(x.index(2))), '(x0[0].copy_(x0[2]), x0)[-1]'],
  ]
  return written.map(([op, name, run, torch]) => one(op, `view: ${name}`, { shape: [3, 4] }, run, torch))
}

/** Whether it ends at 127. */
function isByte(dtype: DType): boolean {
  return dtype === 'int8'
}

/** The base of a view that has been written to. */
function seen<T>(base: T, _written: unknown): T {
  return base
}

function two(name: string, x: Input, y: Input): Case {
  return make('copy_', name, [x, y], (_, u, v) => u.copy_(v), 'x0.copy_(x1)')
}

function one(op: string, name: string, x: Input, run: Case['run'], torch: string): Case {
  return make(op, name, [x], run, torch)
}

function make(op: string, name: string, inputs: Case['inputs'], run: Case['run'], torch: string, kink?: string): Case {
  const rounds =
    op === 'cast' && /float64 to b?float\d/.test(name) && !name.endsWith('to float64')
      ? 'a shorter float cuts a step of 1e-6 to a few bits'
      : kink
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact, kink: rounds }
}

export const cases: Case[] = [...copies(), ...casts(), ...fills(), ...into(), ...views()]

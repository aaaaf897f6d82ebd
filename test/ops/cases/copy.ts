// Copies and casts. What surprises: float to integer truncates toward zero, and anything not zero is true, NaN included.
// Casts out of the integer's range are undefined in PyTorch too and stay out of this table, except int64 to uint8, which wraps.

import { type Case, dtypes, exact, floats, isFloat, layouts, leaf, torchName } from '../../support/case.ts'

function copies(): Case[] {
  const strided = floats.flatMap(dtype =>
    layouts.flatMap(layout => [
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
  const typed = (['int64', 'uint8', 'bool'] as const).map(dtype =>
    make(
      'clone',
      `transposed ${dtype}`,
      [{ shape: [3, 5], dtype, layout: 'transposed' }],
      (_, x) => x.clone(),
      'x0.clone()',
    ),
  )
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
      // In range of every dtype, so no cast overflows.
      const values = [0, 1, 2, 0, 3, 127, 200, 255]
      const input = { shape: [8], dtype: from, grad, values: from === 'bool' ? ('bool' as const) : values }
      return make('cast', `${from} to ${to}`, [input], (_, x) => x.to(to), `x0.to(${torchName(to)})`)
    }),
  )
  const fractions = [-2.75, -1.5, -0.5, -0.25, 0.25, 0.5, 0.999, 1.5, 2.5, 1e6 + 0.5]
  const truncated = floats.map(dtype =>
    make(
      'cast',
      `${dtype} to int64 truncates`,
      [{ shape: [10], dtype, values: fractions }],
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

function make(op: string, name: string, inputs: Case['inputs'], run: Case['run'], torch: string, kink?: string): Case {
  const rounds =
    op === 'cast' && name.includes('float64 to float32') ? 'a float32 output cuts a step of 1e-6 to a few bits' : kink
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact, kink: rounds }
}

export const cases: Case[] = [...copies(), ...casts()]

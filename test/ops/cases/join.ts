// cat. What surprises: an empty 1-d tensor joins anything, and still counts for the dtype.

import { type Case, type DType, exact, floats, type Input, layouts, leaf, whole } from '../../support/case.ts'

function cat(): Case[] {
  const two = (a: number[], b: number[], dtype: DType, rest: Partial<Input> = {}) => [
    leaf(a, dtype, rest),
    leaf(b, dtype, rest),
  ]
  const joined = floats.flatMap(dtype => [
    make('cat', `dim 0 ${dtype}`, two([2, 3], [4, 3], dtype), (dt, x, y) => dt.cat([x, y]), 'torch.cat([x0, x1])'),
    make(
      'cat',
      `dim 1 ${dtype}`,
      two([2, 3], [2, 5], dtype),
      (dt, x, y) => dt.cat([x, y], 1),
      'torch.cat([x0, x1], 1)',
    ),
    make(
      'cat',
      `dim -1 ${dtype}`,
      two([2, 3], [2, 1], dtype),
      (dt, x, y) => dt.cat([x, y], -1),
      'torch.cat([x0, x1], -1)',
    ),
  ])
  const strided = layouts.map(layout =>
    make(
      'cat',
      layout,
      two([3, 5], [2, 5], 'float64', { layout }),
      (dt, x, y) => dt.cat([x, y]),
      'torch.cat([x0, x1])',
    ),
  )
  const mixed: [DType, DType][] = [
    ['float32', 'float64'],
    ['int64', 'float32'],
    ['uint8', 'int64'],
    ['float16', 'bfloat16'],
    ['int32', 'float16'],
    ['int8', 'uint8'],
    ['int16', 'int32'],
    ['bool', 'uint8'],
    ['bool', 'bool'],
  ]
  const alike = whole.map(dtype =>
    make(
      'cat',
      `${dtype} dim 1`,
      [
        { shape: [2, 3], dtype },
        { shape: [2, 2], dtype },
      ],
      (dt, x, y) => dt.cat([x, y], 1),
      'torch.cat([x0, x1], 1)',
    ),
  )
  const promoted = mixed.map(([a, b]) =>
    make(
      'cat',
      `${a} with ${b}`,
      [
        { shape: [2], dtype: a },
        { shape: [3], dtype: b },
      ],
      (dt, x, y) => dt.cat([x, y]),
      'torch.cat([x0, x1])',
    ),
  )
  return [
    ...joined,
    ...strided,
    ...alike,
    ...promoted,
    make(
      'cat',
      'float32 with float64, gradients',
      [leaf([2], 'float32'), leaf([3], 'float64')],
      (dt, x, y) => dt.cat([x, y]),
      'torch.cat([x0, x1])',
    ),
    make(
      'cat',
      'an empty 1-d is skipped',
      [leaf([0], 'float32'), leaf([2, 3], 'float32')],
      (dt, x, y) => dt.cat([x, y], 1),
      'torch.cat([x0, x1], 1)',
    ),
    make(
      'cat',
      'an empty 1-d still counts for the dtype',
      [
        { shape: [3], dtype: 'int64' },
        { shape: [0], dtype: 'float64' },
      ],
      (dt, x, y) => dt.cat([x, y]),
      'torch.cat([x0, x1])',
    ),
    make(
      'cat',
      'a part of size 0',
      two([0, 3], [2, 3], 'float32'),
      (dt, x, y) => dt.cat([x, y]),
      'torch.cat([x0, x1])',
    ),
    make(
      'cat',
      'the same twice',
      [leaf([2, 3], 'float64')],
      (dt, x) => dt.cat([x, x.mul(2), x], 1),
      'torch.cat([x0, x0 * 2, x0], 1)',
    ),
    make('cat', 'one tensor', [leaf([2, 3], 'float32')], (dt, x) => dt.cat([x]), 'torch.cat([x0])'),
  ]
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  const tolerance = torch.includes('*') ? undefined : exact
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance }
}

export const cases: Case[] = cat()

// matmul addmm linear. What surprises: a 1-d operand is a row on the left and a column on the right, and its dim
// vanishes from the result; an inner dimension of 0 gives zeros, not garbage; beta = 0 ignores NaN in addmm's input.

import {
  type Case,
  type DType,
  exact,
  floats,
  type Input,
  ints,
  type Layout,
  layouts,
  leaf,
  rowsOf,
  shapePair,
  show,
} from '../../support/case.ts'

const shapes = [
  '[3] x [3]',
  '[2, 3] x [3]',
  '[3] x [3, 4]',
  '[2, 3] x [3, 4]',
  '[1, 1] x [1, 1]',
  '[7, 1] x [1, 5]',
  '[1, 7] x [7, 1]',
  '[2, 3, 4] x [2, 4, 5]',
  '[2, 3, 4] x [4, 5]',
  '[3, 4] x [2, 4, 5]',
  '[1, 3, 4] x [2, 4, 5]',
  '[2, 3, 4] x [1, 4, 5]',
  '[2, 1, 3, 4] x [3, 4, 2]',
  '[2, 1, 3, 4] x [1, 3, 4, 2]',
  '[2, 3, 4] x [4]',
  '[4] x [2, 4, 3]',
  '[2, 1, 3, 4] x [4]',
  '[2, 0] x [0, 3]',
  '[0] x [0]',
  '[2, 0] x [0]',
  '[0, 3] x [3, 2]',
  '[2, 3] x [3, 0]',
  '[0, 2, 3] x [0, 3, 4]',
  '[2, 3, 0] x [2, 0, 4]',
  '[2, 3, 0] x [0, 4]',
  '[2, 3, 4] x [4, 0]',
  '[0, 2, 3] x [3, 4]',
  '[2, 0, 3] x [2, 3, 4]',
  '[17, 19] x [19, 13]',
].map(shapePair)

function ranks(): Case[] {
  return floats.flatMap(dtype =>
    rowsOf(dtype, shapes, 8).map(([a, b]) =>
      matmul(`${dtype} ${show(a)} by ${show(b)}`, leaf(a, dtype), leaf(b, dtype)),
    ),
  )
}

/** Integers wrap. */
function integers(): Case[] {
  const two = (dtype: DType): [Input, Input] => [
    { shape: [2, 3], dtype, layout: 'sliced' },
    { shape: [3, 4], dtype, layout: 'transposed' },
  ]
  const one = (op: string, dtype: DType, inputs: Input[], run: Case['run'], torch: string): Case => ({
    ...make(op, `${dtype}`, inputs, run, torch),
    tolerance: exact,
  })
  return ints.flatMap(dtype => [
    ...['[3] x [3]', '[2, 3] x [3, 4]', '[2, 3, 4] x [2, 4, 5]'].map(shapePair).map(([a, b]) => ({
      ...matmul(`${dtype} ${show(a)} by ${show(b)}`, { shape: a, dtype }, { shape: b, dtype }),
      tolerance: exact,
    })),
    one('matmul', dtype, two(dtype), (_, x, y) => x.matmul(y), 'x0 @ x1'),
    one(
      'addmm',
      dtype,
      [{ shape: [4], dtype }, ...two(dtype)],
      (dt, x, y, z) => dt.addmm(x, y, z, { beta: 2, alpha: 3 }),
      'torch.addmm(x0, x1, x2, beta=2, alpha=3)',
    ),
    one(
      'linear',
      dtype,
      [
        { shape: [2, 3], dtype },
        { shape: [4, 3], dtype },
        { shape: [4], dtype },
      ],
      (dt, x, w, b) => dt.nn.functional.linear(x, w, b),
      'F.linear(x0, x1, x2)',
    ),
  ])
}

/** BLAS takes transposed operands as they are; the others must be copied or walked. */
function strided(): Case[] {
  const pairs: [Layout, Layout][] = [
    ...layouts.map((l): [Layout, Layout] => [l, 'contiguous']),
    ...layouts.map((l): [Layout, Layout] => ['contiguous', l]),
    ['transposed', 'transposed'],
    ['sliced', 'transposed'],
    ['expanded', 'expanded'],
  ]
  const both = floats.flatMap(dtype =>
    rowsOf(dtype, pairs).flatMap(([a, b]) => [
      matmul(`${dtype} ${a} by ${b}`, leaf([3, 5], dtype, { layout: a }), leaf([5, 4], dtype, { layout: b })),
      matmul(
        `${dtype} batched ${a} by ${b}`,
        leaf([2, 3, 5], dtype, { layout: a }),
        leaf([2, 5, 4], dtype, { layout: b }),
      ),
    ]),
  )
  const vectors = (['sliced', 'offset'] as const).flatMap(layout => [
    matmul(`vector ${layout} by matrix`, leaf([5], 'float64', { layout }), leaf([5, 3], 'float64')),
    matmul(`matrix by vector ${layout}`, leaf([3, 5], 'float64'), leaf([5], 'float64', { layout })),
    matmul(`vector ${layout} by vector`, leaf([5], 'float64', { layout }), leaf([5], 'float64', { layout })),
  ])
  const views: [string, Case['run'], string][] = [
    ['x by its transpose', (_, x) => x.matmul(x.t()), 'x0 @ x0.t()'],
    ['transpose of x by x', (_, x) => x.t().matmul(x), 'x0.t() @ x0'],
    ['columns of x', (_, x) => x.index(':', ':2').matmul(x.index(':2', ':')), 'x0[:, :2] @ x0[:2, :]'],
    ['a column', (_, x) => x.matmul(x.index(0)), 'x0 @ x0[0]'],
    ['every second column', (_, x) => x.index(':', '::2').t().matmul(x), 'x0[:, ::2].t() @ x0'],
    ['one row, expanded', (_, x) => x.index('0:1').expand(3, 5).matmul(x.t()), 'x0[0:1].expand(3, 5) @ x0.t()'],
  ]
  const shared = views.map(([name, run, torch]) => make('matmul', name, [leaf([3, 5], 'float64')], run, torch))
  return [
    ...both,
    ...vectors,
    ...shared,
    make(
      'matmul',
      'batch dims permuted',
      [leaf([3, 2, 4], 'float64'), leaf([2, 4, 3], 'float64')],
      (_, x, y) => x.permute(1, 0, 2).matmul(y),
      'x0.permute(1, 0, 2) @ x1',
    ),
    make(
      'matmul',
      'three factors',
      [leaf([2, 3], 'float64'), leaf([3, 4], 'float64'), leaf([4, 2], 'float64')],
      (_, x, y, z) => x.matmul(y).matmul(z),
      'x0 @ x1 @ x2',
    ),
    make(
      'matmul',
      'free function',
      [leaf([2, 3], 'float32'), leaf([3, 2], 'float32')],
      (dt, x, y) => dt.matmul(x, y),
      'torch.matmul(x0, x1)',
    ),
    make('matmul', 'blocked sizes', [{ shape: [67, 65] }, { shape: [65, 33] }], (_, x, y) => x.matmul(y), 'x0 @ x1'),
    make(
      'matmul',
      'nan and infinity spread',
      [
        { shape: [2, 2], values: [Number.NaN, 1, Infinity, 0] },
        { shape: [2, 2], values: [1, 0, 2, 3] },
      ],
      (_, x, y) => x.matmul(y),
      'x0 @ x1',
    ),
    make(
      'matmul',
      'one operand needs a gradient',
      [leaf([2, 3], 'float32'), { shape: [3, 2] }],
      (_, x, y) => x.matmul(y),
      'x0 @ x1',
    ),
    make(
      'matmul',
      'the other operand needs a gradient',
      [{ shape: [2, 3] }, leaf([3, 2], 'float32')],
      (_, x, y) => x.matmul(y),
      'x0 @ x1',
    ),
  ]
}

function addmm(): Case[] {
  const a = (dtype: DType): Input[] => [leaf([2, 3], dtype), leaf([3, 4], dtype)]
  const simple: Case['run'] = (dt, x, y, z) => dt.addmm(x, y, z)
  return [
    ...floats.flatMap(dtype =>
      rowsOf(dtype, [[2, 4], [4], [1, 4], [2, 1], []], 2).map(shape =>
        make(
          'addmm',
          `${dtype} input ${show(shape)}`,
          [leaf(shape, dtype), ...a(dtype)],
          simple,
          'torch.addmm(x0, x1, x2)',
        ),
      ),
    ),
    ...floats.map(dtype =>
      make(
        'addmm',
        `${dtype} beta 0.5 alpha 2`,
        [leaf([4], dtype), ...a(dtype)],
        (dt, x, y, z) => dt.addmm(x, y, z, { beta: 0.5, alpha: 2 }),
        'torch.addmm(x0, x1, x2, beta=0.5, alpha=2)',
      ),
    ),
    ...layouts.map(layout =>
      make(
        'addmm',
        `all ${layout}`,
        [leaf([2, 4], 'float64', { layout }), leaf([2, 3], 'float64', { layout }), leaf([3, 4], 'float64', { layout })],
        simple,
        'torch.addmm(x0, x1, x2)',
      ),
    ),
    make(
      'addmm',
      'alpha 0',
      [leaf([2, 4], 'float32'), ...a('float32')],
      (dt, x, y, z) => dt.addmm(x, y, z, { alpha: 0 }),
      'torch.addmm(x0, x1, x2, alpha=0)',
    ),
    make(
      'addmm',
      'beta 0 ignores nan',
      [{ shape: [4], values: Array(4).fill(Number.NaN) }, { shape: [2, 3] }, { shape: [3, 4] }],
      (dt, x, y, z) => dt.addmm(x, y, z, { beta: 0 }),
      'torch.addmm(x0, x1, x2, beta=0)',
    ),
    make(
      'addmm',
      'inner dimension 0',
      [leaf([4], 'float32'), leaf([2, 0], 'float32'), leaf([0, 4], 'float32')],
      simple,
      'torch.addmm(x0, x1, x2)',
    ),
    make(
      'addmm',
      'no rows',
      [leaf([4], 'float32'), leaf([0, 3], 'float32'), leaf([3, 4], 'float32')],
      simple,
      'torch.addmm(x0, x1, x2)',
    ),
    make(
      'addmm',
      'leaves its input alone',
      [{ shape: [2, 4] }, { shape: [2, 3] }, { shape: [3, 4] }],
      (dt, x, y, z) => [dt.addmm(x, y, z), x],
      '[torch.addmm(x0, x1, x2), x0]',
    ),
  ]
}

function linear(): Case[] {
  const withBias: Case['run'] = (dt, x, w, b) => dt.nn.functional.linear(x, w, b)
  const shapes = [[3], [2, 3], [2, 5, 3], [2, 1, 2, 3], [0, 3], [2, 0, 3], [1, 3]]
  return [
    ...floats.flatMap(dtype =>
      rowsOf(dtype, shapes, 2).map(shape =>
        make(
          'linear',
          `${dtype} ${show(shape)}`,
          [leaf(shape, dtype), leaf([4, 3], dtype), leaf([4], dtype)],
          withBias,
          'F.linear(x0, x1, x2)',
        ),
      ),
    ),
    ...floats.flatMap(dtype =>
      rowsOf(dtype, [[3], [2, 3], [2, 5, 3]], 2).map(shape =>
        make(
          'linear',
          `${dtype} ${show(shape)} no bias`,
          [leaf(shape, dtype), leaf([4, 3], dtype)],
          (dt, x, w) => dt.nn.functional.linear(x, w),
          'F.linear(x0, x1)',
        ),
      ),
    ),
    ...layouts.map(layout =>
      make(
        'linear',
        layout,
        [
          leaf([5, 3], 'float64', { layout }),
          leaf([4, 3], 'float64', { layout }),
          leaf([4], 'float64', { layout: layout === 'transposed' ? 'sliced' : layout }),
        ],
        withBias,
        'F.linear(x0, x1, x2)',
      ),
    ),
    make(
      'linear',
      'three dims transposed',
      [leaf([2, 5, 3], 'float64', { layout: 'transposed' }), leaf([4, 3], 'float64'), leaf([4], 'float64')],
      withBias,
      'F.linear(x0, x1, x2)',
    ),
    make(
      'linear',
      'one output',
      [leaf([5, 3], 'float32'), leaf([1, 3], 'float32'), leaf([1], 'float32')],
      withBias,
      'F.linear(x0, x1, x2)',
    ),
    make(
      'linear',
      'no inputs',
      [leaf([2, 0], 'float32'), leaf([4, 0], 'float32'), leaf([4], 'float32')],
      withBias,
      'F.linear(x0, x1, x2)',
    ),
    make(
      'linear',
      'no outputs',
      [leaf([2, 5, 3], 'float32'), leaf([0, 3], 'float32'), leaf([0], 'float32')],
      withBias,
      'F.linear(x0, x1, x2)',
    ),
    make(
      'linear',
      'two layers sharing a weight',
      [leaf([2, 3], 'float64'), leaf([3, 3], 'float64'), leaf([3], 'float64')],
      (dt, x, w, b) => dt.nn.functional.linear(dt.nn.functional.linear(x, w, b), w, b),
      'F.linear(F.linear(x0, x1, x2), x1, x2)',
    ),
  ]
}

function matmul(name: string, x: Input, y: Input): Case {
  return make('matmul', name, [x, y], (_, u, v) => u.matmul(v), 'x0 @ x1')
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  const empty = inputs.some(x => x.shape.includes(0)) && op === 'matmul'
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: empty ? exact : undefined }
}

export const cases: Case[] = [...ranks(), ...integers(), ...strided(), ...addmm(), ...linear()]

// Positions in several tensors, masks, nonzero and indexPut_. What surprises: what neighbours choose stays where they
// are, what others choose comes first; and the gradients of a position that is given twice add up.

import { type Case, dtypes, exact, floats, type Input, layouts, leaf } from '../../support/case.ts'

const at = (values: number[], shape = [values.length]): Input => ({ shape, dtype: 'int64', values })
/** The case that adds. */
const adding = 'adds what meets'

const mask = (values: number[], shape = [values.length]): Input => ({ shape, dtype: 'bool', values })

type Row = [name: string, shape: number[], indices: Input[], run: Case['run'], torch: string]

const several: Row[] = [
  ['two', [4, 5], [at([3, 0, 3]), at([1, -1, 1])], (_, x, i, j) => x.index(i!, j!), 'x0[x1, x2]'],
  ['neighbours', [2, 4, 5, 3], [at([3, 0]), at([1, -1])], (_, x, i, j) => x.index(':', i!, j!), 'x0[:, x1, x2]'],
  ['apart', [3, 4, 5], [at([2, 0]), at([1, 4])], (_, x, i, j) => x.index(i!, ':', j!), 'x0[x1, :, x2]'],
  ['apart by dots', [3, 2, 4, 5], [at([2, 0]), at([1, 4])], (_, x, i, j) => x.index(i!, '...', j!), 'x0[x1, ..., x2]'],
  ['broadcast', [4, 5], [at([3, 0, 1], [3, 1]), at([1, 4])], (_, x, i, j) => x.index(i!, j!), 'x0[x1, x2]'],
  ['two dims of positions', [5, 2], [at([1, 0, -1, 2], [2, 2])], (_, x, i) => x.index(i!), 'x0[x1]'],
  ['with an integer', [3, 4, 5], [at([2, 0]), at([1, 4])], (_, x, i, j) => x.index(i!, 1, j!), 'x0[x1, 1, x2]'],
  ['with a slice', [3, 6, 5], [at([2, 0]), at([1, 4])], (_, x, i, j) => x.index(i!, '1::2', j!), 'x0[x1, 1::2, x2]'],
  ['with a new axis', [3, 4], [at([2, 0]), at([1, 3])], (_, x, i, j) => x.index(i!, null, j!), 'x0[x1, None, x2]'],
  ['0-d is an integer', [3, 4, 5], [at([2], []), at([1, 3])], (_, x, i, j) => x.index(i!, ':', j!), 'x0[x1, :, x2]'],
  ['int32', [5], [{ shape: [2], dtype: 'int64', values: [4, 1] }], (_, x, i) => x.index(i!), 'x0[x1]'],
  ['arrays', [4, 5], [], (_, x) => x.index([3, 0, 3], [1, -1, 1]), 'x0[[3, 0, 3], [1, -1, 1]]'],
  [
    'nested arrays',
    [4, 2],
    [],
    (_, x) =>
      x.index([
        [3, 0],
        [1, 1],
      ]),
    'x0[torch.tensor([[3, 0], [1, 1]])]',
  ],
  ['none', [4, 5], [at([]), at([])], (_, x, i, j) => x.index(i!, j!), 'x0[x1, x2]'],
  ['mask', [4, 3], [mask([1, 0, 0, 1])], (_, x, m) => x.index(m!), 'x0[x1]'],
  ['mask of two dims', [2, 3, 2], [mask([1, 0, 0, 1, 1, 0], [2, 3])], (_, x, m) => x.index(m!), 'x0[x1]'],
  ['mask of the last dim', [2, 3], [mask([1, 0, 1])], (_, x, m) => x.index(':', m!), 'x0[:, x1]'],
  ['mask and positions', [3, 4], [mask([1, 0, 1]), at([1, 3])], (_, x, m, i) => x.index(m!, i!), 'x0[x1, x2]'],
  ['mask behind dots', [2, 3, 2], [mask([1, 0, 0, 1, 1, 0], [3, 2])], (_, x, m) => x.index('...', m!), 'x0[..., x1]'],
  ['array of booleans', [4, 3], [], (_, x) => x.index([true, false, false, true]), 'x0[[True, False, False, True]]'],
  ['mask of nothing', [4], [mask([0, 0, 0, 0])], (_, x, m) => x.index(m!), 'x0[x1]'],
]

const index: Case[] = [
  ...floats.flatMap(dtype =>
    several.map(([name, shape, indices, run, torch]) =>
      make('index', `${name} ${dtype}`, [leaf(shape, dtype), ...indices], run, torch),
    ),
  ),
  ...dtypes.map(dtype => {
    const inputs: Input[] = [{ shape: [3, 4], dtype }, at([2, 0, 2]), at([1, 1, -4])]
    return make('index', dtype, inputs, (_, x, i, j) => x.index(i!, j!), 'x0[x1, x2]')
  }),
  ...layouts.map(layout => {
    const inputs = [leaf([3, 4, 5], 'float64', { layout }), at([2, 0, 2]), at([1, 1, -4])]
    return make('index', layout, inputs, (_, x, i, j) => x.index(i!, ':', j!), 'x0[x1, :, x2]')
  }),
]

const nonzero: Case[] = [
  ...dtypes.map(dtype =>
    make(
      'nonzero',
      dtype,
      [{ shape: [3, 4], dtype, values: dtype === 'bool' ? 'bool' : { integersBelow: 2 } }],
      (_, x) => x.nonzero(),
      'x0.nonzero()',
    ),
  ),
  make('nonzero', '0-d', [mask([1], [])], (_, x) => x.nonzero(), 'x0.nonzero()'),
  make('nonzero', 'nothing', [mask([0, 0])], (dt, x) => dt.nonzero(x), 'torch.nonzero(x0)'),
  make(
    'nonzero',
    'transposed',
    [{ shape: [3, 4], dtype: 'bool', values: 'bool', layout: 'transposed' }],
    (_, x) => x.nonzero(),
    'x0.nonzero()',
  ),
]

const fixed: Case[] = [
  ...dtypes.flatMap(dtype => {
    const x: Input = { shape: [3, 4], dtype, values: dtype === 'bool' ? 'bool' : { integersBelow: 2 } }
    return [
      make('argwhere', dtype, [x], (_, x) => x.argwhere(), 'x0.argwhere()'),
      make('nonzeroStatic', dtype, [x], (_, x) => x.nonzeroStatic({ size: 3 }), 'x0.nonzero_static(size=3)'),
      make(
        'nonzeroStatic',
        `${dtype} filled`,
        [x],
        (_, x) => x.nonzeroStatic({ size: 14, fillValue: 7 }),
        'x0.nonzero_static(size=14, fill_value=7)',
      ),
    ]
  }),
  ...[0, 2].map(size =>
    make(
      'nonzeroStatic',
      `0-d, ${size}`,
      [mask([1], [])],
      (_, x) => x.nonzeroStatic({ size }),
      `x0.nonzero_static(size=${size})`,
    ),
  ),
  make(
    'nonzeroStatic',
    'no elements',
    [mask([], [2, 0])],
    (_, x) => x.nonzeroStatic({ size: 2 }),
    'x0.nonzero_static(size=2)',
  ),
  ...(['int64', 'int32', 'int16', 'uint8', 'int8'] as const).map(dtype =>
    make(
      'unravelIndex',
      dtype,
      [{ shape: [2, 3], dtype, values: { integersBelow: 24 } }],
      (dt, x) => dt.unravelIndex(x, [2, 3, 4]),
      'torch.unravel_index(x0, (2, 3, 4))',
    ),
  ),
  make(
    'unravelIndex',
    'beyond',
    [at([30, -1])],
    (dt, x) => dt.unravelIndex(x, [2, 3]),
    'torch.unravel_index(x0, (2, 3))',
  ),
  make('unravelIndex', 'a size', [at([5], [])], (dt, x) => dt.unravelIndex(x, 6), 'torch.unravel_index(x0, 6)'),
]

type Put = [name: string, inputs: Input[], run: Case['run'], torch: string]

const puts: Put[] = [
  ['positions', [at([2, 0]), at([1, 3])], (_, x, v, i, j) => x.indexPut_([i!, j!], v!), 'x0.index_put_((x2, x3), x1)'],
  ['fewer than dims', [at([2, -3])], (_, x, v, i) => x.indexPut_([i!], v!.index(0)), 'x0.index_put_((x2,), x1[0])'],
  ['mask', [mask([1, 0, 1])], (_, x, v, m) => x.indexPut_([m!], v!.index(1)), 'x0.index_put_((x2,), x1[1])'],
  [
    adding,
    [at([2, 0, 2, 2]), at([1, 3, 1, -3])],
    (_, x, v, i, j) => x.indexPut_([i!, j!], v!.index(0), { accumulate: true }),
    'x0.index_put_((x2, x3), x1[0], accumulate=True)',
  ],
]

const put: Case[] = puts.flatMap(([name, indices, run, torch]) => [
  ...dtypes
    .filter(dtype => !(name === adding && dtype === 'bool'))
    .map(dtype => {
      const v: Input = name === 'positions' ? { shape: [2], dtype } : { shape: [2, 4], dtype }
      return make('indexPut_', `${name} ${dtype}`, [{ shape: [3, 4], dtype }, v, ...indices], run, torch)
    }),
  ...layouts
    .filter(layout => layout !== 'expanded')
    .map(layout => {
      const v: Input = name === 'positions' ? { shape: [2], dtype: 'float64' } : { shape: [2, 4], dtype: 'float64' }
      return make(
        'indexPut_',
        `${name} ${layout}`,
        [{ shape: [3, 4], dtype: 'float64', layout }, v, ...indices],
        run,
        torch,
      )
    }),
])

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  const it = { op, name: `${op}: ${name}`, inputs, run, torch }
  return name.startsWith(adding) ? it : { ...it, tolerance: exact } // the order of a sum is a device's own
}

export const cases: Case[] = [...index, ...nonzero, ...fixed, ...put]

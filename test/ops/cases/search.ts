// Places in an order, what is there once, and elements several times. What surprises: NaN comes behind all and differs
// from all, and a value between two dtypes is searched for in the wider one.

import {
  type Case,
  type DType,
  dtypes,
  exact,
  floats,
  type Input,
  isFloat,
  layouts,
  leaf,
  lists,
  type Tensor,
} from '../../support/case.ts'

const nan = Number.NaN

const longs = (values: number[], shape = [values.length]): Input => ({ shape, dtype: 'int64', values })
const doubles = (values: number[], shape = [values.length]): Input => ({ shape, dtype: 'float64', values })

/** Ascending in each row, with equal ones. */
const rows = [-1, 0, 0, 2, 5, 0, 1, 1, 1, 3]
const values = [0, 1, -2, 6, 0, 1]

const searched: Case[] = [
  ...lists.numbers.flatMap(dtype => {
    const sequence: Input = { shape: [5], dtype, values: [0, 1, 1, 2, 5] }
    const wanted: Input = { shape: [2, 3], dtype, values: [0, 1, 2, 6, 5, 3] }
    return [
      make(
        'searchsorted',
        dtype,
        [sequence, wanted],
        (dt, s, v) => dt.searchsorted(s, v),
        'torch.searchsorted(x0, x1)',
      ),
      make(
        'searchsorted',
        `${dtype} right`,
        [sequence, wanted],
        (dt, s, v) => dt.searchsorted(s, v, { right: true }),
        'torch.searchsorted(x0, x1, right=True)',
      ),
      make('bucketize', dtype, [wanted, sequence], (dt, v, s) => dt.bucketize(v, s), 'torch.bucketize(x0, x1)'),
    ]
  }),
  make(
    'searchsorted',
    'rows',
    [doubles(rows, [2, 5]), doubles(values, [2, 3])],
    (dt, s, v) => dt.searchsorted(s, v, { side: 'right' }),
    "torch.searchsorted(x0, x1, side='right')",
  ),
  make(
    'searchsorted',
    'int32 places',
    [doubles(rows, [2, 5]), doubles(values, [2, 3])],
    (dt, s, v) => dt.searchsorted(s, v, { side: 'left', outInt32: true }),
    "torch.searchsorted(x0, x1, side='left', out_int32=True)",
  ),
  make(
    'searchsorted',
    'sorter',
    [
      doubles([5, 0, -1, 2, 0, 1, 3, 1, 0, 1], [2, 5]),
      longs([2, 1, 4, 3, 0, 3, 0, 2, 4, 1], [2, 5]),
      doubles(values, [2, 3]),
    ],
    (dt, s, sorter, v) => dt.searchsorted(s, v, { sorter }),
    'torch.searchsorted(x0, x2, sorter=x1)',
  ),
  make(
    'searchsorted',
    'nan',
    [doubles([1, 3, nan]), doubles([nan, 2, Number.POSITIVE_INFINITY])],
    (dt, s, v) => dt.searchsorted(s, v),
    'torch.searchsorted(x0, x1)',
  ),
  make(
    'searchsorted',
    'wider values',
    [longs([1, 3, 5]), doubles([1.5, 3])],
    (dt, s, v) => dt.searchsorted(s, v),
    'torch.searchsorted(x0, x1)',
  ),
  make(
    'searchsorted',
    'a number',
    [longs([1, 3, 5])],
    (dt, s) => dt.searchsorted(s, 3.5),
    'torch.searchsorted(x0, 3.5)',
  ),
  make(
    'searchsorted',
    'no sequence',
    [doubles([]), doubles([1, 2])],
    (dt, s, v) => dt.searchsorted(s, v),
    'torch.searchsorted(x0, x1)',
  ),
  make(
    'searchsorted',
    'no values',
    [doubles([1, 2]), doubles([], [2, 0])],
    (dt, s, v) => dt.searchsorted(s, v),
    'torch.searchsorted(x0, x1)',
  ),
  make('bucketize', 'a number', [doubles([1, 3, 5])], (dt, s) => dt.bucketize(3, s), 'torch.bucketize(3, x0)'),
  ...layouts.map(layout =>
    make(
      'searchsorted',
      layout,
      [
        { shape: [2, 3], dtype: 'float64', layout },
        { shape: [2, 3], dtype: 'float64', layout },
      ],
      (dt, s, v) => dt.searchsorted(s.sort().values, v),
      'torch.searchsorted(x0.sort().values, x1)',
    ),
  ),
]

const all = { returnInverse: true, returnCounts: true } as const
const torchAll = 'return_inverse=True, return_counts=True'

const different: Case[] = (['unique', 'uniqueConsecutive'] as const).flatMap(op => {
  const torch = op === 'unique' ? 'unique' : 'unique_consecutive'
  const call = (x: Tensor, options?: object) => (x[op] as (options?: object) => Tensor | Tensor[])(options)
  const whole = (name: string, input: Input) =>
    make(op, name, [input], (_, x) => call(x!, all), `x0.detach().${torch}(${torchAll})`)
  const slices = (name: string, input: Input, dim: number) =>
    make(op, name, [input], (_, x) => call(x!, { ...all, dim }), `x0.detach().${torch}(${torchAll}, dim=${dim})`)
  return [
    ...dtypes.map(dtype => whole(dtype, few([4, 5], dtype))),
    ...dtypes.map(dtype => slices(`${dtype} rows`, few([9, 2], dtype), 0)),
    ...([0, 1, -1] as const).map(dim => slices(`dim ${dim}`, few([4, 3, 5], 'float64'), dim)),
    ...[1, 3, 7].map(columns => slices(`rows of ${columns}`, few([40, columns], 'int64'), 0)),
    ...layouts.map(layout => whole(layout, { ...few([4, 6], 'float64'), layout })),
    ...layouts.map(layout => slices(`rows ${layout}`, { ...few([6, 2], 'float64'), layout }, 0)),
    whole('nan', doubles([3, nan, nan, 1, nan, 1])),
    whole('both zeros', doubles([0, -0, 0, 1])),
    whole('0-d', doubles([3], [])),
    whole('none', doubles([], [0, 3])),
    whole('one', doubles([3])),
    whole('many', few([3000], 'int32')),
    slices('no rows', doubles([], [0, 3]), 0),
    make(op, 'elements alone', [few([12], 'float64')], (_, x) => call(x!), `x0.${torch}()`),
    make(
      op,
      'inverse',
      [few([12], 'float64')],
      (_, x) => call(x!, { returnInverse: true }),
      `x0.${torch}(return_inverse=True)`,
    ),
    make(
      op,
      'counts',
      [few([12], 'float64')],
      (_, x) => call(x!, { returnCounts: true }),
      `x0.${torch}(return_counts=True)`,
    ),
  ]
})

const repeated: Case[] = [
  ...dtypes.flatMap(dtype => [
    make(
      'repeatInterleave',
      dtype,
      [maybeLeaf([2, 3], dtype)],
      (_, x) => x.repeatInterleave(2),
      'x0.repeat_interleave(2)',
    ),
    make(
      'repeatInterleaveBy',
      dtype,
      [maybeLeaf([3, 2], dtype), longs([2, 0, 1])],
      (_, x, n) => x.repeatInterleave(n, 0),
      'x0.repeat_interleave(x1, 0)',
    ),
  ]),
  ...floats.flatMap(dtype =>
    [0, 1, -1].map(dim =>
      make(
        'repeatInterleave',
        `${dtype} dim ${dim}`,
        [leaf([2, 3, 2], dtype)],
        (_, x) => x.repeatInterleave(3, { dim }),
        `x0.repeat_interleave(3, dim=${dim})`,
      ),
    ),
  ),
  ...layouts.flatMap(layout => [
    make(
      'repeatInterleave',
      layout,
      [leaf([3, 4], 'float64', { layout })],
      (_, x) => x.repeatInterleave(2, 1),
      'x0.repeat_interleave(2, 1)',
    ),
    make(
      'repeatInterleaveBy',
      layout,
      [leaf([3, 4], 'float64', { layout }), longs([1, 0, 2, 3])],
      (_, x, n) => x.repeatInterleave(n, 1),
      'x0.repeat_interleave(x1, 1)',
    ),
  ]),
  make('repeatInterleave', 'none', [leaf([3], 'float64')], (_, x) => x.repeatInterleave(0), 'x0.repeat_interleave(0)'),
  make('repeatInterleave', '0-d', [leaf([], 'float64')], (_, x) => x.repeatInterleave(3), 'x0.repeat_interleave(3)'),
  make(
    'repeatInterleave',
    'output size',
    [leaf([3, 2], 'float64')],
    (_, x) => x.repeatInterleave(2, 0, { outputSize: 6 }),
    'x0.repeat_interleave(2, 0, output_size=6)',
  ),
  make(
    'repeatInterleaveBy',
    'of all',
    [leaf([2, 2], 'float64'), longs([1, 2, 0, 1])],
    (dt, x, n) => dt.repeatInterleave(x, n),
    'torch.repeat_interleave(x0, x1)',
  ),
  make(
    'repeatInterleaveBy',
    'one number',
    [leaf([2, 2], 'float64'), longs([3], [])],
    (_, x, n) => x.repeatInterleave(n, 1),
    'x0.repeat_interleave(x1, 1)',
  ),
  make(
    'repeatInterleaveBy',
    'int32, output size',
    [leaf([2, 2], 'float64'), { shape: [2], dtype: 'int32', values: [2, 1] }],
    (_, x, n) => x.repeatInterleave(n, { dim: 1, outputSize: 3 }),
    'x0.repeat_interleave(x1, dim=1, output_size=3)',
  ),
  ...(['int64', 'int32'] as const).map(dtype =>
    make(
      'repeatedIndices',
      dtype,
      [{ shape: [4], dtype, values: [1, 0, 3, 2] }],
      (dt, n) => dt.repeatInterleave(n),
      'torch.repeat_interleave(x0)',
    ),
  ),
  make('repeatedIndices', 'none', [longs([])], (dt, n) => dt.repeatInterleave(n), 'torch.repeat_interleave(x0)'),
  make(
    'repeatedIndices',
    'output size',
    [longs([1, 2])],
    (dt, n) => dt.repeatInterleave(n, { outputSize: 3 }),
    'torch.repeat_interleave(x0, output_size=3)',
  ),
]

/** Elements of which several are equal. */
function few(shape: number[], dtype: DType): Input {
  return { shape, dtype, values: dtype === 'bool' ? 'bool' : { integersBelow: 3 } }
}

function maybeLeaf(shape: number[], dtype: DType): Input {
  return isFloat(dtype) ? leaf(shape, dtype) : { shape, dtype }
}

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch, tolerance: exact }
}

export const cases: Case[] = [...searched, ...different, ...repeated]

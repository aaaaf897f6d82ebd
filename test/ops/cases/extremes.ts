// min argmin amax amin. What surprises: amax and amin share a gradient between equals, while min along a dim gives it
// to the index returned; and NaN wins over everything.

import {
  type Case,
  type DType,
  dtypes,
  exact,
  floats,
  halves,
  type Input,
  leaf,
  rowsOf,
  show,
  type Tensor,
} from '../../support/case.ts'

const ops = ['amax', 'amin'] as const
const nan = Number.NaN

function smallest(): Case[] {
  return [
    ...floats.flatMap(dtype => [
      ...rowsOf(dtype, [[5, 3], [], [7], [2, 3, 5], [31, 7]], 2).flatMap(shape => [
        make('min', `${dtype} ${show(shape)}`, distinct(shape, dtype), x => x.min(), 'x0.min()'),
        make('argmin', `${dtype} ${show(shape)}`, distinct(shape, dtype), x => x.argmin(), 'x0.argmin()'),
      ]),
      ...rowsOf(dtype, [0, 1, -1]).flatMap(dim => [
        along(`${dtype} dim ${dim}`, distinct([3, 5, 4], dtype), dim),
        where(`${dtype} dim ${dim}`, distinct([3, 5, 4], dtype), dim),
      ]),
      ...(['sliced', 'transposed'] as const).flatMap(layout => [
        along(`${dtype} ${layout} dim 0`, distinct([5, 7], dtype, { layout }), 0),
        where(`${dtype} ${layout} dim 1`, distinct([5, 7], dtype, { layout }), 1),
      ]),
      ...tied(dtype),
    ]),
    ...dtypes
      .filter(dtype => !dtype.includes('float'))
      .flatMap(dtype => [
        make('min', dtype, { shape: [5, 3], dtype }, x => x.min(), 'x0.min()'),
        along(dtype, { shape: [5, 3], dtype }, 1),
        ...(dtype === 'bool' ? [] : [where(dtype, { shape: [5, 3], dtype }, 1)]), // PyTorch has no argmin of bool
      ]),
    along('all inf', { shape: [2, 3], values: Array(6).fill(Infinity) }, 1),
    along('int64 beyond 2^53', { shape: [2], dtype: 'int64', values: [2 ** 53 + 2, 2 ** 53] }, 0),
    make(
      'minDim',
      'keepdim',
      distinct([3, 5], 'float32'),
      x => Object.values(x.min({ dim: 1, keepdim: true })),
      'list(x0.min(1, keepdim=True))',
    ),
    make(
      'argmin',
      'keepdim',
      distinct([3, 5], 'float32', { grad: false }),
      x => x.argmin({ keepdim: true }),
      'x0.argmin(keepdim=True)',
    ),
    make('min', 'squares', distinct([3, 4], 'float64'), x => x.mul(x).min(), '(x0 * x0).min()'),
  ]
}

function tied(dtype: DType): Case[] {
  const ties: Input = { shape: [2, 4], dtype, grad: true, values: [1, 0, 3, 0, 3, 2, 2, 2] }
  const nans: Input = { shape: [2, 4], dtype, grad: true, values: [1, nan, 3, nan, 5, 4, -Infinity, -1] }
  return [
    { ...make('min', `${dtype} ties`, ties, x => x.min(), 'x0.min()'), kink: 'ties' },
    { ...along(`${dtype} ties`, ties, 1), kink: 'ties' },
    where(`${dtype} ties`, ties, 1),
    { ...make('min', `${dtype} nan`, nans, x => x.min(), 'x0.min()'), kink: 'NaN' },
    { ...along(`${dtype} nan`, nans, 1), kink: 'NaN' },
    where(`${dtype} nan`, nans, 1),
  ]
}

function overDims(): Case[] {
  return ops.flatMap(op => [
    ...floats.flatMap(dtype => [
      ...rowsOf(dtype, [[3, 4], [], [7], [31, 37]]).map(shape =>
        make(op, `${dtype} ${show(shape)}`, distinct(shape, dtype), x => x[op](), `x0.${op}()`),
      ),
      make(op, `${dtype} dim 1`, distinct([3, 5, 2], dtype), x => x[op](1), `x0.${op}(1)`),
      ...rowsOf(dtype, ['sliced', 'transposed'] as const).map(layout =>
        make(op, `${dtype} ${layout}`, distinct([5, 7], dtype, { layout }), x => x[op](0), `x0.${op}(0)`),
      ),
      {
        ...make(
          op,
          `${dtype} ties`,
          { shape: [2, 4], dtype, grad: true, values: [1, 0, 1, 0, 3, 2, 2, 2] },
          x => x[op]({ dim: 1, keepdim: true }),
          `x0.${op}(1, keepdim=True)`,
        ),
        kink: 'ties',
      },
    ]),
    ...dtypes
      .filter(dtype => !dtype.includes('float'))
      .map(dtype => make(op, dtype, { shape: [5, 3], dtype }, x => x[op](0), `x0.${op}(0)`)),
    make(op, 'two dims', distinct([2, 3, 5], 'float64'), x => x[op]([0, -1]), `x0.${op}((0, -1))`),
    make(op, 'beside an empty dim', distinct([3, 0], 'float32'), x => x[op](0), `x0.${op}(0)`),
    make(op, 'nan', { shape: [2, 2], values: [1, nan, 2, 3] }, x => x[op](1), `x0.${op}(1)`),
    make(op, 'of squares', distinct([3, 4], 'float64'), x => x.mul(x)[op](1), `(x0 * x0).${op}(1)`),
  ])
}

function along(name: string, input: Input, dim: number): Case {
  return make('minDim', name, input, x => Object.values(x.min(dim)), `list(x0.min(${dim}))`)
}

function where(name: string, input: Input, dim: number): Case {
  return make('argmin', `${name} dim ${dim}`, input, x => x.argmin(dim), `x0.argmin(${dim})`)
}

function distinct(shape: number[], dtype: DType, rest: Partial<Input> = {}): Input {
  return leaf(shape, dtype, { values: 'distinct', ...rest })
}

function make(op: string, name: string, input: Input, run: (x: Tensor) => Tensor | Tensor[], torch: string): Case {
  const inputs = [op === 'argmin' ? { ...input, grad: false } : input]
  // A shared gradient is rounded when it is divided.
  const rounded = halves.includes(input.dtype as 'float16') && op !== 'argmin'
  return { op, name: `${op}: ${name}`, inputs, run: (_, x) => run(x!), torch, ...(rounded ? {} : { tolerance: exact }) }
}

export const cases: Case[] = [...smallest(), ...overDims()]

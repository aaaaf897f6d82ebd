// maxPool2d. What surprises: padding counts as -inf, so it never wins; of equal values the first in row order gets the
// gradient; ceilMode drops a last window that would start in the padding; NaN wins.

import type { Dtrain, Input, Tensor } from '../../support/case.ts'
import {
  type Case,
  type DType,
  exact,
  floats,
  ints,
  isFloat,
  layouts,
  leaf,
  lists,
  rowsOf,
  show,
} from '../../support/case.ts'

type Pair = number | [number, number]

interface Options {
  stride?: Pair
  padding?: Pair
  dilation?: Pair
  ceilMode?: boolean
}

type Row = [name: string, x: number[], kernel: Pair, options: Options]

const table: Row[] = [
  ['2x2', [2, 3, 4, 6], 2, {}],
  ['odd size drops the last', [1, 2, 5, 7], 2, {}],
  ['odd size, ceilMode', [1, 2, 5, 7], 2, { ceilMode: true }],
  ['overlapping', [2, 2, 6, 5], 3, { stride: 1 }],
  ['overlapping stride 2', [2, 2, 7, 7], 3, { stride: 2 }],
  ['padding 1', [1, 2, 4, 4], 3, { stride: 2, padding: 1 }],
  ['padding 1, ceilMode', [1, 2, 5, 4], 3, { stride: 2, padding: 1, ceilMode: true }],
  ['ceilMode drops a window that starts in the padding', [1, 1, 3, 3], 2, { stride: 2, padding: 1, ceilMode: true }],
  ['stride larger than the kernel', [1, 2, 7, 8], 2, { stride: 3 }],
  ['dilation 2', [1, 2, 6, 7], 2, { stride: 1, dilation: 2 }],
  ['dilation 2 with padding', [1, 2, 6, 7], 3, { stride: 2, padding: 1, dilation: 2 }],
  ['kernel 1', [1, 2, 3, 3], 1, {}],
  ['different in height and width', [2, 2, 7, 6], [3, 2], { stride: [2, 1], padding: [1, 0] }],
  ['kernel as large as the image', [2, 2, 4, 3], [4, 3], {}],
  ['prime sizes', [3, 5, 7, 11], 3, { stride: 2, padding: 1 }],
  ['batch of 0', [0, 2, 4, 4], 2, {}],
  ['unbatched', [2, 4, 5], 2, {}],
]

function plain(): Case[] {
  return floats.flatMap(dtype =>
    rowsOf(dtype, table).map(([name, x, kernel, options]) =>
      make(`${name} ${dtype}`, distinct(x, dtype), kernel, options),
    ),
  )
}

/** The least integer stands for what lies in the padding. */
function integers(): Case[] {
  return ints.map(dtype => make(`${dtype} with padding`, { shape: [2, 3, 5, 4], dtype }, 3, { stride: 2, padding: 1 }))
}

function strided(): Case[] {
  return layouts.map(layout => make(layout, distinct([2, 3, 4, 5], 'float64', { layout }), 2, { stride: 1 }))
}

function special(): Case[] {
  const overlap: Options = { stride: 1 }
  return floats.flatMap(dtype => [
    make(`ties ${dtype}`, leaf([1, 1, 4, 4], dtype, { values: Array(16).fill(2) }), 3, overlap, 'ties'),
    make(
      `zeros, as after relu, ${dtype}`,
      leaf([1, 1, 3, 3], dtype, { values: [0, 0, 1, 0, 0, 0, 1, 0, 0] }),
      2,
      overlap,
      'ties',
    ),
    make(
      `all -inf with padding ${dtype}`,
      leaf([1, 1, 2, 2], dtype, { values: Array(4).fill(-Infinity) }),
      3,
      { padding: 1, stride: 1 },
      'ties',
    ),
    make(`negative with padding ${dtype}`, leaf([1, 1, 2, 2], dtype, { values: [-5, -3, -4, -2] }), 3, {
      padding: 1,
      stride: 1,
    }),
    make(
      `nan ${dtype}`,
      leaf([1, 1, 3, 3], dtype, { values: [1, 2, 3, 4, Number.NaN, 6, 7, 8, 9] }),
      2,
      overlap,
      'NaN',
    ),
    make(
      `two nans in a window ${dtype}`,
      leaf([1, 1, 2, 2], dtype, { values: [Number.NaN, 5, Number.NaN, 7] }),
      2,
      {},
      'NaN',
    ),
  ])
}

function composed(): Case[] {
  return [
    {
      op: 'maxPool',
      name: 'maxPool2d: a dilated window that misses the image', // forward only: PyTorch's gradient goes to a pixel outside the window
      inputs: [{ shape: [1, 1, 3, 1] }],
      run: (dt, x) => dt.maxPool2d(x, 2, { stride: 1, padding: 1, dilation: 2 }),
      torch: 'F.max_pool2d(x0, 2, stride=1, padding=1, dilation=2)',
      tolerance: exact,
    },
    {
      op: 'maxPool',
      name: 'maxPool2d: one pixel wins several windows',
      inputs: [leaf([1, 1, 3, 3], 'float64', { values: [1, 2, 3, 4, 9, 5, 6, 7, 8] })],
      run: (dt, x) => dt.maxPool2d(x, 2, { stride: 1 }),
      torch: 'F.max_pool2d(x0, 2, stride=1)',
      tolerance: exact,
    },
    {
      op: 'maxPool',
      name: 'maxPool2d: channels last',
      inputs: [distinct([2, 4, 5, 3], 'float64')],
      run: (dt, x) => dt.maxPool2d(x.permute(0, 3, 1, 2), 2),
      torch: 'F.max_pool2d(x0.permute(0, 3, 1, 2), 2)',
      tolerance: exact,
    },
  ]
}

function distinct(shape: number[], dtype: DType, rest: Partial<Input> = {}): Input {
  return leaf(shape, dtype, { values: 'distinct', ...rest })
}

function make(name: string, input: Input, kernel: Pair, options: Options, kink?: string): Case {
  const ties = input.layout === 'expanded' ? undefined : kink // equal images, not equal neighbours
  const python = (value: Pair | boolean) =>
    Array.isArray(value) ? `(${value.join(', ')})` : value === true ? 'True' : `${value}`
  const keywords = Object.entries(options).map(
    ([key, value]) => `, ${key === 'ceilMode' ? 'ceil_mode' : key}=${python(value)}`,
  )
  return {
    op: 'maxPool',
    name: `maxPool2d: ${name}`,
    inputs: [input],
    run: (dt, x) => dt.maxPool2d(x, kernel, options),
    torch: `F.max_pool2d(x0, ${python(kernel)}${keywords.join('')})`,
    tolerance: exact,
    kink: ties,
  }
}

/** With the positions of the largest values. */
function indexed(): Case[] {
  return lists.numbers.flatMap(dtype =>
    [
      [2, 3, 6, 5],
      [3, 4, 4],
    ].map(shape => ({
      op: 'maxPoolWithIndices',
      name: `maxPool2dWithIndices: ${dtype} ${show(shape)}`,
      inputs: [isFloat(dtype) ? distinct(shape, dtype) : { shape, dtype }],
      run: (dt: Dtrain, x: Tensor) => dt.maxPool2d(x, 2, { padding: 1, returnIndices: true }),
      torch: 'F.max_pool2d(x0, 2, padding=1, return_indices=True)',
      tolerance: exact,
    })),
  )
}

export const cases: Case[] = [...plain(), ...indexed(), ...integers(), ...strided(), ...special(), ...composed()]

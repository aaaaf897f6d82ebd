// conv2d, NCHW. What surprises: it is a correlation (the kernel is not flipped), and rows or columns that a stride does
// not reach get a zero gradient. The output width is floor((w + 2 padding - dilation (k - 1) - 1) / stride) + 1.
// Eleven images are so many that oneDNN computes them on the CPU.

import {
  type Case,
  type DType,
  exact,
  floats,
  type Input,
  ints,
  layouts,
  leaf,
  rowsOf,
  type Tensor,
} from '../../support/case.ts'

type Sizes = number | number[]

export interface Options {
  stride?: Sizes
  padding?: Sizes | 'same'
  outputPadding?: Sizes
  dilation?: Sizes
  groups?: number
}

type Row = [name: string, x: number[], w: number[], options: Options, bias?: boolean]

const table: Row[] = [
  ['3x3', [2, 3, 5, 6], [4, 3, 3, 3], {}],
  ['1x1', [2, 3, 4, 3], [4, 3, 1, 1], {}],
  ['5x5 padding 2', [1, 1, 6, 5], [3, 1, 5, 5], { padding: 2 }],
  ['stride 2', [2, 2, 7, 7], [3, 2, 3, 3], { stride: 2 }],
  ['stride 2 leaves the last row and column out', [1, 2, 6, 6], [2, 2, 3, 3], { stride: 2 }],
  ['stride 3 larger than the kernel', [1, 2, 8, 7], [2, 2, 2, 2], { stride: 3 }],
  ['padding 1', [2, 2, 4, 5], [3, 2, 3, 3], { padding: 1 }],
  ['padding as large as the kernel', [1, 1, 3, 3], [2, 1, 3, 3], { padding: 3 }],
  ['padding in one direction', [1, 2, 4, 5], [2, 2, 3, 3], { padding: [0, 1] }],
  ['dilation 2', [2, 2, 7, 6], [2, 2, 3, 3], { dilation: 2 }],
  ['dilation 2 padding 2 keeps the size', [1, 2, 5, 4], [2, 2, 3, 3], { dilation: 2, padding: 2 }],
  [
    'all options, different in height and width',
    [2, 4, 9, 8],
    [6, 2, 3, 2],
    { stride: [2, 1], padding: [1, 2], dilation: [1, 3], groups: 2 },
  ],
  ['groups 2', [2, 4, 5, 4], [6, 2, 3, 3], { groups: 2 }],
  ['depthwise', [2, 3, 5, 5], [3, 1, 3, 3], { groups: 3, padding: 1 }],
  ['depthwise with a multiplier', [1, 3, 5, 4], [6, 1, 3, 3], { groups: 3, stride: 2 }],
  ['no bias', [2, 3, 5, 4], [4, 3, 3, 3], {}, false],
  ['1x1 no bias stride 2', [2, 3, 5, 4], [4, 3, 1, 1], { stride: 2 }, false],
  ['kernel 1x3', [1, 2, 4, 6], [3, 2, 1, 3], { padding: [0, 1] }],
  ['kernel 3x1', [1, 2, 6, 4], [3, 2, 3, 1], {}],
  ['even kernel', [1, 2, 5, 5], [2, 2, 2, 4], { padding: [1, 2] }],
  ['even kernel, same', [1, 2, 5, 4], [2, 2, 2, 4], { padding: 'same' }],
  ['kernel as large as the image', [2, 3, 4, 3], [2, 3, 4, 3], {}],
  ['one pixel', [3, 2, 1, 1], [2, 2, 1, 1], {}],
  ['one channel, one filter', [1, 1, 5, 5], [1, 1, 3, 3], {}],
  ['prime sizes', [1, 5, 7, 11], [3, 5, 3, 2], { padding: 1 }],
  ['batch of 0', [0, 2, 5, 5], [3, 2, 3, 3], {}],
  ['eleven images', [11, 1, 3, 4], [2, 1, 2, 2], { padding: 1, stride: [1, 2] }],
  ['eleven images of groups', [11, 2, 3, 3], [2, 1, 2, 2], { dilation: [1, 2], groups: 2 }],
]

function plain(): Case[] {
  return floats.flatMap(dtype =>
    rowsOf(dtype, table, 2).map(([name, x, w, options, bias = true]) =>
      conv(`${name} ${dtype}`, dtype, x, w, options, bias),
    ),
  )
}

/** Integers wrap. */
function integers(): Case[] {
  const rows: [name: string, x: number[], w: number[], options: Options][] = [
    ['3x3 padding 1', [2, 2, 4, 3], [2, 2, 3, 3], { padding: 1 }],
    ['groups 2 stride 2', [1, 4, 5, 4], [2, 2, 2, 2], { groups: 2, stride: 2 }],
  ]
  return ints.flatMap(dtype =>
    rows.map(([name, x, w, options]) => ({
      ...make(
        `${name} ${dtype}`,
        [
          { shape: x, dtype },
          { shape: w, dtype },
          { shape: [2], dtype },
        ],
        options,
      ),
      tolerance: exact,
      sequential: 'cuDNN has no integers',
    })),
  )
}

function strided(): Case[] {
  return layouts.flatMap(layout =>
    (['float32', 'float64'] as const).map(dtype =>
      make(
        `${layout} input and weight ${dtype}`,
        [leaf([2, 3, 5, 4], dtype, { layout }), leaf([2, 3, 3, 3], dtype, { layout }), leaf([2], dtype)],
        { padding: 1 },
      ),
    ),
  )
}

function special(): Case[] {
  const x = leaf([2, 4, 5, 3], 'float64')
  const w = leaf([2, 3, 3, 3], 'float64')
  return [
    {
      op: 'conv2d',
      name: 'conv2d: channels last',
      inputs: [x, w],
      run: (dt, x, w) => dt.conv2d(x.permute(0, 3, 1, 2), w),
      torch: 'F.conv2d(x0.permute(0, 3, 1, 2), x1)',
    },
    {
      op: 'conv2d',
      name: 'conv2d: unbatched',
      inputs: [leaf([2, 5, 4], 'float32'), leaf([3, 2, 3, 3], 'float32'), leaf([3], 'float32')],
      run: (dt, x, w, b) => dt.conv2d(x, w, b),
      torch: 'F.conv2d(x0, x1, x2)',
    },
    {
      op: 'conv2d',
      name: 'conv2d: only the weight needs a gradient',
      inputs: [{ shape: [2, 2, 5, 5] }, leaf([3, 2, 3, 3], 'float32'), { shape: [3] }],
      run: (dt, x, w, b) => dt.conv2d(x, w, b),
      torch: 'F.conv2d(x0, x1, x2)',
    },
    {
      op: 'conv2d',
      name: 'conv2d: only the bias needs a gradient',
      inputs: [{ shape: [2, 2, 5, 5] }, { shape: [3, 2, 3, 3] }, leaf([3], 'float32')],
      run: (dt, x, w, b) => dt.conv2d(x, w, b),
      torch: 'F.conv2d(x0, x1, x2)',
    },
    {
      op: 'conv2d',
      name: 'conv2d: only the input needs a gradient',
      inputs: [leaf([2, 2, 5, 5], 'float32'), { shape: [3, 2, 3, 3] }, { shape: [3] }],
      run: (dt, x, w, b) => dt.conv2d(x, w, b),
      torch: 'F.conv2d(x0, x1, x2)',
    },
    {
      op: 'conv2d',
      name: 'conv2d: twice with one weight',
      inputs: [leaf([1, 2, 6, 5], 'float64'), leaf([2, 2, 3, 3], 'float64')],
      run: (dt, x, w) => dt.conv2d(dt.conv2d(x, w, { padding: 1 }), w),
      torch: 'F.conv2d(F.conv2d(x0, x1, padding=1), x1)',
    },
    {
      op: 'conv2d',
      name: 'conv2d: nan stays in its window',
      inputs: [{ shape: [1, 1, 4, 4], values: [Number.NaN, ...Array(15).fill(1)] }, { shape: [1, 1, 2, 2] }],
      run: (dt, x, w) => dt.conv2d(x, w),
      torch: 'F.conv2d(x0, x1)',
    },
  ]
}

function conv(name: string, dtype: DType, x: number[], w: number[], options: Options, bias: boolean): Case {
  const inputs = [leaf(x, dtype), leaf(w, dtype)]
  return make(name, bias ? [...inputs, leaf([w[0] ?? 0], dtype)] : inputs, options)
}

function make(name: string, inputs: Input[], options: Options): Case {
  return caseOf('conv2d', name, inputs, options)
}

/** A call of a convolution with input, weight and perhaps a bias. */
export function caseOf(op: string, name: string, inputs: Input[], options: Options): Case {
  const snake = (word: string) => word.replace(/(?=[A-Z])/g, '_').replace('Transpose', 'transpose')
  const keywords = Object.entries(options).map(
    ([key, value]) =>
      `, ${snake(key).toLowerCase()}=${Array.isArray(value) ? `(${value.join(', ')},)` : JSON.stringify(value)}`,
  )
  return {
    op,
    name: `${op}: ${name}`,
    inputs,
    run: (dt, x, w, b) => {
      const call = (dt.nn.functional as unknown as Record<string, (...args: unknown[]) => Tensor>)[op]!
      return b ? call(x, w, b, options) : call(x, w, options)
    },
    torch: `F.${snake(op)}(x0, x1${inputs.length > 2 ? ', x2' : ''}${keywords.join('')})`,
  }
}

export const cases: Case[] = [...plain(), ...integers(), ...strided(), ...special()]

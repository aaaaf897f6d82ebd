// Convolutions of one and of three dimensions, and transposed ones of one to three. What surprises: an outputPadding of
// a stride or more, which a dilation allows. Eleven images are so many that oneDNN computes them on the CPU.

import { type Case, type DType, exact, floats, ints, layouts, leaf, rowsOf } from '../../support/case.ts'
import { caseOf, type Options } from './conv.ts'

type Row = [op: string, name: string, x: number[], w: number[], options: Options, bias?: number]

const table: Row[] = [
  ['conv1d', 'all options', [2, 4, 9], [6, 2, 3], { stride: 2, padding: 3, dilation: 2, groups: 2 }, 6],
  ['conv1d', 'k 1', [2, 3, 5], [4, 3, 1], {}, 4],
  ['conv1d', 'even kernel, same', [1, 2, 6], [3, 2, 4], { padding: 'same' }],
  ['conv1d', 'depthwise', [2, 3, 7], [6, 1, 3], { groups: 3, padding: [1] }, 6],
  ['conv1d', 'one window', [3, 2, 4], [2, 2, 4], {}],
  ['conv1d', 'unbatched', [2, 6], [3, 2, 3], { padding: 1 }, 3],
  ['conv1d', 'batch of 0', [0, 2, 5], [3, 2, 3], {}, 3],
  ['conv1d', 'eleven signals', [11, 2, 4], [2, 1, 3], { stride: 2, padding: 2, dilation: 2, groups: 2 }, 2],
  [
    'conv3d',
    'all options, different in each dimension',
    [1, 4, 3, 4, 3],
    [4, 2, 2, 3, 2],
    { stride: [1, 2, 1], padding: [0, 1, 2], dilation: [2, 1, 3], groups: 2 },
    4,
  ],
  ['conv3d', '2x3x3', [2, 2, 3, 4, 3], [2, 2, 2, 3, 3], {}, 2],
  ['conv3d', 'even kernel, same', [1, 1, 3, 2, 3], [2, 1, 2, 1, 4], { padding: 'same' }],
  ['conv3d', 'depthwise, stride 2', [1, 2, 5, 3, 4], [2, 1, 3, 3, 3], { groups: 2, stride: 2, padding: 1 }, 2],
  ['conv3d', 'unbatched', [2, 3, 4, 3], [2, 2, 2, 2, 2], {}, 2],
  ['conv3d', 'batch of 0', [0, 2, 3, 3, 3], [3, 2, 2, 2, 2], {}, 3],
  ['conv3d', 'eleven volumes', [11, 2, 2, 2, 3], [2, 1, 2, 1, 2], { padding: [1, 0, 1], groups: 2 }, 2],
  ['convTranspose1d', 'stride 2', [2, 3, 5], [3, 4, 3], { stride: 2 }, 4],
  [
    'convTranspose1d',
    'all options',
    [2, 4, 5],
    [4, 3, 3],
    { stride: 3, padding: 1, outputPadding: 2, dilation: 2, groups: 2 },
    6,
  ],
  ['convTranspose1d', 'outputPadding beyond the stride', [2, 2, 4], [2, 3, 3], { outputPadding: 2, dilation: 3 }, 3],
  ['convTranspose1d', 'padding of all but the middle', [1, 2, 4], [2, 2, 5], { padding: 3 }],
  ['convTranspose1d', 'unbatched', [2, 4], [2, 3, 3], { stride: [2] }, 3],
  ['convTranspose1d', 'batch of 0', [0, 2, 4], [2, 3, 3], {}, 3],
  ['convTranspose1d', 'eleven signals', [11, 2, 2], [2, 1, 3], { stride: 2, outputPadding: 1, groups: 2 }, 2],
  ['convTranspose2d', 'stride 2', [2, 3, 3, 4], [3, 4, 2, 2], { stride: 2 }, 4],
  [
    'convTranspose2d',
    'all options, different in height and width',
    [2, 4, 2, 3],
    [4, 3, 3, 2],
    { stride: [2, 3], padding: [1, 0], outputPadding: [1, 2], dilation: [1, 2], groups: 2 },
    6,
  ],
  [
    'convTranspose2d',
    'outputPadding beyond the stride in one direction',
    [1, 2, 3, 3],
    [2, 2, 3, 3],
    { stride: [2, 1], outputPadding: [1, 3], dilation: [1, 4], padding: 2 },
    2,
  ],
  ['convTranspose2d', '1x1, no bias', [2, 3, 3, 2], [3, 4, 1, 1], {}],
  ['convTranspose2d', 'depthwise', [1, 3, 4, 4], [3, 1, 3, 3], { groups: 3 }, 3],
  ['convTranspose2d', 'unbatched', [2, 3, 4], [2, 3, 3, 3], { padding: 1 }, 3],
  ['convTranspose2d', 'eleven images', [11, 2, 2, 1], [2, 1, 2, 3], { stride: 2, padding: [0, 1] }, 1],
  ['convTranspose3d', 'stride 2', [2, 1, 2, 2, 1], [1, 2, 2, 1, 2], { stride: 2 }, 2],
  [
    'convTranspose3d',
    'all options, different in each dimension',
    [1, 2, 2, 2, 2],
    [2, 2, 2, 3, 2],
    { stride: [1, 2, 3], padding: [0, 1, 1], outputPadding: [0, 1, 2], dilation: [1, 1, 2], groups: 2 },
    4,
  ],
  ['convTranspose3d', 'no bias', [1, 1, 3, 3, 2], [1, 2, 3, 2, 3], { padding: 1 }],
  ['convTranspose3d', 'unbatched', [2, 3, 2, 3], [2, 2, 2, 2, 2], {}, 2],
  [
    'convTranspose3d',
    'eleven volumes',
    [11, 1, 1, 2, 1],
    [1, 2, 2, 1, 2],
    { stride: [1, 2, 1], dilation: [1, 1, 2] },
    2,
  ],
]

const ops = [...new Set(table.map(([op]) => op))]
const rowsFor = (op: string) => table.filter(([of]) => of === op)

function make(dtype: DType, [op, name, x, w, options, bias]: Row): Case {
  const inputs = [leaf(x, dtype), leaf(w, dtype)]
  return caseOf(op, `${name} ${dtype}`, bias === undefined ? inputs : [...inputs, leaf([bias], dtype)], options)
}

/** PyTorch dilates and transposes int64 alone, so for the others it is asked for that, which wraps alike. */
function whole(dtype: DType, [op, name, x, w, options, bias = 0]: Row): Case {
  const inputs = [x, w, [bias]].map(shape => ({ shape, dtype }))
  const it = caseOf(op, `${name} ${dtype}`, inputs, options)
  const torch = `${it.torch.replace(/x[012]/g, '$&.long()')}.to(torch.${dtype})`
  return { ...it, torch, tolerance: exact, sequential: 'cuDNN has no integers' }
}

function strided(op: string): Case[] {
  const [, , x, w] = rowsFor(op).find(([, , , , options]) => options.groups === undefined)!
  return layouts.map(layout =>
    caseOf(op, `${layout} input and weight`, [leaf(x, 'float64', { layout }), leaf(w, 'float64', { layout })], {}),
  )
}

/** One of three inputs needs a gradient. */
function alone(op: string): Case[] {
  const [, , x, w, options, bias] = rowsFor(op)[0]!
  return ['input', 'weight', 'bias'].map((name, chosen) =>
    caseOf(
      op,
      `only the ${name} needs a gradient`,
      [x, w, [bias!]].map((shape, i) => (i === chosen ? leaf(shape, 'float32') : { shape })),
      options,
    ),
  )
}

export const cases: Case[] = [
  ...floats.flatMap(dtype => ops.flatMap(op => rowsOf(dtype, rowsFor(op), 2).map(row => make(dtype, row)))),
  ...ints.flatMap(dtype => ops.map(op => whole(dtype, rowsFor(op)[0]!))),
  ...ops.flatMap(strided),
  ...ops.flatMap(alone),
]

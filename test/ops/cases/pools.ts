// Pools of other dimensions than two, and those that share a plane out, are told where windows start, or bring values
// back. What surprises: equal positions of maxUnpool keep the last value.

import { type Case, type DType, exact, floats, type Input, leaf, rowsOf } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const largest: ShapeRow[] = [
  [
    'maxPool',
    'of a sequence',
    [2, 3, 9],
    (dt, x) => dt.maxPool1d(x, 3, { stride: 2, padding: 1 }),
    'F.max_pool1d(x0, 3, 2, 1)',
  ],
  [
    'maxPoolWithIndices',
    'of a sequence',
    [3, 9],
    (dt, x) => dt.maxPool1d(x, 2, { dilation: 3, ceilMode: true, returnIndices: true }),
    'F.max_pool1d(x0, 2, dilation=3, ceil_mode=True, return_indices=True)',
  ],
  [
    'maxPoolWithIndices',
    'of a volume',
    [1, 2, 5, 4, 6],
    (dt, x) => dt.maxPool3d(x, [2, 3, 2], { stride: [2, 1, 2], padding: [1, 1, 0], returnIndices: true }),
    'F.max_pool3d(x0, (2, 3, 2), (2, 1, 2), (1, 1, 0), return_indices=True)',
  ],
  [
    'maxPool',
    'of a volume without a batch, dilated',
    [2, 5, 5, 6],
    (dt, x) => dt.maxPool3d(x, 2, { stride: 1, padding: 1, dilation: [1, 2, 3], ceilMode: true }),
    'F.max_pool3d(x0, 2, 1, 1, (1, 2, 3), True)',
  ],
  [
    'adaptiveMaxPool',
    'of an image',
    [2, 3, 5, 7],
    (dt, x) => dt.nn.functional.adaptiveMaxPool2d(x, [3, 4], { returnIndices: true }),
    'F.adaptive_max_pool2d(x0, (3, 4), return_indices=True)',
  ],
  [
    'adaptiveMaxPool',
    'of a sequence, to more',
    [2, 3, 5],
    (dt, x) => dt.nn.functional.adaptiveMaxPool1d(x, 8, { returnIndices: true }),
    'F.adaptive_max_pool1d(x0, 8, return_indices=True)',
  ],
  [
    'adaptiveMaxPool',
    'of a volume, one size as it is',
    [2, 4, 5, 3],
    (dt, x) => dt.nn.functional.adaptiveMaxPool3d(x, [3, null, 2]),
    'F.adaptive_max_pool3d(x0, (3, None, 2))',
  ],
  [
    'adaptiveMaxPool',
    'transposed',
    [1, 2, 6, 5],
    (dt, x) => dt.nn.functional.adaptiveMaxPool2d(x.transpose(2, 3), 2),
    'F.adaptive_max_pool2d(x0.transpose(2, 3), 2)',
  ],
]

const averages: ShapeRow[] = [
  ['avgPool', 'of an image', [2, 3, 5, 6], (dt, x) => dt.nn.functional.avgPool2d(x, 2), 'F.avg_pool2d(x0, 2)'],
  [
    'avgPool',
    'of an image, with all options',
    [2, 3, 7, 6],
    (dt, x) =>
      dt.nn.functional.avgPool2d(x, [3, 2], { stride: [2, 3], padding: [1, 1], ceilMode: true, divisorOverride: 5 }),
    'F.avg_pool2d(x0, (3, 2), (2, 3), (1, 1), True, True, 5)',
  ],
  [
    'avgPool',
    'of an image, the padding counts',
    [3, 5, 4],
    (dt, x) => dt.nn.functional.avgPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true }),
    'F.avg_pool2d(x0, 3, 2, 1, True)',
  ],
  [
    'avgPool',
    'of an image, the padding does not count',
    [1, 2, 5, 4],
    (dt, x) => dt.nn.functional.avgPool2d(x, 3, { stride: 1, padding: 1, countIncludePad: false }),
    'F.avg_pool2d(x0, 3, 1, 1, count_include_pad=False)',
  ],
  [
    'avgPool',
    'of a sequence',
    [2, 2, 9],
    (dt, x) => dt.avgPool1d(x, 4, { stride: 3, padding: 2, ceilMode: true, countIncludePad: false }),
    'F.avg_pool1d(x0, 4, 3, 2, True, False)',
  ],
  [
    'avgPool',
    'of a volume',
    [1, 2, 4, 5, 3],
    (dt, x) => dt.nn.functional.avgPool3d(x, [2, 3, 2], { stride: [1, 2, 2], padding: 1, divisorOverride: -2 }),
    'F.avg_pool3d(x0, (2, 3, 2), (1, 2, 2), 1, divisor_override=-2)',
  ],
  [
    'avgPool',
    'of a volume without a batch',
    [2, 4, 5, 3],
    (dt, x) => dt.nn.functional.avgPool3d(x, 2, { padding: 1, ceilMode: true }),
    'F.avg_pool3d(x0, 2, padding=1, ceil_mode=True)',
  ],
  [
    'avgPool',
    'transposed',
    [1, 2, 6, 5],
    (dt, x) => dt.nn.functional.avgPool2d(x.transpose(2, 3), 2),
    'F.avg_pool2d(x0.transpose(2, 3), 2)',
  ],
  ['avgPool', 'of no batch', [0, 2, 4, 4], (dt, x) => dt.nn.functional.avgPool2d(x, 2), 'F.avg_pool2d(x0, 2)'],
  [
    'adaptiveAvgPool',
    'of an image',
    [2, 3, 5, 7],
    (dt, x) => dt.nn.functional.adaptiveAvgPool2d(x, [3, 4]),
    'F.adaptive_avg_pool2d(x0, (3, 4))',
  ],
  [
    'adaptiveAvgPool',
    'of an image, to one',
    [2, 3, 5, 7],
    (dt, x) => dt.nn.functional.adaptiveAvgPool2d(x, 1),
    'F.adaptive_avg_pool2d(x0, 1)',
  ],
  [
    'adaptiveAvgPool',
    'of a sequence, to more',
    [3, 5],
    (dt, x) => dt.adaptiveAvgPool1d(x, 8),
    'F.adaptive_avg_pool1d(x0, 8)',
  ],
  [
    'adaptiveAvgPool',
    'of a sequence, to one',
    [2, 3, 5],
    (dt, x) => dt.adaptiveAvgPool1d(x, 1),
    'F.adaptive_avg_pool1d(x0, 1)',
  ],
  [
    'adaptiveAvgPool',
    'of a volume, one size as it is',
    [2, 4, 5, 3],
    (dt, x) => dt.nn.functional.adaptiveAvgPool3d(x, [3, null, 2]),
    'F.adaptive_avg_pool3d(x0, (3, None, 2))',
  ],
]

/** Of an image, a volume and a sequence, with sizes that pooling has cut. Positions are all different. */
const unpooled: Row[] = [
  [
    'of an image',
    [2, 3, 2, 3],
    positions([2, 3], [5, 7]),
    (dt, x, indices) => dt.nn.functional.maxUnpool2d(x, indices, 2, { outputSize: [5, 7] }),
    'F.max_unpool2d(x0, x1, 2, output_size=(5, 7))',
  ],
  [
    'of a volume without a batch',
    [2, 2, 2, 3],
    positions([2, 2, 3], [4, 5, 7]),
    (dt, x, indices) => dt.nn.functional.maxUnpool3d(x, indices, [2, 3, 3], { stride: 2 }),
    'F.max_unpool3d(x0, x1, (2, 3, 3), 2)',
  ],
  [
    'of a sequence',
    [1, 2, 4],
    positions([4], [8]),
    (dt, x, indices) => dt.nn.functional.maxUnpool1d(x, indices, 3, { stride: 2, padding: 1, outputSize: [1, 2, 8] }),
    'F.max_unpool1d(x0, x1, 3, 2, 1, (1, 2, 8))',
  ],
]

/** Every second place or so of each plane. */
function positions(from: number[], to: number[]): number[] {
  const size = (sizes: number[]) => sizes.reduce((all, size) => all * size, 1)
  return Array.from({ length: size(from) }, (_, i) => Math.floor(((i + 0.6) * size(to)) / size(from)))
}

type Row = [name: string, shape: number[], second: number[], run: Case['run'], torch: string]

const atRandom: Row[] = [
  [
    'of an image',
    [2, 2, 7, 9],
    [0.125, 0.6875, 0.5, 0.25, 0.90625, 0.96875, 0, 0.3125],
    (dt, x, samples) =>
      dt.nn.functional.fractionalMaxPool2d(x, [2, 3], [3, 4], { _randomSamples: samples, returnIndices: true }),
    'F.fractional_max_pool2d(x0, (2, 3), (3, 4), return_indices=True, _random_samples=x1.detach())',
  ],
  [
    'of a volume without a batch, by a ratio',
    [2, 5, 6, 7],
    [0.125, 0.6875, 0.5, 0.25, 0.90625, 0.96875],
    (dt, x, samples) =>
      dt.nn.functional.fractionalMaxPool3d(x, 2, { outputRatio: [0.5, 0.6, 0.7], _randomSamples: samples }),
    'F.fractional_max_pool3d(x0, 2, output_ratio=(0.5, 0.6, 0.7), _random_samples=x1.detach())',
  ],
]

/** In all floats, halves for the first row only. */
function rows(op: string, all: Row[], second: (values: number[], row: Row, dtype: DType) => Input): Case[] {
  return floats.flatMap(dtype =>
    rowsOf(dtype, all).map(row => ({
      op,
      name: `${op}: ${row[0]} ${dtype}`,
      inputs: [leaf(row[1], dtype, { values: 'distinct' }), second(row[2], row, dtype)],
      run: row[3],
      torch: row[4],
      tolerance: exact,
    })),
  )
}

/** Values are apart, so that it is clear which is the largest. */
const distinct = (it: Case): Case => ({
  ...it,
  inputs: it.inputs.map(input => (input.grad ? { ...input, values: 'distinct' } : input)),
})

export const pools: Case[] = [
  ...shapeRows(largest, []).map(distinct),
  ...shapeRows(averages, ['int64'])
    .filter(it => it.op === 'avgPool' || !it.name.endsWith('int64'))
    .map(it => ({ ...it, tolerance: undefined })),
  ...rows('maxUnpool', unpooled, (values, [, shape]) => ({
    shape,
    dtype: 'int64',
    values: Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, i) => values[i % values.length]!),
  })),
  ...rows('fractionalMaxPool', atRandom, (values, [, shape], dtype) => {
    const dims = shape.length === 4 && values.length === 8 ? 2 : 3
    return { shape: [values.length / dims / 2, 2, dims], dtype, values }
  }),
]

// Windows as columns, and back. What surprises: pixels that no window reaches have no gradient.

import type { Case } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const rows: ShapeRow[] = [
  ['im2col', 'one channel', [1, 1, 4, 4], (dt, x) => dt.nn.functional.unfold(x, 2), 'F.unfold(x0, 2)'],
  [
    'im2col',
    'strides, dilations, padding',
    [2, 2, 5, 6],
    (dt, x) => dt.nn.functional.unfold(x, [2, 3], { dilation: [2, 1], padding: [1, 2], stride: [2, 3] }),
    'F.unfold(x0, (2, 3), (2, 1), (1, 2), (2, 3))',
  ],
  [
    'im2col',
    'without a batch',
    [2, 3, 4],
    (dt, x) => dt.nn.functional.unfold(x, [3, 2], 1, { stride: 2 }),
    'F.unfold(x0, (3, 2), stride=2)',
  ],
  [
    'im2col',
    'transposed',
    [1, 2, 4, 3],
    (dt, x) => dt.nn.functional.unfold(x.transpose(2, 3), 2, { padding: 1 }),
    'F.unfold(x0.transpose(2, 3), 2, padding=1)',
  ],
  ['col2im', 'one channel', [1, 4, 9], (dt, x) => dt.nn.functional.fold(x, 4, 2), 'F.fold(x0, 4, 2)'],
  [
    'col2im',
    'strides, dilations, padding',
    [2, 6, 6],
    (dt, x) => dt.nn.functional.fold(x, [4, 5], [2, 3], { dilation: [2, 1], padding: [1, 2], stride: [2, 3] }),
    'F.fold(x0, (4, 5), (2, 3), (2, 1), (1, 2), (2, 3))',
  ],
  [
    'col2im',
    'without a batch',
    [8, 4],
    (dt, x) => dt.nn.functional.fold(x, [4, 4], 2, { stride: 2 }),
    'F.fold(x0, (4, 4), 2, stride=2)',
  ],
]

// Columns are added up.
export const cases: Case[] = shapeRows(rows, ['bool']).map(it =>
  it.op === 'col2im' ? { ...it, tolerance: undefined } : it,
)

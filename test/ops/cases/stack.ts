// Several tensors joined along a dimension, or brought to one shape.

import type { Case } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const rows: ShapeRow[] = [
  [
    'hstack',
    'matrices',
    [
      [2, 3],
      [2, 1],
    ],
    (dt, x, y) => dt.hstack([x, y]),
    'torch.hstack([x0, x1])',
  ],
  ['hstack', 'vectors and numbers', [[3], []], (dt, x, y) => dt.hstack([x, y]), 'torch.hstack([x0, x1])'],
  [
    'vstack',
    'matrices',
    [
      [2, 3],
      [1, 3],
    ],
    (dt, x, y) => dt.vstack([x, y]),
    'torch.vstack([x0, x1])',
  ],
  ['vstack', 'vectors as rows', [[3], [3]], (dt, x, y) => dt.rowStack([x, y]), 'torch.vstack([x0, x1])'],
  [
    'dstack',
    'matrices',
    [
      [2, 3],
      [2, 3],
    ],
    (dt, x, y) => dt.dstack([x, y]),
    'torch.dstack([x0, x1])',
  ],
  ['dstack', 'numbers', [[], []], (dt, x, y) => dt.dstack([x, y]), 'torch.dstack([x0, x1])'],
  [
    'columnStack',
    'vectors beside a matrix',
    [[2], [2, 3]],
    (dt, x, y) => dt.columnStack([x, y]),
    'torch.column_stack([x0, x1])',
  ],
  ['columnStack', 'numbers', [[], [1]], (dt, x, y) => dt.columnStack([x, y]), 'torch.column_stack([x0, x1])'],
  [
    'broadcastTensors',
    'two',
    [[2, 1], [3]],
    (dt, x, y) => dt.broadcastTensors(x, y),
    'torch.broadcast_tensors(x0, x1)',
  ],
  ['broadcastTensors', 'one, as an array', [2, 1], (dt, x) => dt.broadcastTensors([x]), 'torch.broadcast_tensors(x0)'],
  [
    'broadcastTensors',
    'with a number',
    [[], [2, 3]],
    (dt, x, y) => dt.broadcastTensors(x, y),
    'torch.broadcast_tensors(x0, x1)',
  ],
  [
    'meshgrid',
    'ij',
    [[2], [3]],
    (dt, x, y) => dt.meshgrid(x, y, { indexing: 'ij' }),
    "torch.meshgrid(x0, x1, indexing='ij')",
  ],
  [
    'meshgrid',
    'xy',
    [[2], [3], [4]],
    (dt, x, y, z) => dt.meshgrid([x, y, z], { indexing: 'xy' }),
    "torch.meshgrid(x0, x1, x2, indexing='xy')",
  ],
  ['meshgrid', 'numbers', [[], [3]], (dt, x, y) => dt.meshgrid(x, y), "torch.meshgrid(x0, x1, indexing='ij')"],
  ['meshgrid', 'one', [3], (dt, x) => dt.meshgrid(x, { indexing: 'xy' }), "torch.meshgrid(x0, indexing='xy')"],
  ['sumToSize', 'of dims', [2, 3, 4], (_, x) => x.sumToSize(3, 1), 'x0.sum_to_size(3, 1)'],
  ['sumToSize', 'as it is', [2, 3], (_, x) => x.sumToSize([2, 3]), 'x0.sum_to_size(2, 3)'],
  ['sumToSize', 'to a number', [2, 3], (_, x) => x.sumToSize([]), 'x0.sum_to_size(())'],
  [
    'cat',
    'stack',
    [
      [2, 3],
      [2, 3],
    ],
    (dt, x, y) => dt.stack([x, y], 1),
    'torch.stack([x0, x1], 1)',
  ],
  [
    'cat',
    'by its other names',
    [[2], [3]],
    (dt, x, y) => dt.concat([dt.concatenate([x, y]), x]),
    'torch.concat([torch.concatenate([x0, x1]), x0])',
  ],
]

export const cases: Case[] = shapeRows(rows)

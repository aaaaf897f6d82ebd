// Parts along a dimension. What surprises: a part that has no gradient counts as zeros in that of the whole.

import type { Case } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const rows: ShapeRow[] = [
  ['split', 'of a size', [5, 2], (_, x) => x.split(2), 'x0.split(2)'],
  ['split', 'along the last dim', [2, 5], (_, x) => x.split(3, -1), 'x0.split(3, -1)'],
  ['split', 'one of the parts', [5], (_, x) => x.split(2)[1]!, 'x0.split(2)[1]'],
  ['split', 'by its other name', [5], (_, x) => x.unsafeSplit(3), 'x0.unsafe_split(3)'],
  ['chunk', 'by its other name', [5], (_, x) => x.unsafeChunk(2), 'x0.unsafe_chunk(2)'],
  ['split', 'no elements', [0, 2], (_, x) => x.split(0), 'x0.split(0)'],
  ['splitWithSizes', 'of sizes', [5, 2], (_, x) => x.split([1, 0, 4]), 'x0.split([1, 0, 4])'],
  [
    'splitWithSizes',
    'by its name',
    [2, 5],
    (_, x) => x.splitWithSizes([2, 3], { dim: 1 }),
    'x0.split_with_sizes([2, 3], 1)',
  ],
  ['chunk', 'equal ones', [6, 2], (_, x) => x.chunk(3), 'x0.chunk(3)'],
  ['chunk', 'the last one smaller', [2, 5], (_, x) => x.chunk(3, 1), 'x0.chunk(3, 1)'],
  ['chunk', 'fewer than asked for', [4], (_, x) => x.chunk(3), 'x0.chunk(3)'],
  ['chunk', 'no elements', [0], (_, x) => x.chunk(3), 'x0.chunk(3)'],
  [
    'chunk',
    'with themselves',
    [4, 3],
    (_, x) => {
      const [a, b] = x.chunk(2)
      return a!.mul(b!)
    },
    'x0.chunk(2)[0] * x0.chunk(2)[1]',
  ],
  ['tensorSplitSections', 'the first ones longer', [7, 2], (_, x) => x.tensorSplit(3), 'x0.tensor_split(3)'],
  ['tensorSplitSections', 'more than elements', [2], (_, x) => x.tensorSplit(3), 'x0.tensor_split(3)'],
  ['tensorSplitSections', 'hsplit of a vector', [6], (_, x) => x.hsplit(2), 'x0.hsplit(2)'],
  ['tensorSplitSections', 'vsplit', [4, 2], (_, x) => x.vsplit(2), 'x0.vsplit(2)'],
  ['tensorSplitSections', 'dsplit', [2, 1, 4], (_, x) => x.dsplit(2), 'x0.dsplit(2)'],
  ['tensorSplit', 'at positions', [7, 2], (_, x) => x.tensorSplit([2, 5]), 'x0.tensor_split((2, 5))'],
  [
    'tensorSplit',
    'back and forth',
    [7],
    (_, x) => x.tensorSplit([4, 1, -2, 99], { dim: 0 }),
    'x0.tensor_split((4, 1, -2, 99))',
  ],
  [
    'tensorSplit',
    'at those of a tensor',
    [2, 7],
    (dt, x) => x.tensorSplit(dt.tensor([2n, 5n]), 1),
    'x0.tensor_split(torch.tensor([2, 5]), 1)',
  ],
  ['tensorSplit', 'hsplit', [2, 5], (_, x) => x.hsplit([1, 3]), 'x0.hsplit((1, 3))'],
]

export const cases: Case[] = shapeRows(rows)

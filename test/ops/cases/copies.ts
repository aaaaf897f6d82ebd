// Views copied, and views that other elements are written to. PyTorch's gradient of as_strided_scatter is wrong by its
// own gradcheck, so there the same is a copy in place.

import type { Case } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const rows: ShapeRow[] = [
  ['aliasCopy', 'a copy', [2, 3], (dt, x) => dt.aliasCopy(x), 'torch.alias_copy(x0)'],
  ['viewCopy', 'a copy', [2, 3], (dt, x) => dt.viewCopy(x, 3, 2), 'torch.view_copy(x0, (3, 2))'],
  ['expandCopy', 'a copy', [2, 1], (dt, x) => dt.expandCopy(x, 2, 3), 'torch.expand_copy(x0, (2, 3))'],
  ['permuteCopy', 'a copy', [2, 3, 4], (dt, x) => dt.permuteCopy(x, 2, 0, 1), 'torch.permute_copy(x0, (2, 0, 1))'],
  ['transposeCopy', 'a copy', [2, 3], (dt, x) => dt.transposeCopy(x, 0, 1), 'torch.transpose_copy(x0, 0, 1)'],
  ['tCopy', 'a copy', [2, 3], (dt, x) => dt.tCopy(x), 'torch.t_copy(x0)'],
  ['squeezeCopy', 'a copy', [1, 3, 1], (dt, x) => dt.squeezeCopy(x), 'torch.squeeze_copy(x0)'],
  ['unsqueezeCopy', 'a copy', [2, 3], (dt, x) => dt.unsqueezeCopy(x, 1), 'torch.unsqueeze_copy(x0, 1)'],
  [
    'sliceCopy',
    'a copy',
    [7, 2],
    (dt, x) => dt.sliceCopy(x, 0, { start: 1, end: 6, step: 2 }),
    'torch.slice_copy(x0, 0, 1, 6, 2)',
  ],
  ['selectCopy', 'a copy', [2, 3], (dt, x) => dt.selectCopy(x, 1, -1), 'torch.select_copy(x0, 1, -1)'],
  ['diagonalCopy', 'a copy', [3, 4], (dt, x) => dt.diagonalCopy(x, 1), 'torch.diagonal_copy(x0, 1)'],
  [
    'asStridedCopy',
    'a copy',
    [5],
    (dt, x) => dt.asStridedCopy(x, [3, 3], [1, 1]),
    'torch.as_strided_copy(x0, (3, 3), (1, 1))',
  ],
  ['unfoldCopy', 'a copy', [7], (dt, x) => dt.unfoldCopy(x, 0, 3, 2), 'torch.unfold_copy(x0, 0, 3, 2)'],
  ['unbindCopy', 'a copy', [2, 3], (dt, x) => dt.unbindCopy(x, 1), 'torch.unbind_copy(x0, 1)'],
  ['splitCopy', 'a copy', [5, 2], (dt, x) => dt.splitCopy(x, 2), 'torch.split_copy(x0, 2)'],
  [
    'splitWithSizesCopy',
    'a copy',
    [2, 4],
    (dt, x) => dt.splitWithSizesCopy(x, [1, 3], 1),
    'torch.split_with_sizes_copy(x0, (1, 3), 1)',
  ],
  ['tCopy', 'of a vector', [3], (dt, x) => dt.tCopy(x), 'torch.t_copy(x0)'],
  ['expandCopy', 'of the same shape', [3], (dt, x) => dt.expandCopy(x, 3), 'torch.expand_copy(x0, (3,))'],
  ['sliceCopy', 'narrowed', [5, 3], (_, x) => x.narrowCopy(0, 1, 3), 'x0.narrow_copy(0, 1, 3)'],
  [
    'diagonalCopy',
    'of dims',
    [2, 3, 4],
    (dt, x) => dt.diagonalCopy(x, { dim1: 1, dim2: 2 }),
    'torch.diagonal_copy(x0, 0, 1, 2)',
  ],
  ['aliasCopy', 'detached', [2, 3], (dt, x) => dt.detachCopy(x), 'torch.detach_copy(x0)', 'constant'],
  ['selectScatter', 'a row', [[2, 3], [3]], (_, x, y) => x.selectScatter(y, 0, -1), 'x0.select_scatter(x1, 0, -1)'],
  ['selectScatter', 'a column', [[2, 3], [2]], (_, x, y) => x.selectScatter(y, 1, 1), 'x0.select_scatter(x1, 1, 1)'],
  [
    'sliceScatter',
    'with a step',
    [
      [7, 2],
      [2, 2],
    ],
    (_, x, y) => x.sliceScatter(y, { start: 1, end: 5, step: 2 }),
    'x0.slice_scatter(x1, 0, 1, 5, 2)',
  ],
  [
    'sliceScatter',
    'all of it',
    [
      [2, 3],
      [2, 3],
    ],
    (_, x, y) => x.sliceScatter(y, 1),
    'x0.slice_scatter(x1, 1)',
  ],
  ['diagonalScatter', 'above', [[3, 4], [3]], (_, x, y) => x.diagonalScatter(y, 1), 'x0.diagonal_scatter(x1, 1)'],
  [
    'diagonalScatter',
    'of dims',
    [
      [2, 3, 4],
      [3, 2],
    ],
    (_, x, y) => x.diagonalScatter(y, { dim1: 0, dim2: 2 }),
    'x0.diagonal_scatter(x1, 0, 0, 2)',
  ],
  [
    'asStridedScatter',
    'with gaps',
    [
      [3, 3],
      [2, 2],
    ],
    (_, x, y) => x.asStridedScatter(y, [2, 2], [1, 4], 1),
    '(lambda c: (c.as_strided((2, 2), (1, 4), 1).copy_(x1), c)[1])(x0.clone())',
  ],
  [
    'asStridedScatter',
    'into a transposed tensor',
    [
      [3, 4],
      [2, 2],
    ],
    (_, x, y) => x.t().asStridedScatter(y, [2, 2], [1, 4], { storageOffset: 1 }),
    'x0.t().as_strided_scatter(x1, (2, 2), (1, 4), 1)',
    'constant',
  ],
]

export const cases: Case[] = shapeRows(rows)

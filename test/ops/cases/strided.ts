// Views that may show an element several times, and views in place. What surprises: such a gradient is a sum.

import type { Case } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const rows: ShapeRow[] = [
  ['asStrided', 'dense', [6], (_, x) => x.asStrided([2, 3], [3, 1]), 'x0.as_strided((2, 3), (3, 1))'],
  [
    'asStrided',
    'transposed, with gaps',
    [12],
    (_, x) => x.asStrided([2, 3], [1, 4], 1),
    'x0.as_strided((2, 3), (1, 4), 1)',
  ],
  ['asStrided', 'windows', [5], (_, x) => x.asStrided([3, 3], [1, 1]), 'x0.as_strided((3, 3), (1, 1))'],
  [
    'asStrided',
    'one element everywhere',
    [3],
    (_, x) => x.asStrided([2, 2], [0, 0], { storageOffset: 2 }),
    'x0.as_strided((2, 2), (0, 0), 2)',
  ],
  ['asStrided', 'to 0-d', [3], (_, x) => x.asStrided([], [], 1), 'x0.as_strided((), (), 1)'],
  ['asStrided', 'no elements', [3], (_, x) => x.asStrided([0, 2], [1, 1]), 'x0.as_strided((0, 2), (1, 1))'],
  [
    'asStrided',
    'of a slice',
    [4, 5],
    (_, x) => x.index('1:', '::2').asStrided([2, 2], [5, 4]),
    'x0[1:, ::2].as_strided((2, 2), (5, 4))',
  ],
  ['asStrided', 'of the end', [6], (_, x) => x.index('2:').asStrided([2], [2], 2), 'x0[2:].as_strided((2,), (2,), 2)'],
  [
    'asStrided',
    'of an expanded tensor',
    [3],
    (_, x) => x.expand(2, 3).asStrided([3, 2], [1, 0]),
    'x0.expand(2, 3).as_strided((3, 2), (1, 0))',
  ],
  ['unfold', 'overlapping', [5, 2], (_, x) => x.unfold(0, 3, 1), 'x0.unfold(0, 3, 1)'],
  ['unfold', 'apart', [3, 7], (_, x) => x.unfold(-1, 2, 3), 'x0.unfold(-1, 2, 3)'],
  ['unfold', 'steps that leave a rest', [7], (_, x) => x.unfold(0, 3, 2), 'x0.unfold(0, 3, 2)'],
  ['unfold', '0-d', [], (_, x) => x.unfold(0, 1, 1), 'x0.unfold(0, 1, 1)'],
  ['unfold', 'of size 0', [3], (_, x) => x.unfold(0, 0, 2), 'x0.unfold(0, 0, 2)'],
  ['unfold', 'twice', [4, 5], (_, x) => x.unfold(0, 2, 1).unfold(1, 3, 2), 'x0.unfold(0, 2, 1).unfold(1, 3, 2)'],
  [
    'asStrided_',
    'windows',
    [5],
    (_, x) => x.clone().asStrided_([3, 3], [1, 1]),
    'x0.clone().as_strided_((3, 3), (1, 1))',
  ],
  ['squeeze_', 'all', [1, 3, 1], (_, x) => x.clone().squeeze_(), 'x0.clone().squeeze_()'],
  ['squeeze_', 'some', [1, 3, 1, 1], (_, x) => x.clone().squeeze_([0, -1]), 'x0.clone().squeeze_((0, -1))'],
  ['unsqueeze_', 'in the middle', [2, 3], (_, x) => x.clone().unsqueeze_(1), 'x0.clone().unsqueeze_(1)'],
  ['transpose_', 'two dims', [2, 3, 5], (_, x) => x.clone().transpose_(0, -1), 'x0.clone().transpose_(0, -1)'],
  [
    'transpose_',
    'between other ops',
    [2, 3],
    (_, x) => x.mul(2).transpose_(0, 1).mul(x.t()),
    '(x0 * 2).transpose_(0, 1) * x0.t()',
  ],
  ['t_', 'a matrix', [2, 3], (_, x) => x.clone().t_(), 'x0.clone().t_()'],
  ['t_', 'a vector', [3], (_, x) => x.clone().t_(), 'x0.clone().t_()'],
  ['resize_', 'as many', [2, 3], (_, x) => x.clone().resize_(3, 2), 'x0.clone().resize_(3, 2)', 'constant'],
  ['resize_', 'fewer', [2, 3], (_, x) => x.clone().resize_([2, 2]), 'x0.clone().resize_(2, 2)', 'constant'],
  [
    'resize_',
    'more, then as before',
    [2, 3],
    (_, x) => x.clone().resize_(40).resize_(2, 3),
    'x0.clone().resize_(40).resize_(2, 3)',
    'constant',
  ],
  [
    'resize_',
    'of a slice',
    [4, 3],
    (dt, x) => x.clone().index('1:3').resizeAs_(dt.zeros(3)),
    'x0.clone()[1:3].resize_as_(torch.zeros(3))',
    'constant',
  ],
]

export const cases: Case[] = shapeRows(rows)

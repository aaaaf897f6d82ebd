// Elements in another order. PyTorch's gradient of pixelShuffle fails where there are no elements.

import type { Case } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const rows: ShapeRow[] = [
  ['flip', 'one dim', [2, 3], (_, x) => x.flip(1), 'x0.flip(1)'],
  ['flip', 'several', [2, 3, 4], (_, x) => x.flip([0, -1]), 'x0.flip(0, -1)'],
  ['flip', 'none', [3], (_, x) => x.flip([]), 'x0.flip(())'],
  ['flip', '0-d', [], (_, x) => x.flip(0), 'x0.flip(0)'],
  ['flip', 'no elements', [0, 2], (_, x) => x.flip(0), 'x0.flip(0)'],
  ['flip', 'transposed slices', [6, 5], (_, x) => x.t().index('::2').flip(0, 1), 'x0.t()[::2].flip(0, 1)'],
  ['flip', 'many elements', [3, 401], (_, x) => x.flip(1), 'x0.flip(1)'],
  ['flip', 'fliplr', [2, 3], (_, x) => x.fliplr(), 'x0.fliplr()'],
  ['flip', 'flipud', [2, 3], (_, x) => x.flipud(), 'x0.flipud()'],
  ['roll', 'one dim', [3, 4], (_, x) => x.roll(1, 1), 'x0.roll(1, 1)'],
  ['roll', 'several', [3, 4, 5], (_, x) => x.roll([-1, 7, 2], [0, 1, -1]), 'x0.roll((-1, 7, 2), (0, 1, -1))'],
  ['roll', 'a dim twice', [5], (_, x) => x.roll([1, 2], { dims: [0, 0] }), 'x0.roll((1, 2), (0, 0))'],
  ['roll', 'all in a row', [3, 4], (_, x) => x.roll(5), 'x0.roll(5)'],
  ['roll', '0-d', [], (_, x) => x.roll(3), 'x0.roll(3)'],
  ['roll', 'no elements', [0, 2], (_, x) => x.roll(1, 0), 'x0.roll(1, 0)'],
  ['roll', 'transposed', [3, 4], (_, x) => x.t().roll([1, 2], [0, 1]), 'x0.t().roll((1, 2), (0, 1))'],
  ['rot90', 'once', [2, 3], (_, x) => x.rot90(), 'x0.rot90()'],
  ['rot90', 'twice', [2, 3], (_, x) => x.rot90(2), 'x0.rot90(2)'],
  ['rot90', 'three times, other dims', [2, 3, 4], (_, x) => x.rot90(3, { dims: [1, -1] }), 'x0.rot90(3, (1, -1))'],
  ['rot90', 'back', [2, 3], (_, x) => x.rot90(-1), 'x0.rot90(-1)'],
  ['rot90', 'not at all', [2, 3], (_, x) => x.rot90({ k: 4 }), 'x0.rot90(4)'],
  ['repeat', 'along each dim', [2, 3], (_, x) => x.repeat(2, 3), 'x0.repeat(2, 3)'],
  ['repeat', 'more dims', [3], (_, x) => x.repeat([2, 1, 2]), 'x0.repeat(2, 1, 2)'],
  ['repeat', 'nothing', [2, 3], (_, x) => x.repeat(1, 0), 'x0.repeat(1, 0)'],
  ['repeat', '0-d', [], (_, x) => x.repeat(3), 'x0.repeat(3)'],
  ['repeat', 'as it is', [2, 3], (_, x) => x.repeat(1, 1), 'x0.repeat(1, 1)'],
  [
    'repeat',
    'expanded and transposed',
    [3],
    (_, x) => x.expand(2, 3).t().repeat(2, 2),
    'x0.expand(2, 3).t().repeat(2, 2)',
  ],
  ['tile', 'fewer dims', [2, 3], (_, x) => x.tile(2), 'x0.tile(2)'],
  ['tile', 'more dims', [2], (_, x) => x.tile([2, 2]), 'x0.tile(2, 2)'],
  ['pixelShuffle', 'by 2', [1, 8, 2, 3], (dt, x) => dt.pixelShuffle(x, 2), 'F.pixel_shuffle(x0, 2)'],
  ['pixelShuffle', 'without a batch', [9, 1, 2], (dt, x) => dt.pixelShuffle(x, 3), 'F.pixel_shuffle(x0, 3)'],
  ['pixelShuffle', 'no elements', [1, 4, 0, 2], (dt, x) => dt.pixelShuffle(x, 2), 'F.pixel_shuffle(x0, 2)', 'constant'],
  ['pixelUnshuffle', 'by 2', [1, 2, 4, 6], (dt, x) => dt.pixelUnshuffle(x, 2), 'F.pixel_unshuffle(x0, 2)'],
  ['pixelUnshuffle', 'two batches', [2, 1, 1, 3, 3], (dt, x) => dt.pixelUnshuffle(x, 3), 'F.pixel_unshuffle(x0, 3)'],
  ['channelShuffle', 'two groups', [2, 6, 2], (dt, x) => dt.channelShuffle(x, 2), 'F.channel_shuffle(x0, 2)'],
  [
    'channelShuffle',
    'three groups of images',
    [1, 6, 2, 2],
    (dt, x) => dt.nn.functional.channelShuffle(x, 3),
    'F.channel_shuffle(x0, 3)',
  ],
]

export const cases: Case[] = shapeRows(rows)

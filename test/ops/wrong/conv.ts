// Convolutions of one and three dimensions, and transposed ones, that are refused. Those of two stand with other ops.

import { ArgumentError, DTypeError, ShapeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { type Wrong, zeros } from '../../support/wrong.ts'

const { functional: F } = dt.nn

export const conv: Wrong[] = [
  [
    'conv1d: dims',
    () => F.conv1d(zeros(1, 2, 3, 3), zeros(2, 2, 2)),
    ShapeError,
    'conv1d: expected input [N, C, L] or [C, L] and weight [F, C / groups, S], got [1, 2, 3, 3] and [2, 2, 2]',
  ],
  [
    'conv3d: dims',
    () => F.conv3d(zeros(2, 3, 3), zeros(2, 2, 2, 2, 2)),
    ShapeError,
    'conv3d: expected input [N, C, D, H, W] or [C, D, H, W] and weight [F, C / groups, Q, R, S], got [2, 3, 3] and [2, 2, 2, 2, 2]',
  ],
  [
    'conv1d: stride',
    () => F.conv1d(zeros(1, 2, 3), zeros(2, 2, 2), { stride: [1, 1] as never }),
    ArgumentError,
    'conv1d: stride must be a number or an array of one, got [1, 1]',
  ],
  [
    'conv3d: dilation',
    () => F.conv3d(zeros(1, 2, 3, 3, 3), zeros(2, 2, 2, 2, 2), { dilation: [1, 1] as never }),
    ArgumentError,
    'conv3d: dilation must be a number or an array of three, got [1, 1]',
  ],
  [
    'conv1d: same with a stride',
    () => F.conv1d(zeros(1, 2, 3), zeros(2, 2, 2), { padding: 'same', stride: 2 }),
    ArgumentError,
    "conv1d: padding='same' is not supported for strided convolutions",
  ],
  [
    'conv3d: kernel too large',
    () => F.conv3d(zeros(1, 1, 4, 5, 2), zeros(1, 1, 3, 3, 3)),
    ShapeError,
    'conv3d: the kernel (3 with dilation) is larger than the padded input (2) in dim 4: input [1, 1, 4, 5, 2], weight [1, 1, 3, 3, 3]',
  ],
  [
    'convTranspose1d: channels',
    () => F.convTranspose1d(zeros(1, 3, 4), zeros(4, 3, 3)),
    ShapeError,
    'convTranspose1d: input [1, 3, 4] has 3 channels, weight [4, 3, 3] with groups 1 expects 4',
  ],
  [
    'convTranspose1d: groups',
    () => F.convTranspose1d(zeros(1, 3, 4), zeros(3, 3, 3), { groups: 2 }),
    ShapeError,
    'convTranspose1d: 3 input channels do not divide into 2 groups',
  ],
  [
    'convTranspose2d: bias',
    () => F.convTranspose2d(zeros(1, 4, 2, 2), zeros(4, 3, 2, 2), zeros(4), { groups: 2 }),
    ShapeError,
    'convTranspose2d: expected bias [6], got [4]',
  ],
  [
    'convTranspose2d: outputPadding',
    () => F.convTranspose2d(zeros(1, 2, 2, 2), zeros(2, 2, 2, 2), { stride: [3, 2], outputPadding: 2 }),
    ArgumentError,
    'convTranspose2d: outputPadding must not be negative, and smaller than stride or dilation, got outputPadding [2, 2] in dim 3 with stride 2, dilation 1',
  ],
  [
    'convTranspose3d: nothing is left',
    () => F.convTranspose3d(zeros(1, 2, 1, 2, 2), zeros(2, 2, 2, 2, 2), { padding: 1 }),
    ShapeError,
    'convTranspose3d: the result would have size 0 in dim 2: input [1, 2, 1, 2, 2], weight [2, 2, 2, 2, 2]',
  ],
  [
    'convTranspose3d: dtypes',
    () => F.convTranspose3d(zeros(1, 2, 2, 2, 2), dt.zeros([2, 2, 2, 2, 2], { dtype: 'float64' })),
    DTypeError,
    'convTranspose3d: dtypes differ: input float32, weight float64; convert with .to()',
  ],
]

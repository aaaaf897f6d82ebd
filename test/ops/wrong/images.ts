// Elements in another order, padding, windows and interpolation that cannot be.

import { ArgumentError, DTypeError, IndexError, ShapeError, UnsupportedError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { classes, type Wrong, zeros } from '../../support/wrong.ts'

const F = dt.nn.functional

export const images: Wrong[] = [
  ['flip: twice', () => zeros(2, 3).flip(0, -2), ArgumentError, 'flip: dim -2 appears twice in [0, -2]'],
  ['fliplr: dims', () => zeros(3).fliplr(), ShapeError, 'fliplr: expected at least 2 dimensions, got [3]'],
  ['flipud: dims', () => zeros().flipud(), ShapeError, 'flipud: expected at least 1 dimension, got []'],
  [
    'roll: as many',
    () => zeros(3).roll([1, 2], 0),
    ArgumentError,
    'roll: expected as many shifts as dims, got [1, 2] and [0]',
  ],
  ['roll: none', () => zeros(3).roll([]), ArgumentError, 'roll: expected at least one shift'],
  ['rot90: dims', () => zeros(3, 3).rot90({ dims: [0] }), ArgumentError, 'rot90: expected two dims, got [0]'],
  [
    'rot90: one dim',
    () => zeros(3, 3).rot90(1, { dims: [1, -1] }),
    ArgumentError,
    'rot90: expected two dims that differ, got [1, -1]',
  ],
  ['rot90: a vector', () => zeros(3).rot90(), ShapeError, 'rot90: expected at least 2 dimensions, got shape [3]'],
  [
    'repeat: fewer',
    () => zeros(2, 3).repeat(2),
    ShapeError,
    'repeat: expected a number for each dimension of [2, 3], got [2]',
  ],
  ['repeat: negative', () => zeros(3).repeat(-1), ArgumentError, 'repeat: the numbers must not be negative, got [-1]'],
  [
    'repeat: too many',
    () => zeros(3).repeat(2 ** 62),
    ShapeError,
    'repeat: [4611686018427387904] times [3] has too many elements',
  ],
  ['tile: negative', () => zeros(2, 3).tile(-1), ArgumentError, 'tile: the numbers must not be negative, got [1, -1]'],
  [
    'pixelShuffle: dims',
    () => dt.pixelShuffle(zeros(2, 2), 2),
    ShapeError,
    'pixelShuffle: expected at least 3 dimensions, got shape [2, 2]',
  ],
  [
    'pixelShuffle: channels',
    () => dt.pixelShuffle(zeros(3, 2, 2), 2),
    ShapeError,
    'pixelShuffle: the channels of [3, 2, 2] do not divide by 2 x 2',
  ],
  [
    'pixelShuffle: factor',
    () => dt.pixelShuffle(zeros(3, 2, 2), 0),
    ArgumentError,
    'pixelShuffle: the factor must be between 1 and 32768, got 0',
  ],
  [
    'pixelUnshuffle: pixels',
    () => dt.pixelUnshuffle(zeros(1, 2, 3), 2),
    ShapeError,
    'pixelUnshuffle: the pixels of [1, 2, 3] do not divide by 2 x 2',
  ],
  [
    'channelShuffle: groups',
    () => dt.channelShuffle(zeros(1, 3, 3), 2),
    ShapeError,
    'channelShuffle: 3 channels do not divide into 2 groups',
  ],
  [
    'channelShuffle: no groups',
    () => dt.channelShuffle(zeros(1, 3, 3), 0),
    ArgumentError,
    'channelShuffle: the number of groups must be positive, got 0',
  ],
  [
    'channelShuffle: dims',
    () => dt.channelShuffle(zeros(4, 3), 2),
    ShapeError,
    'channelShuffle: expected at least 3 dimensions, got shape [4, 3]',
  ],

  [
    'pad: an odd number',
    () => F.pad(zeros(1, 3), [1]),
    ArgumentError,
    'pad: expected two numbers for each dimension, at most 4 for a tensor of shape [1, 3], got 1',
  ],
  [
    'pad: too many numbers',
    () => dt.constantPadNd(zeros(3), [1, 1, 1, 1]),
    ArgumentError,
    'constantPadNd: expected two numbers for each dimension, at most 2 for a tensor of shape [3], got 4',
  ],
  [
    'pad: too much cut off',
    () => F.pad(zeros(3), [-2, -2]),
    ShapeError,
    'pad: dim 0 of size 3 cannot be padded by -2 and -2',
  ],
  [
    'pad: huge',
    () => F.pad(zeros(3), [2 ** 62, 2 ** 62]),
    ShapeError,
    'pad: dim 0 of size 3 cannot be padded by 4611686018427387904 and 4611686018427387904',
  ],
  [
    'pad: reflect',
    () => F.pad(zeros(1, 3), [3, 1], 'reflect'),
    ShapeError,
    'pad: dim 1 of shape [1, 3] has too few elements to be padded by 3 and 1 from itself',
  ],
  [
    'pad: circular',
    () => F.pad(zeros(1, 3), [4, 1], 'circular'),
    ShapeError,
    'pad: dim 1 of shape [1, 3] has too few elements to be padded by 4 and 1 from itself',
  ],
  [
    'pad: replicate nothing',
    () => F.pad(zeros(1, 0), [1, 1], 'replicate'),
    ShapeError,
    'pad: dim 1 of shape [1, 0] has too few elements to be padded by 1 and 1 from itself',
  ],
  [
    'pad: a value',
    () => F.pad(zeros(1, 3), [1, 1], { mode: 'reflect', value: 3 }),
    ArgumentError,
    "pad: mode 'reflect' takes no value",
  ],
  [
    'pad: mode',
    () => F.pad(zeros(1, 3), [1, 1], 'mirror' as never),
    ArgumentError,
    "pad: mode: expected 'constant', 'reflect', 'replicate' or 'circular', got 'mirror'",
  ],
  ['oneHot: dtype', () => F.oneHot(zeros(2)), DTypeError, 'oneHot: expected classes of dtype int64, got float32'],
  ['oneHot: too large', () => F.oneHot(classes(3), 2), IndexError, 'oneHot: class 3 is out of range for 2 classes'],
  ['oneHot: negative', () => F.oneHot(classes(-3)), IndexError, 'oneHot: classes must not be negative, got -3'],
  [
    'oneHot: nothing',
    () => F.oneHot(classes()),
    ArgumentError,
    'oneHot: without elements the number of classes must be given',
  ],

  [
    'unfold: too large',
    () => F.unfold(zeros(1, 1, 2, 3), 3),
    ShapeError,
    'unfold: kernelSize [3, 3] with dilation [1, 1] is larger than an image [2, 3] with padding [0, 0]',
  ],
  [
    'unfold: dims',
    () => F.unfold(zeros(2, 3), 1),
    ShapeError,
    'unfold: expected input [N, C, H, W] or [C, H, W] of which only the batch may be empty, got [2, 3]',
  ],
  [
    'unfold: kernel',
    () => F.unfold(zeros(1, 1, 2, 3), 0),
    ArgumentError,
    'unfold: kernelSize must be positive, got [0, 0]',
  ],
  [
    'unfold: stride',
    () => F.unfold(zeros(1, 1, 2, 3), 1, { stride: 0 }),
    ArgumentError,
    'unfold: stride must be positive, got [0, 0]',
  ],
  [
    'unfold: huge',
    () => F.unfold(zeros(1, 1, 2, 3), 1, { padding: 2 ** 40 }),
    ArgumentError,
    'unfold: windows must be smaller than 2^31, got [1099511627776, 1099511627776]',
  ],
  [
    'fold: channels',
    () => F.fold(zeros(1, 3, 4), 3, 2),
    ShapeError,
    'fold: the channels of [1, 3, 4] do not divide by kernelSize [2, 2]',
  ],
  [
    'fold: columns',
    () => F.fold(zeros(1, 4, 5), 3, 2),
    ShapeError,
    'fold: an image [3, 3] has 4 windows, got 5 columns',
  ],
  [
    'fold: dims',
    () => F.fold(zeros(3), 3, 2),
    ShapeError,
    'fold: expected input [N, C R S, windows] or [C R S, windows] of which only the batch may be empty, got [3]',
  ],
  [
    'interpolate: neither',
    () => F.interpolate(zeros(1, 1, 2)),
    ArgumentError,
    'interpolate: expected size or scaleFactor, and not both',
  ],
  [
    'interpolate: both',
    () => F.interpolate(zeros(1, 1, 2), 3, { scaleFactor: 2 }),
    ArgumentError,
    'interpolate: expected size or scaleFactor, and not both',
  ],
  [
    'interpolate: dims',
    () => F.interpolate(zeros(1, 1, 2), 3, { mode: 'bilinear' }),
    ShapeError,
    "interpolate: mode 'bilinear' is for 4 dimensions, got shape [1, 1, 2]",
  ],
  [
    'interpolate: mode',
    () => F.interpolate(zeros(1, 1, 2), 3, { mode: 'cubic' as never }),
    ArgumentError,
    'interpolate: mode: expected one of nearest, nearest-exact, linear, bilinear, trilinear, bicubic, area, got a string',
  ],
  [
    'interpolate: alignCorners',
    () => F.interpolate(zeros(1, 1, 2), 3, { alignCorners: true }),
    ArgumentError,
    "interpolate: mode 'nearest' has no alignCorners",
  ],
  [
    'interpolate: antialias',
    () => F.interpolate(zeros(1, 1, 2), 3, { antialias: true }),
    UnsupportedError,
    "interpolate: antialias is for the modes bilinear and bicubic, got 'nearest'",
  ],
  [
    'interpolate: numbers',
    () => F.interpolate(zeros(1, 1, 2), [3, 4]),
    ArgumentError,
    'interpolate: expected 1 numbers as size, got [3, 4]',
  ],
  [
    'interpolate: recompute',
    () => F.interpolate(zeros(1, 1, 2), 3, { recomputeScaleFactor: true }),
    ArgumentError,
    'interpolate: recomputeScaleFactor is for scaleFactor, not for size',
  ],
  [
    'interpolate: to nothing',
    () => F.interpolate(zeros(1, 1, 2), { scaleFactor: 0.1 }),
    ShapeError,
    'interpolate: sizes must be positive, got [0] from [1, 1, 2]',
  ],
  [
    'interpolate: too large',
    () => F.interpolate(zeros(1, 1, 2), 2 ** 40),
    ShapeError,
    'interpolate: sizes must be at most 67108864, got [1099511627776]',
  ],
  [
    'interpolate: dtype',
    () => F.interpolate(classes(1).view(1, 1, 1), 2),
    DTypeError,
    "interpolate: not implemented for int64; convert with x.to('float32')",
  ],
  [
    'upsample: neither',
    () => F.upsample(zeros(1, 1, 2)),
    ArgumentError,
    'upsample: expected size or scaleFactor, and not both',
  ],
]

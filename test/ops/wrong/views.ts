// Views, parts and joins that cannot be.

import { ArgumentError, AutogradError, DTypeError, ShapeError, UnsupportedError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { classes, type Wrong, zeros } from '../../support/wrong.ts'

const leaf = (...shape: number[]) => zeros(...shape).requiresGrad_()

export const views: Wrong[] = [
  [
    'unflatten: sizes',
    () => zeros(2, 3).unflatten(1, [2, 2]),
    ShapeError,
    'unflatten: sizes [2, 2] do not hold the 3 elements of [3]',
  ],
  ['unflatten: no sizes', () => zeros(2, 1).unflatten(1, []), ArgumentError, 'unflatten: expected at least one size'],
  [
    'unflatten: 0-d',
    () => zeros().unflatten(0, [1]),
    ShapeError,
    'unflatten: a 0-d tensor has no dimension to be taken apart',
  ],
  [
    'movedim: as many',
    () => zeros(2, 3).movedim([0, 1], 1),
    ArgumentError,
    'movedim: expected as many sources as destinations, got [0, 1] and [1]',
  ],
  [
    'movedim: a source twice',
    () => zeros(2, 3).movedim([0, -2], [0, 1]),
    ArgumentError,
    'movedim: dim -2 appears twice in [0, -2]',
  ],
  [
    'movedim: a destination twice',
    () => zeros(2, 3).movedim([0, 1], [1, 1]),
    ArgumentError,
    'movedim: dim 1 appears twice in [1, 1]',
  ],
  [
    'asStrided: as many strides',
    () => zeros(3).asStrided([2], [1, 2]),
    ArgumentError,
    'asStrided: expected as many strides as sizes, got [2] and [1, 2]',
  ],
  [
    'asStrided: beyond the memory',
    () => zeros(3).asStrided([2], [3]),
    ShapeError,
    'asStrided: sizes [2] with strides [3] from 0 are beyond the 3 elements of the memory',
  ],
  [
    'asStrided: far beyond',
    () => zeros(3).asStrided([2 ** 40, 2 ** 40], [2 ** 40, 2 ** 40]),
    ShapeError,
    'asStrided: sizes [1099511627776, 1099511627776] with strides [1099511627776, 1099511627776] from 0 are beyond the 3 elements of the memory',
  ],
  [
    'asStrided: negative stride',
    () => zeros(3).asStrided([2], [-1]),
    ArgumentError,
    'asStrided: strides must not be negative, got [-1]',
  ],
  [
    'asStrided: negative size',
    () => zeros(3).asStrided([-2], [1]),
    ShapeError,
    'asStrided: sizes must not be negative, got [-2]',
  ],
  [
    'asStrided: negative offset',
    () => zeros(3).asStrided([2], [1], -1),
    ArgumentError,
    'asStrided: the offset must not be negative, got -1',
  ],
  [
    'unfold: too long',
    () => zeros(3).unfold(0, 4, 1),
    ArgumentError,
    'unfold: the size must be between 0 and the 3 elements of the dimension, got 4',
  ],
  ['unfold: step', () => zeros(3).unfold(0, 2, 0), ArgumentError, 'unfold: the step must be positive, got 0'],
  [
    'sumToSize: shape',
    () => zeros(2, 3).sumToSize(2, 4),
    ShapeError,
    'sumToSize: sizes [2, 4] do not broadcast to shape [2, 3]',
  ],
  ['t_: dims', () => zeros(1, 2, 3).t_(), ShapeError, 't: expected at most 2 dimensions, got shape [1, 2, 3]'],
  [
    't_: a leaf',
    () => leaf(2, 3).t_(),
    AutogradError,
    't_: cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)',
  ],
  [
    'squeeze_: a leaf',
    () => leaf(1).squeeze_(),
    AutogradError,
    'squeeze_: cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)',
  ],
  [
    'resize_: with a gradient',
    () => leaf(1).resize_(2),
    AutogradError,
    'resize_: a tensor that requires a gradient cannot be resized',
  ],
  ['resize_: negative', () => zeros(1).resize_(2, -1), ShapeError, 'resize_: sizes must not be negative, got [2, -1]'],
  ['slice: step', () => dt.slice(zeros(3), 0, { step: 0 }), ArgumentError, 'slice: step must be positive, got 0'],

  ['split: 0-d', () => zeros().split(1), ShapeError, 'split: a 0-d tensor cannot be split'],
  ['split: size 0', () => zeros(3).split(0), ArgumentError, 'split: parts of size 0 do not cover dim 0 of size 3'],
  ['split: negative', () => zeros(3).split(-1), ArgumentError, 'split: the size must not be negative, got -1'],
  [
    'split: sizes',
    () => zeros(3).split([1, 1]),
    ArgumentError,
    'splitWithSizes: the sizes sum up to 2, not to the 3 of dim 0',
  ],
  [
    'split: a negative size',
    () => zeros(3).split([4, -1]),
    ArgumentError,
    'splitWithSizes: sizes must not be negative, got -1',
  ],
  [
    'chunk: nothing in many',
    () => zeros(0).chunk(2 ** 40),
    ArgumentError,
    'chunk: expected at most 1048576 parts, got 1099511627776',
  ],
  [
    'tensorSplit: none',
    () => zeros(3).tensorSplit(0),
    ArgumentError,
    'tensorSplit: the number of sections must be positive, got 0',
  ],
  [
    'tensorSplit: by floats',
    () => zeros(3).tensorSplit(zeros(1)),
    ArgumentError,
    'tensorSplit: expected a 0-d or 1-d tensor of int64, got shape [1] of float32',
  ],
  ['hsplit: 0-d', () => zeros().hsplit(1), ShapeError, 'hsplit: expected at least 1 dimension, got []'],
  ['hsplit: parts', () => zeros(2, 5).hsplit(2), ArgumentError, 'hsplit: dim 1 of size 5 does not divide into 2 parts'],
  ['vsplit: dims', () => zeros(5).vsplit([1]), ShapeError, 'vsplit: expected at least 2 dimensions, got [5]'],
  ['dsplit: dims', () => zeros(5, 5).dsplit(5), ShapeError, 'dsplit: expected at least 3 dimensions, got [5, 5]'],
  [
    'dsplit: kind',
    () => zeros(1, 1, 1).dsplit('2' as never),
    ArgumentError,
    'dsplit: expected a number of parts or positions, got a string',
  ],

  ['hstack: none', () => dt.hstack([]), ArgumentError, 'hstack: expected at least one tensor'],
  [
    'columnStack: sizes',
    () => dt.columnStack([zeros(2, 2), zeros(3, 3)]),
    ShapeError,
    'columnStack: shapes differ outside dim 1: [2, 2] and [3, 3]',
  ],
  [
    'broadcastShapes: sizes',
    () => dt.broadcastShapes([2, 3], 4),
    ShapeError,
    'broadcastShapes: shapes do not broadcast: [2, 3] and [4] (3 != 4 in dim 1)',
  ],
  [
    'broadcastShapes: negative',
    () => dt.broadcastShapes([2, -3]),
    ShapeError,
    'broadcastShapes: sizes must not be negative, got [2, -3]',
  ],
  [
    'broadcastTensors: sizes',
    () => dt.broadcastTensors(zeros(2), zeros(3)),
    ShapeError,
    'broadcastTensors: shapes do not broadcast: [2] and [3] (2 != 3 in dim 0)',
  ],
  ['meshgrid: none', () => dt.meshgrid(), ArgumentError, 'meshgrid: expected at least one tensor'],
  [
    'meshgrid: matrices',
    () => dt.meshgrid(zeros(2, 2)),
    ShapeError,
    'meshgrid: expected at most 1 dimension, got shape [2, 2]',
  ],
  [
    'meshgrid: dtypes',
    () => dt.meshgrid(zeros(2), classes(0)),
    DTypeError,
    'meshgrid: expected tensors of one dtype, got float32 and int64',
  ],
  [
    'meshgrid: indexing',
    () => dt.meshgrid(zeros(2), { indexing: 'yx' as never }),
    ArgumentError,
    "meshgrid: indexing: expected 'ij' or 'xy', got 'yx'",
  ],

  [
    'selectScatter: shape',
    () => zeros(2, 3).selectScatter(zeros(2), 0, 0),
    ShapeError,
    'selectScatter: expected src of the shape of what it replaces, [3], got [2]',
  ],
  [
    'asStridedScatter: layout',
    () => leaf(3, 2).t().asStridedScatter(zeros(1), [1], [1]),
    UnsupportedError,
    'asStridedScatter: with a gradient, the tensor must be contiguous and at the start of its memory; clone() it first',
  ],
]

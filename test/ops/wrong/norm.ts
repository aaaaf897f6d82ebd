// Normalization: weights of other sizes and dtypes, sets of one element, statistics that are missing.

import { ArgumentError, DTypeError, ShapeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { doubles, ints, type Wrong, zeros } from '../../support/wrong.ts'

const F = dt.nn.functional
const x = zeros(4, 3)

export const norm: Wrong[] = [
  [
    'batchNorm: weight',
    () => F.batchNorm(x, null, null, zeros(4), { training: true }),
    ShapeError,
    'batchNorm: expected weight [3], one for each channel, got [4]',
  ],
  [
    'batchNorm: dtype of a weight',
    () => F.batchNorm(x, null, null, doubles(3), { training: true }),
    DTypeError,
    'batchNorm: weight is float64 and the input float32; convert one with .to()',
  ],
  [
    'batchNorm: no statistics',
    () => F.batchNorm(x, null, null),
    ArgumentError,
    'batchNorm: expected runningMean and runningVar, since it is not training',
  ],
  [
    'batchNorm: one value',
    () => F.batchNorm(zeros(1, 3), null, null, { training: true }),
    ShapeError,
    'batchNorm: expected more than 1 value per channel when training, got [1, 3]',
  ],
  [
    'batchNorm: integers',
    () => F.batchNorm(ints(4, 3), null, null, { training: true }),
    DTypeError,
    "batchNorm: not implemented for int64; convert with x.to('float32')",
  ],
  [
    'instanceNorm: one position',
    () => F.instanceNorm(x),
    ShapeError,
    'instanceNorm: expected more than 1 value per channel when training, got [4, 3]',
  ],
  [
    'layerNorm: sizes',
    () => F.layerNorm(x, [4]),
    ShapeError,
    'layerNorm: expected the last dimensions to be [4], got [4, 3]',
  ],
  [
    'layerNorm: dtype of a bias',
    () => F.layerNorm(x, [3], { bias: doubles(3) }),
    DTypeError,
    'layerNorm: weight or bias is float64 and the input float32; convert one with .to()',
  ],
  [
    'groupNorm: groups',
    () => F.groupNorm(x, 2),
    ArgumentError,
    'groupNorm: 3 channels are not divisible into 2 groups',
  ],
  ['rmsNorm: weight', () => F.rmsNorm(x, [3], zeros(4)), ShapeError, 'rmsNorm: expected weight and bias [3], got [4]'],
]

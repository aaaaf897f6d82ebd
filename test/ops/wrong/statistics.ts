// Scans, sorting and statistics that are asked for what is not there.

import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { classes, ints, type Wrong, zeros } from '../../support/wrong.ts'

export const statistics: Wrong[] = [
  [
    'cumsum: dim',
    () => zeros(2, 3).cumsum(2),
    IndexError,
    'cumsum: dim 2 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'cumprod_: another dtype',
    () => zeros(2).cumprod_(0, 'float64'),
    DTypeError,
    'cumprod_: a float32 tensor cannot become float64 in place',
  ],
  [
    'cumsum_: a leaf',
    () => zeros(2).requiresGrad_().cumsum_(0),
    dt.AutogradError,
    'cumsum_: cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)',
  ],
  ['topk: k', () => zeros(2, 3).topk(4), ArgumentError, 'topk: k must be from 0 to the size of the dim, 3, got 4'],
  [
    'kthvalue: k',
    () => zeros(2, 3).kthvalue(0),
    ArgumentError,
    'kthvalue: k must be from 1 to the size of the dim, 3, got 0',
  ],
  ['median: nothing', () => zeros(2, 0).median(1), IndexError, 'median: dim 1 of shape [2, 0] is empty'],
  ['mode: nothing', () => zeros(0).mode(), IndexError, 'mode: dim 0 of shape [0] is empty'],
  ['quantile: q', () => zeros(3).quantile(1.5), ArgumentError, 'quantile: q must be from 0 to 1, got 1.5'],
  [
    'quantile: several q',
    () => zeros(3).quantile(dt.tensor([0.5, NaN])),
    ArgumentError,
    'quantile: q must be from 0 to 1',
  ],
  [
    'quantile: dtype of q',
    () => zeros(3).quantile(dt.zeros(1, { dtype: 'float64' })),
    DTypeError,
    'quantile: q must have the dtype of the tensor, float32, got float64',
  ],
  ['quantile: integers', () => ints(3).quantile(0.5), DTypeError, 'quantile: expected float32 or float64, got int64'],
  ['aminmax: nothing', () => zeros(0).aminmax(), ShapeError, 'aminmax: expected at least one element, got shape [0]'],
  [
    'var: two corrections',
    () => zeros(3).var({ correction: 0, unbiased: true }),
    ArgumentError,
    'var: correction and unbiased say the same; give one of them',
  ],
  [
    'trapezoid: places and widths',
    () => dt.trapezoid(zeros(3), zeros(3), { dx: 2 }),
    ArgumentError,
    'trapezoid: x and dx both say where the samples are; give one of them',
  ],
  [
    'trapezoid: number of places',
    () => dt.trapezoid(zeros(2, 3), zeros(2)),
    ShapeError,
    'trapezoid: there are 2 places along dim 1 of shape [2, 3]',
  ],
  ['diff: 0-d', () => dt.tensor(1).diff(), ShapeError, 'diff: expected at least 1 dimension, got a 0-d tensor'],
  [
    'gradient: too few',
    () => dt.gradient(zeros(3, 1)),
    ShapeError,
    'gradient: dim 1 needs at least 2 elements, got shape [3, 1]',
  ],
  [
    'gradient: spacings',
    () => dt.gradient(zeros(3, 3), [1, 2, 3]),
    ArgumentError,
    'gradient: expected a spacing for each of 2 dims, got 3',
  ],
  ['renorm: p', () => zeros(2, 2).renorm(0, 0, 1), ArgumentError, 'renorm: p must be greater than 0, got 0'],
  ['cov: dims', () => zeros(2, 2, 2).cov(), ShapeError, 'cov: expected at most 2 dimensions, got shape [2, 2, 2]'],
  [
    'bincount: negative',
    () => classes(1, -2).bincount(),
    ArgumentError,
    'bincount: expected no negative integers, got -2',
  ],
  [
    'bincount: floats',
    () => zeros(2).bincount(),
    ArgumentError,
    'bincount: expected integers of 1 dimension, got float32 of shape [2]',
  ],
  ['histc: bins', () => zeros(2).histc(0), ArgumentError, 'histc: bins must be greater than 0, got 0'],
  ['histc: range', () => zeros(2).histc({ min: 2, max: 1 }), ArgumentError, 'histc: the range from 2 to 1 is none'],
  ['unbind: 0-d', () => dt.tensor(1).unbind(), IndexError, 'unbind: a 0-d tensor has no dims'],
]

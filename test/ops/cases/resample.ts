// Interpolation. What surprises: with a factor, the size of the result is rounded down, but places are not.

import type { Case } from '../../support/case.ts'
import { type ShapeRow, shapeRows } from '../../support/shape-rows.ts'

const rows: ShapeRow[] = [
  [
    'interpolate',
    'nearest',
    [2, 1, 3, 4],
    (dt, x) => dt.nn.functional.interpolate(x, [5, 6]),
    'F.interpolate(x0, (5, 6))',
  ],
  ['interpolate', 'nearest, less', [1, 2, 7], (dt, x) => dt.nn.functional.interpolate(x, 3), 'F.interpolate(x0, 3)'],
  [
    'interpolate',
    'nearest, by a factor',
    [1, 2, 2, 3, 2],
    (dt, x) => dt.nn.functional.interpolate(x, { scaleFactor: 1.7 }),
    'F.interpolate(x0, scale_factor=1.7)',
  ],
  [
    'interpolate',
    'nearest-exact',
    [1, 2, 5, 4],
    (dt, x) => dt.nn.functional.interpolate(x, [3, 7], { mode: 'nearest-exact' }),
    "F.interpolate(x0, (3, 7), mode='nearest-exact')",
  ],
  [
    'interpolate',
    'linear',
    [2, 2, 5],
    (dt, x) => dt.nn.functional.interpolate(x, 8, { mode: 'linear' }),
    "F.interpolate(x0, 8, mode='linear')",
  ],
  [
    'interpolate',
    'linear, aligned',
    [2, 2, 5],
    (dt, x) => dt.nn.functional.interpolate(x, 3, { mode: 'linear', alignCorners: true }),
    "F.interpolate(x0, 3, mode='linear', align_corners=True)",
  ],
  [
    'interpolate',
    'bilinear',
    [1, 2, 3, 4],
    (dt, x) => dt.nn.functional.interpolate(x, [5, 7], { mode: 'bilinear' }),
    "F.interpolate(x0, (5, 7), mode='bilinear')",
  ],
  [
    'interpolate',
    'bilinear, aligned, one row',
    [1, 2, 3, 4],
    (dt, x) => dt.nn.functional.interpolate(x, [1, 6], { mode: 'bilinear', alignCorners: true }),
    "F.interpolate(x0, (1, 6), mode='bilinear', align_corners=True)",
  ],
  [
    'interpolate',
    'bilinear, by factors',
    [1, 1, 4, 5],
    (dt, x) => dt.nn.functional.interpolate(x, { scaleFactor: [1.6, 0.7], mode: 'bilinear' }),
    "F.interpolate(x0, scale_factor=(1.6, 0.7), mode='bilinear')",
  ],
  [
    'interpolate',
    'bilinear, by the sizes of factors',
    [1, 1, 4, 5],
    (dt, x) =>
      dt.nn.functional.interpolate(x, { scaleFactor: [1.6, 0.7], mode: 'bilinear', recomputeScaleFactor: true }),
    "F.interpolate(x0, scale_factor=(1.6, 0.7), mode='bilinear', recompute_scale_factor=True)",
  ],
  [
    'interpolate',
    'bicubic',
    [1, 2, 4, 3],
    (dt, x) => dt.nn.functional.interpolate(x, [8, 6], { mode: 'bicubic' }),
    "F.interpolate(x0, (8, 6), mode='bicubic')",
  ],
  [
    'interpolate',
    'bicubic, aligned',
    [1, 1, 5, 4],
    (dt, x) => dt.nn.functional.interpolate(x, [3, 7], { mode: 'bicubic', alignCorners: true }),
    "F.interpolate(x0, (3, 7), mode='bicubic', align_corners=True)",
  ],
  [
    'interpolate',
    'trilinear',
    [1, 1, 2, 3, 2],
    (dt, x) => dt.nn.functional.interpolate(x, [3, 2, 4], { mode: 'trilinear' }),
    "F.interpolate(x0, (3, 2, 4), mode='trilinear')",
  ],
  [
    'interpolate',
    'area',
    [1, 2, 5, 4],
    (dt, x) => dt.nn.functional.interpolate(x, [3, 2], { mode: 'area' }),
    "F.interpolate(x0, (3, 2), mode='area')",
  ],
  [
    'interpolate',
    'area, by a factor',
    [1, 1, 7],
    (dt, x) => dt.nn.functional.interpolate(x, { scaleFactor: 0.6, mode: 'area' }),
    "F.interpolate(x0, scale_factor=0.6, mode='area')",
  ],
  [
    'interpolate',
    'bilinear, antialias',
    [1, 1, 9, 7],
    (dt, x) => dt.nn.functional.interpolate(x, [4, 3], { mode: 'bilinear', antialias: true }),
    "F.interpolate(x0, (4, 3), mode='bilinear', antialias=True)",
  ],
  [
    'interpolate',
    'bicubic, antialias',
    [1, 1, 9, 7],
    (dt, x) => dt.nn.functional.interpolate(x, [4, 9], { mode: 'bicubic', antialias: true }),
    "F.interpolate(x0, (4, 9), mode='bicubic', antialias=True)",
  ],
  [
    'interpolate',
    'transposed',
    [1, 2, 4, 3],
    (dt, x) => dt.nn.functional.interpolate(x.transpose(2, 3), [4, 4], { mode: 'bilinear' }),
    "F.interpolate(x0.transpose(2, 3), (4, 4), mode='bilinear')",
  ],
  [
    'interpolate',
    'upsample',
    [1, 1, 2, 3],
    (dt, x) => dt.nn.functional.upsample(x, { scaleFactor: 2 }),
    'F.upsample(x0, scale_factor=2)',
  ],
  [
    'interpolate',
    'upsampleNearest',
    [1, 1, 2, 3],
    (dt, x) => dt.nn.functional.upsampleNearest(x, 4),
    'F.upsample_nearest(x0, 4)',
  ],
  [
    'interpolate',
    'upsampleBilinear',
    [1, 1, 2, 3],
    (dt, x) => dt.nn.functional.upsampleBilinear(x, { scaleFactor: 2 }),
    'F.upsample_bilinear(x0, scale_factor=2)',
  ],
  [
    'interpolate',
    'an empty batch',
    [0, 1, 2, 3],
    (dt, x) => dt.nn.functional.interpolate(x, 4),
    'F.interpolate(x0, 4)',
  ],
]

// Those that pick elements are exact.
export const cases: Case[] = shapeRows(rows, ['uint8']).map(it =>
  /linear|cubic|area/i.test(it.torch) ? { ...it, tolerance: undefined } : it,
)

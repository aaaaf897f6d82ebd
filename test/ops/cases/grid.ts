// gridSample and affineGrid. What surprises: places beyond both ends have no gradient but with zeros, and nearest
// elements give a grid a gradient of 0. Random places are far enough from whole numbers for differences.

import { type Case, type DType, floats, type Input, isHalf, leaf } from '../../support/case.ts'

const modes = ['bilinear', 'nearest', 'bicubic'] as const
const paddings = ['zeros', 'border', 'reflection'] as const

/** Places of six outputs, within and without. */
const flat = [-0.83, 0.21, 0.47, -1.37, 1.29, 0.62, -0.11, 0.93, 0.38, -0.57, -1.71, 1.43]
const deep = [-0.83, 0.21, 0.47, -1.37, 1.29, 0.62, -0.11, 0.93, 0.38, -0.57, -1.71, 1.43]

const image = (dtype: DType): Input[] => [leaf([1, 2, 4, 3], dtype), leaf([1, 2, 3, 2], dtype, { values: flat })]
const volume = (dtype: DType): Input[] => [leaf([1, 2, 3, 2, 4], dtype), leaf([1, 2, 1, 2, 3], dtype, { values: deep })]

const samples: Case[] = floats.flatMap(dtype =>
  [4, 5].flatMap(dims =>
    modes
      .filter(mode => (dims === 4 || mode !== 'bicubic') && (!isHalf(dtype) || mode === 'bilinear'))
      .flatMap(mode =>
        paddings.flatMap(paddingMode =>
          [false, true].map(alignCorners =>
            make(
              'gridSampler',
              `${dtype} ${dims}-d ${mode} ${paddingMode}${alignCorners ? ' aligned' : ''}`,
              dims === 4 ? image(dtype) : volume(dtype),
              (dt, x, grid) => dt.nn.functional.gridSample(x, grid, { mode, paddingMode, alignCorners }),
              `F.grid_sample(x0, x1, '${mode}', '${paddingMode}', ${alignCorners ? 'True' : 'False'})`,
            ),
          ),
        ),
      ),
  ),
)

const others: Case[] = [
  make(
    'gridSampler',
    'by number',
    image('float64'),
    (dt, x, grid) => dt.gridSampler2d(x, grid, 2, 1, true),
    'torch.grid_sampler_2d(x0, x1, 2, 1, True)',
  ),
  make(
    'gridSampler',
    'volume by number',
    volume('float64'),
    (dt, x, grid) => dt.gridSampler3d(x, grid, 0, 2, false),
    'torch.grid_sampler_3d(x0, x1, 0, 2, False)',
  ),
  make(
    'gridSampler',
    'several images, transposed',
    [leaf([2, 3, 3, 4], 'float64', { layout: 'transposed' }), leaf([2, 3, 1, 2], 'float64', { values: flat })],
    (dt, x, grid) => dt.nn.functional.gridSample(x, grid),
    'F.grid_sample(x0, x1, align_corners=False)',
  ),
  make(
    'affineGrid',
    'one row',
    [leaf([1, 2, 3], 'float64')],
    (dt, theta) => dt.nn.functional.affineGrid(theta, [1, 1, 1, 4], true),
    'F.affine_grid(x0, (1, 1, 1, 4), align_corners=True)',
  ),
  ...floats.flatMap(dtype =>
    [false, true].flatMap(aligned => [
      make(
        'affineGrid',
        `${dtype} image${aligned ? ' aligned' : ''}`,
        [leaf([2, 2, 3], dtype)],
        (dt, theta) => dt.nn.functional.affineGrid(theta, [2, 1, 3, 4], aligned),
        `F.affine_grid(x0, (2, 1, 3, 4), align_corners=${aligned ? 'True' : 'False'})`,
      ),
      make(
        'affineGrid',
        `${dtype} volume${aligned ? ' aligned' : ''}`,
        [leaf([1, 3, 4], dtype)],
        (dt, theta) => dt.nn.functional.affineGrid(theta, [1, 2, 2, 2, 3], aligned),
        `F.affine_grid(x0, (1, 2, 2, 2, 3), align_corners=${aligned ? 'True' : 'False'})`,
      ),
    ]),
  ),
]

function make(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  // The weights of bicubic are differences of larger terms.
  return { op, name: `${op}: ${name}`, inputs, run, torch, mixes: torch.includes('bicubic') }
}

export const cases: Case[] = [...samples, ...others]

// Images and volumes at any places, functions only; nn.functional.gridSample has names in place of numbers.
import { ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, flag, handleOf, named } from '../args.ts'
import { atMost, refuse } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

const modes = ['bilinear', 'nearest', 'bicubic'] as const
const paddings = ['zeros', 'border', 'reflection'] as const

function sampled(
  op: 'gridSampler2d' | 'gridSampler3d',
  input: Tensor,
  grid: Tensor,
  interpolationMode: number,
  paddingMode: number,
  alignCorners: boolean,
): Tensor {
  const dims = op === 'gridSampler2d' ? 4 : 5
  if (checked(op, input).ndim !== dims) {
    throw new ShapeError(`${op}: expected an input of ${dims} dimensions, got [${input.shape.join(', ')}]`)
  }
  const mode = modes[interpolationMode] ?? refuse(`${op}: interpolationMode`, '0, 1 or 2', interpolationMode)
  const padding = paddings[paddingMode] ?? refuse(`${op}: paddingMode`, '0, 1 or 2', paddingMode)
  flag(`${op}: alignCorners`, alignCorners)
  return named(op, () => wrap(native.gridSampler(input.handle, handleOf(op, grid), mode, padding, alignCorners)))
}

/**
 * `nn.functional.gridSample` of images (N, C, H, W) with numbers for the modes: 0 bilinear, 1 nearest, 2 bicubic; and 0
 * zeros, 1 border, 2 reflection. PyTorch: torch.grid_sampler_2d.
 * @throws ShapeError when the shapes do not fit, DTypeError, ArgumentError
 */
export function gridSampler2d(
  input: Tensor,
  grid: Tensor,
  interpolationMode: number,
  paddingMode: number,
  alignCorners: boolean,
): Tensor {
  atMost('gridSampler2d', 5, arguments.length)
  return sampled('gridSampler2d', input, grid, interpolationMode, paddingMode, alignCorners)
}

/** The same of volumes (N, C, D, H, W), not bicubic. PyTorch: torch.grid_sampler_3d. @throws as `gridSampler2d` */
export function gridSampler3d(
  input: Tensor,
  grid: Tensor,
  interpolationMode: number,
  paddingMode: number,
  alignCorners: boolean,
): Tensor {
  atMost('gridSampler3d', 5, arguments.length)
  return sampled('gridSampler3d', input, grid, interpolationMode, paddingMode, alignCorners)
}

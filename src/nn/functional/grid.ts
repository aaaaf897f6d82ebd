// Images and volumes at any places, functions only. What surprises: the last dimension comes first in a grid, and
// places go from -1 to 1.
import { DTypeError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  atMost,
  checked,
  checkSizes,
  flag,
  handleOf,
  linspace,
  named,
  Options,
  ones,
  refuse,
  stack,
  type Tensor,
  wrap,
  zeros,
} from '../../tensor/index.ts'

/** Options of `gridSample`. */
export interface GridSampleOptions {
  /** How elements are weighed; 'bilinear' is trilinear of volumes, 'bicubic' for images only. Default 'bilinear'. */
  mode?: 'bilinear' | 'nearest' | 'bicubic'
  /** What is outside: 0, the nearest element, or the elements in reverse. Default 'zeros'. */
  paddingMode?: 'zeros' | 'border' | 'reflection'
  /** -1 and 1 are the centres of the elements at the ends, not their outer edges; default false. */
  alignCorners?: boolean | null
}

const gridSampleOptions = new Options<GridSampleOptions>({ mode: true, paddingMode: true, alignCorners: true })
const modes = ['bilinear', 'nearest', 'bicubic']
const paddings = ['zeros', 'border', 'reflection']

/**
 * The input (N, C, H, W), or (N, C, D, H, W), at the places of a grid (N, height, width, 2), or one dimension more and
 * 3, as (N, C, height, width): x and y of each output, from -1 to 1. PyTorch: torch.nn.functional.grid_sample.
 * @throws ShapeError when the shapes do not fit, DTypeError, ArgumentError
 * @example
 * const grid = affineGrid(eye(2, 3).unsqueeze(0), [1, 3, 8, 8])
 * gridSample(randn(1, 3, 5, 5), grid, { paddingMode: 'border' }).shape // [1, 3, 8, 8]
 */
export function gridSample(
  input: Tensor,
  grid: Tensor,
  mode?: GridSampleOptions['mode'] | GridSampleOptions,
  options?: GridSampleOptions,
): Tensor {
  const op = 'gridSample'
  atMost('gridSample', 4, arguments.length)
  const given = gridSampleOptions.readFirst(op, mode, options)
  const { mode: how = 'bilinear', paddingMode = 'zeros', alignCorners } = given
  if (!modes.includes(how)) refuse(`${op}: mode`, `one of ${modes.join(', ')}`, how)
  if (!paddings.includes(paddingMode)) refuse(`${op}: paddingMode`, `one of ${paddings.join(', ')}`, paddingMode)
  const aligned = flag(`${op}: alignCorners`, alignCorners ?? false)
  const [handle, places] = [handleOf(op, input), handleOf(op, grid)]
  return named(op, () => wrap(native.gridSampler(handle, places, how, paddingMode, aligned)))
}

/** Options of `affineGrid`. */
export interface AffineGridOptions {
  /** -1 and 1 are the centres of the elements at the ends, not their outer edges; default false. */
  alignCorners?: boolean | null
}

const affineGridOptions = new Options<AffineGridOptions>({ alignCorners: true })

/**
 * The grid for `gridSample` that maps an output of this size, (N, C, H, W) or (N, C, D, H, W), by affine matrices
 * theta, (N, 2, 3) or (N, 3, 4). PyTorch: torch.nn.functional.affine_grid.
 * @throws ShapeError when the shapes do not fit, DTypeError for integers
 * @example affineGrid(eye(2, 3).unsqueeze(0), [1, 3, 8, 8]).shape // [1, 8, 8, 2]
 */
export function affineGrid(
  theta: Tensor,
  size: readonly number[],
  alignCorners?: boolean | null | AffineGridOptions,
  options?: AffineGridOptions,
): Tensor {
  const op = 'affineGrid'
  atMost('affineGrid', 4, arguments.length)
  const given = affineGridOptions.readFirst(op, alignCorners, options)
  const aligned = flag(`${op}: alignCorners`, given.alignCorners ?? false)
  const { dtype, device, shape } = checked(op, theta)
  if (!dtype.includes('float')) throw new DTypeError(`${op}: expected floats, got ${dtype}`)
  const [samples, , ...sizes] = checkSizes(op, size)
  const dims = sizes.length
  if ((dims !== 2 && dims !== 3) || size.some(it => it < 1)) {
    throw new ShapeError(`${op}: expected a size [N, C, H, W] or [N, C, D, H, W] without 0, got [${size.join(', ')}]`)
  }
  if (String(shape) !== String([samples, dims, dims + 1])) {
    const wanted = [samples, dims, dims + 1].join(', ')
    throw new ShapeError(`${op}: expected theta of shape [${wanted}], got [${shape.join(', ')}]`)
  }
  return named(op, () => {
    const on = { dtype, device }
    const along = sizes.map((n, d) => {
      const centres = n > 1 ? linspace(-1, 1, n, on).mul(aligned ? 1 : (n - 1) / n) : zeros(1, on)
      return centres.reshape(sizes.map((_, i) => (i === d ? n : 1))).expand(sizes)
    })
    const base = stack([...along.reverse(), ones(sizes, on)], -1).reshape(1, -1, dims + 1)
    return base.matmul(theta.transpose(1, 2)).reshape([samples!, ...sizes, dims])
  })
}

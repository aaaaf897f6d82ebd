// Many pictures as one, and pictures as files. PyTorch: torchvision.utils.
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import { atMost, cat, flag, isFloatingPoint, noGrad, Options, refuse, stack, Tensor } from '../tensor/index.ts'
import { Image, type ImageMode } from './image/image.ts'

/** Options of `makeGrid` and `saveImage`. */
export interface MakeGridOptions {
  /** Pictures in a row, default 8. */
  nrow?: number
  /** Pixels between pictures and around them, default 2. */
  padding?: number
  /** Move and scale elements so that they are from 0 to 1, default false. */
  normalize?: boolean
  /** What becomes 0 and what becomes 1; default the smallest and the largest element. */
  valueRange?: readonly [number, number] | null
  /** Look for these in each picture by itself, default false. */
  scaleEach?: boolean
  /** What is between pictures, default 0. */
  padValue?: number
}

const gridOptions = new Options<MakeGridOptions>({
  nrow: true,
  padding: true,
  normalize: true,
  valueRange: true,
  scaleEach: true,
  padValue: true,
})

/**
 * One picture (C, H, W) of a batch (N, C, H, W), or of several pictures of one size; gray becomes red, green and blue.
 * A single picture stays as it is, without padding. PyTorch: torchvision.utils.make_grid.
 * @throws ShapeError for other shapes, DTypeError for integers with `normalize`, ArgumentError for wrong options
 * @example makeGrid(images, { nrow: 4, normalize: true })
 */
export function makeGrid(
  tensor: Tensor | readonly Tensor[],
  nrow?: number | MakeGridOptions,
  options?: MakeGridOptions,
): Tensor {
  atMost('makeGrid', 3, arguments.length)
  return noGrad(() => gridOf('makeGrid', tensor, gridOptions.readFirst('makeGrid', nrow, options)))
}

/**
 * Writes a picture, or a grid of several, into a PNG file: floats, of which 0 is black and 1 is white. PyTorch:
 * torchvision.utils.save_image.
 * @throws UnsupportedError for a name that does not end in .png; what `makeGrid` throws
 * @example saveImage(images, 'digits.png', { nrow: 10 })
 */
export function saveImage(tensor: Tensor | readonly Tensor[], fp: string, options?: MakeGridOptions): void {
  atMost('saveImage', 3, arguments.length)
  const given = gridOptions.read('saveImage', options)
  const image = noGrad(() => {
    const grid = gridOf('saveImage', tensor, given)
    if (!isFloatingPoint(grid.dtype)) {
      throw new DTypeError(`saveImage: expected floats from 0 to 1, got ${grid.dtype}`)
    }
    return imageOf(grid.mul(255).add(0.5).clamp(0, { max: 255 }).permute(1, 2, 0).to({ device: 'cpu', dtype: 'uint8' }))
  })
  image.save(fp)
}

function imageOf(pixels: Tensor): Image {
  const [height, width, channels] = pixels.shape as [number, number, number]
  const mode = ({ 1: 'L', 3: 'RGB', 4: 'RGBA' } as Record<number, ImageMode>)[channels]
  if (mode === undefined) throw new ShapeError(`saveImage: expected 1, 3 or 4 channels, got ${channels}`)
  return new Image(mode, width, height, pixels.toTypedArray() as Uint8Array)
}

function gridOf(op: string, tensor: Tensor | readonly Tensor[], options: MakeGridOptions): Tensor {
  const { nrow = 8, padding = 2, padValue = 0 } = options
  if (!Number.isSafeInteger(nrow) || nrow < 1) {
    throw new ArgumentError(`${op}: nrow must be a positive integer, got ${nrow}`)
  }
  if (!Number.isSafeInteger(padding) || padding < 0) {
    throw new ArgumentError(`${op}: padding must be an integer of 0 or more, got ${padding}`)
  }
  const normalize = flag(`${op}: normalize`, options.normalize ?? false)
  const scaleEach = flag(`${op}: scaleEach`, options.scaleEach ?? false)
  const batch = batchOf(op, tensor)
  const images = normalize ? normalized(op, batch, options.valueRange ?? null, scaleEach) : batch
  const [count, channels, height, width] = images.shape as [number, number, number, number]
  if (count === 1) return images.squeeze(0)
  const columns = Math.min(nrow, count)
  const [stepY, stepX] = [height + padding, width + padding]
  const shape = [channels, stepY * Math.ceil(count / columns) + padding, stepX * columns + padding]
  const grid = images.newFull(shape, padValue)
  for (let k = 0; k < count; k++) {
    const [y, x] = [Math.trunc(k / columns) * stepY + padding, (k % columns) * stepX + padding]
    grid.narrow(1, y, height).narrow(2, x, width).copy_(images.select(0, k))
  }
  return grid
}

/** The pictures as (N, C, H, W), gray ones with three channels. */
function batchOf(op: string, tensor: Tensor | readonly Tensor[]): Tensor {
  if (!(tensor instanceof Tensor) && !Array.isArray(tensor)) refuse(op, 'a tensor or an array of tensors', tensor)
  const x = tensor instanceof Tensor ? tensor : stack(tensor)
  if (x.ndim < 2 || x.ndim > 4 || x.size(0) === 0) {
    throw new ShapeError(`${op}: expected (N, C, H, W), (C, H, W) or (H, W), got [${x.shape.join(', ')}]`)
  }
  const batch = x.view([...[1, 1, 1].slice(x.ndim - 1), ...x.shape])
  return batch.size(1) === 1 ? cat([batch, batch, batch], 1) : batch
}

function normalized(op: string, x: Tensor, range: readonly [number, number] | null, each: boolean): Tensor {
  if (!isFloatingPoint(x.dtype)) throw new DTypeError(`${op}: normalize needs floats, got ${x.dtype}`)
  if (range !== null && (!Array.isArray(range) || range.length !== 2)) refuse(op, 'valueRange as two numbers', range)
  const scaled = (images: Tensor) => {
    const [low, high] = range ?? [images.min().item() as number, images.max().item() as number]
    return images
      .clamp(low, { max: high })
      .sub(low)
      .div(Math.max(high - low, 1e-5))
  }
  return each ? stack(Array.from({ length: x.size(0) }, (_, k) => scaled(x.select(0, k)))) : scaled(x)
}

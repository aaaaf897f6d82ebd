// Pictures in other sizes. Images are resampled as Pillow does it; tensors by a product with a matrix of weights for
// each direction, which PyTorch's `interpolate` is equal to, up to rounding.
import { ArgumentError } from '../../errors.ts'
import { atMost, type Device, type DType, flag, Options, type Tensor, tensor } from '../../tensor/index.ts'
import { cubic, filters, type Interpolation, sources } from '../image/filters.ts'
import { Image } from '../image/image.ts'
import { resized } from '../image/resize.ts'
import { dimensions, inFloats, sizes } from './picture.ts'
import { type Picture, PictureTransform, printed } from './transform.ts'

/** Weights of the pixels of a direction, a row for each pixel of the result. */
type Matrix = { values: Float64Array; rows: number; columns: number }

const tensorInterpolations = ['nearest', 'nearest-exact', 'bilinear', 'bicubic'] as const
const interpolations = [...tensorInterpolations, ...(['box', 'hamming', 'lanczos'] as const)]

/** @throws ArgumentError for a way that is not among those that there are. */
export function checkInterpolation(op: string, given: string, known: readonly string[] = interpolations): void {
  if (known.includes(given)) return
  throw new ArgumentError(`${op}: interpolation must be one of ${known.join(', ')}, got '${given}'`)
}

/** The picture in another size. */
export function resizeTo<T extends Picture>(
  op: string,
  picture: T,
  size: readonly [number, number],
  interpolation: Interpolation,
  antialias: boolean | null,
): T {
  const [, oldHeight, oldWidth] = dimensions(op, picture)
  const [height, width] = size
  if (oldHeight === height && oldWidth === width) return picture
  if (picture instanceof Image) return resized(picture, width, height, interpolation) as T
  checkInterpolation(`${op}: of a tensor`, interpolation, tensorInterpolations)
  const matrix = (size: number, length: number) => weights(size, length, interpolation, antialias ?? false)
  const compute = (x: Tensor) => {
    const wide = x.matmul(asTensor(matrix(oldWidth, width), x.dtype, x.device).t())
    return asTensor(matrix(oldHeight, height), x.dtype, x.device).matmul(wide)
  }
  return inFloats(op, picture, compute, picture.dtype === 'uint8' ? 0 : undefined) as T
}

function asTensor({ values, rows, columns }: Matrix, dtype: DType, device: Device): Tensor {
  return tensor(values).to(device, dtype).view(rows, columns)
}

function weights(size: number, length: number, interpolation: Interpolation, antialias: boolean): Matrix {
  const values = new Float64Array(length * size)
  const add = (row: number, column: number, weight: number) => {
    values[row * size + Math.min(Math.max(column, 0), size - 1)]! += weight
  }
  if (interpolation === 'bilinear' || interpolation === 'bicubic') {
    if (antialias) {
      for (const [row, { start, weights }] of sources(size, length, filters[interpolation]).entries()) {
        for (const [k, weight] of weights.entries()) add(row, start + k, weight)
      }
    } else for (let row = 0; row < length; row++) between(row, (row + 0.5) * (size / length) - 0.5, interpolation, add)
  } else {
    const step = Math.fround(size / length)
    const shift = interpolation === 'nearest' ? 0 : 0.5
    for (let row = 0; row < length; row++) add(row, Math.floor(Math.fround((row + shift) * step)), 1)
  }
  return { values, rows: length, columns: size }
}

/** The neighbours of a place, without antialias; beyond the edges is the nearest pixel. */
function between(
  row: number,
  place: number,
  interpolation: 'bilinear' | 'bicubic',
  add: (row: number, column: number, weight: number) => void,
): void {
  const at = interpolation === 'bilinear' ? Math.max(place, 0) : place
  const left = Math.floor(at)
  const share = at - left
  if (interpolation === 'bilinear') {
    add(row, left, 1 - share)
    add(row, left + 1, share)
  } else for (let k = -1; k < 3; k++) add(row, left + k, cubic(k - share, -0.75))
}

/** Options of `Resize`. */
export interface ResizeOptions {
  /** Default 'bilinear'. Tensors have nearest, nearest-exact, bilinear and bicubic. */
  interpolation?: Interpolation
  /** The most that the longer edge may become, for a size that is one number; default: no limit. */
  maxSize?: number | null
  /** For tensors: average over all pixels that a pixel of the result covers, default true. Images always are. */
  antialias?: boolean | null
}

const resizeOptions = new Options<ResizeOptions>({ interpolation: true, maxSize: true, antialias: true })

/** Height and width of the result; of a size that is one number, the shorter edge is that long. */
function outputSize({ size, maxSize }: Resize, height: number, width: number): readonly [number, number] {
  if (Array.isArray(size) && size.length === 2) return [size[0], size[1]]
  const shorter = Math.min(height, width)
  const longer = Math.max(height, width)
  let edges = [sizes('Resize: size', size)[0], Math.trunc((sizes('Resize: size', size)[0] * longer) / shorter)] as const
  if (maxSize !== null && edges[1] > maxSize) edges = [Math.trunc((maxSize * edges[0]) / edges[1]), maxSize]
  return width <= height ? [edges[1], edges[0]] : edges
}

/**
 * Makes pictures of another size: `[height, width]`, or a number for the shorter edge. PyTorch:
 * torchvision.transforms.Resize.
 * @throws ArgumentError for a size that is neither, or not below `maxSize`
 * @example new Resize([224, 224])
 * @example new Resize(256, 'bicubic', { maxSize: 512 })
 */
export class Resize extends PictureTransform {
  readonly size: number | readonly number[]
  readonly interpolation: Interpolation
  readonly maxSize: number | null
  readonly antialias: boolean | null

  constructor(
    size: number | readonly number[],
    interpolation?: Interpolation | ResizeOptions,
    options?: ResizeOptions,
  ) {
    atMost('Resize', 3, arguments.length)
    super()
    const given = resizeOptions.readFirst('Resize', interpolation, options)
    const [edge] = sizes('Resize: size', size)
    this.size = size
    this.interpolation = given.interpolation ?? 'bilinear'
    checkInterpolation('Resize', this.interpolation)
    this.maxSize = given.maxSize ?? null
    this.antialias = given.antialias === null ? null : flag('Resize: antialias', given.antialias ?? true)
    if (this.maxSize === null) return
    if (Array.isArray(size) && size.length === 2) {
      throw new ArgumentError('Resize: maxSize needs a size that is one number, the length of the shorter edge')
    }
    if (this.maxSize <= edge) {
      throw new ArgumentError(
        `Resize: maxSize must be greater than the size of the shorter edge: ${this.maxSize} <= ${edge}`,
      )
    }
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    const [, height, width] = dimensions('Resize', picture)
    return resizeTo('Resize', picture, outputSize(this, height, width), this.interpolation, this.antialias)
  }

  override settings(): string {
    const { size, interpolation, maxSize, antialias } = this
    return `size=${printed(size)}, interpolation=${interpolation}, max_size=${printed(maxSize)}, antialias=${printed(antialias)}`
  }
}

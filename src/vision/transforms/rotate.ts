// Pictures turned by a random angle. Images are turned as Pillow does it; tensors by asking for each pixel of the
// result where it was, in float32 as PyTorch does, and taking the pixels there.
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, Options, refuse, type Tensor, tensor } from '../../tensor/index.ts'
import { Image } from '../image/image.ts'
import { type RotateInterpolation, rotated } from '../image/rotate.ts'
import { interval, type Range, uniform } from './crop.ts'
import { channelsOf, dimensions, type Fill, inFloats, roundEven } from './picture.ts'
import { checkInterpolation } from './resize.ts'
import { float, type Picture, PictureTransform, printed } from './transform.ts'

/** Options of `RandomRotation`. */
export interface RandomRotationOptions {
  /** Default 'nearest'; images also have 'bilinear' and 'bicubic', tensors 'bilinear'. */
  interpolation?: RotateInterpolation
  /** Make the result large enough for all of the picture, default false. */
  expand?: boolean
  /** What stays where it is, x and y from the upper left corner; default the middle. */
  center?: readonly [number, number] | null
  /** Colour of what is outside, default 0. */
  fill?: Fill
}

const rotationOptions = new Options<RandomRotationOptions>({
  interpolation: true,
  expand: true,
  center: true,
  fill: true,
})

/**
 * Turns pictures counterclockwise by a random angle from a range, or from -degrees to degrees. PyTorch:
 * torchvision.transforms.RandomRotation.
 * @example new RandomRotation(15, { interpolation: 'bilinear' })
 */
export class RandomRotation extends PictureTransform {
  readonly degrees: Range
  readonly interpolation: RotateInterpolation
  readonly expand: boolean
  readonly center: readonly [number, number] | null
  readonly fill: Fill

  constructor(
    degrees: number | Range,
    interpolation?: RotateInterpolation | RandomRotationOptions,
    options?: RandomRotationOptions,
  ) {
    atMost('RandomRotation', 3, arguments.length)
    super()
    const given = rotationOptions.readFirst('RandomRotation', interpolation, options)
    if (typeof degrees === 'number' && degrees < 0) {
      throw new ArgumentError(`RandomRotation: degrees must be positive where it is one number, got ${degrees}`)
    }
    this.degrees = interval('RandomRotation: degrees', typeof degrees === 'number' ? [-degrees, degrees] : degrees)
    this.interpolation = given.interpolation ?? 'nearest'
    checkInterpolation('RandomRotation', this.interpolation, ['nearest', 'bilinear', 'bicubic'])
    this.expand = flag('RandomRotation: expand', given.expand ?? false)
    this.center = given.center ?? null
    if (this.center !== null && this.center.length !== 2) refuse('RandomRotation', 'center as x and y', this.center)
    this.fill = given.fill ?? 0
  }

  /** Draws an angle. */
  static getParams(degrees: Range): number {
    return uniform(...degrees).item()
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    const [channels] = dimensions('RandomRotation', picture)
    const fill = channelsOf('RandomRotation', this.fill, channels)
    const angle = RandomRotation.getParams(this.degrees)
    const { interpolation, expand, center } = this
    if (picture instanceof Image) {
      return rotated(picture, angle, { interpolation, expand, center, fill: fill.map(Math.trunc) }) as T
    }
    checkInterpolation('RandomRotation: of a tensor', interpolation, ['nearest', 'bilinear'])
    return inFloats('RandomRotation', picture, x => turned(x, angle, this, fill)) as T
  }

  override settings(): string {
    const { degrees, interpolation, expand, center, fill } = this
    const middle = center === null ? '' : `, center=${printed(center)}`
    return (
      `degrees=[${degrees.map(float).join(', ')}], interpolation=${interpolation}, expand=${printed(expand)}` +
      `${middle}, fill=${printed(fill)}`
    )
  }
}

/** The pixels that those of the result are made of: for each neighbour its place, and its weight. */
interface Neighbours {
  places: Int32Array[]
  weights: Float64Array[]
}

/** Turns a tensor of floats. */
function turned(x: Tensor, angle: number, { interpolation, expand, center }: RandomRotation, fill: number[]): Tensor {
  const [height, width] = [x.size(-2), x.size(-1)]
  const f = x.dtype === 'float32' ? Math.fround : (value: number) => value
  const [cx, cy] = center === null ? [0, 0] : [center[0] - width / 2, center[1] - height / 2]
  const radians = -angle * (Math.PI / 180)
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)]
  const matrix = [cos, sin, cx - cos * cx - sin * cy, -sin, cos, cy + sin * cx - cos * cy]
  const [outWidth, outHeight] = expand ? expanded(matrix, width, height) : [width, height]
  const [a, b, c] = matrix.slice(0, 3).map(value => f(f(value) / f(width / 2))) as [number, number, number]
  const [d, e, g] = matrix.slice(3).map(value => f(f(value) / f(height / 2))) as [number, number, number]
  const count = outWidth * outHeight
  const neighbours = interpolation === 'nearest' ? 1 : 4
  const { places, weights }: Neighbours = {
    places: Array.from({ length: neighbours }, () => new Int32Array(count)),
    weights: Array.from({ length: neighbours }, () => new Float64Array(count)),
  }
  const put = (k: number, i: number, column: number, row: number, weight: number) => {
    if (column < 0 || column >= width || row < 0 || row >= height) return
    places[k]![i] = row * width + column
    weights[k]![i] = weight
  }
  for (let i = 0; i < count; i++) {
    const gridX = (i % outWidth) - outWidth / 2 + 0.5
    const gridY = Math.floor(i / outWidth) - outHeight / 2 + 0.5
    const onX = f(f(f(a * gridX) + f(b * gridY)) + c)
    const onY = f(f(f(d * gridX) + f(e * gridY)) + g)
    const atX = f(f(f(f(onX + 1) * width) - 1) / 2)
    const atY = f(f(f(f(onY + 1) * height) - 1) / 2)
    if (neighbours === 1) {
      put(0, i, roundEven(atX), roundEven(atY), 1)
      continue
    }
    const [left, top] = [Math.floor(atX), Math.floor(atY)]
    const [shareX, shareY] = [atX - left, atY - top]
    put(0, i, left, top, (1 - shareX) * (1 - shareY))
    put(1, i, left + 1, top, shareX * (1 - shareY))
    put(2, i, left, top + 1, (1 - shareX) * shareY)
    put(3, i, left + 1, top + 1, shareX * shareY)
  }
  const { dtype, device } = x
  const pixels = x.flatten(-2)
  const sum = (terms: Tensor[]) => terms.reduce((total, term) => total.add(term))
  const factors = weights.map(values => tensor(values).to(device, dtype))
  const taken = places.map((at, k) => pixels.indexSelect(-1, tensor(at).to(device, 'int64')).mul(factors[k]!))
  const covered = sum(factors)
  const color = tensor(fill, { dtype, device }).view(-1, 1)
  const there = neighbours === 1 ? sum(taken) : sum(taken).mul(covered)
  const result = there.add(covered.neg().add(1).mul(color))
  return result.view(...x.shape.slice(0, -2), outHeight, outWidth)
}

/** Width and height of what holds all of a turned picture. */
function expanded(matrix: number[], width: number, height: number): [number, number] {
  const f = Math.fround
  const size = (row: 0 | 3, half: number) => {
    const [a, b, c] = matrix.slice(row, row + 3).map(f) as [number, number, number]
    const ends = [-1, 1].flatMap(x => [-1, 1].map(y => f(f(f((a * x * width) / 2) + f((b * y * height) / 2)) + c)))
    // PyTorch rounds to a grid first, so that rounding errors make no pixel.
    const onGrid = (end: number) => f(Math.trunc(f(f(end + half) / f(1e-4))) * f(1e-4))
    return Math.ceil(onGrid(Math.max(...ends))) - Math.floor(onGrid(Math.min(...ends)))
  }
  return [size(0, width / 2), size(3, height / 2)]
}

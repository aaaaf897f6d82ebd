// Images turned by an angle, pixel for pixel as Pillow turns them: quarter turns exactly, others by asking for each
// pixel of the result where it was.
import type { Image } from './image.ts'
import { weighted } from './resize.ts'

/** How pixels between pixels are computed when an image is turned. */
export type RotateInterpolation = 'nearest' | 'bilinear' | 'bicubic'

export interface Rotation {
  interpolation: RotateInterpolation
  /** Make the result large enough for all of the image. */
  expand: boolean
  /** What stays where it is, x and y; default the middle. */
  center: readonly [number, number] | null
  /** The channels of pixels from outside. */
  fill: readonly number[]
}

/** The numbers of x' = a x + b y + c, y' = d x + e y + f. */
type Affine = [a: number, b: number, c: number, d: number, e: number, f: number]

/** The image turned counterclockwise by degrees. Pillow: Image.rotate. */
export function rotated(image: Image, degrees: number, { interpolation, expand, center, fill }: Rotation): Image {
  const { width, height } = image
  const rest = degrees % 360
  const angle = rest < 0 ? rest + 360 : rest
  if (center === null) {
    if (angle === 0) return image
    if (angle === 180) return turned(image, 2)
    if ((angle === 90 || angle === 270) && (expand || width === height)) return turned(image, angle / 90)
  }
  const radians = -angle * (Math.PI / 180)
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)].map(x => Number(x.toFixed(15))) as [number, number]
  const [middleX, middleY] = center ?? [width / 2, height / 2]
  const matrix: Affine = [cos, sin, 0, -sin, cos, 0]
  const move = (x: number, y: number) => {
    const moved = transformed(matrix, x, y)
    matrix[2] = moved[0]
    matrix[5] = moved[1]
  }
  move(-middleX, -middleY)
  matrix[2] += middleX
  matrix[5] += middleY
  let [outWidth, outHeight] = [width, height]
  if (expand) {
    const extent = (axis: 0 | 1) => {
      const values = [0, width].flatMap(x => [0, height].map(y => transformed(matrix, x, y)[axis]))
      return Math.ceil(Math.max(...values)) - Math.floor(Math.min(...values))
    }
    outWidth = extent(0)
    outHeight = extent(1)
    move(-(outWidth - width) / 2, -(outHeight - height) / 2)
  }
  if (interpolation === 'nearest') return nearest(image, matrix, outWidth, outHeight, fill)
  const sample = interpolation === 'bilinear' ? bilinear : bicubic
  return weighted(image, pixels => between(pixels, matrix, outWidth, outHeight, fill, sample))
}

function transformed([a, b, c, d, e, f]: Affine, x: number, y: number): [number, number] {
  return [a * x + b * y + c, d * x + e * y + f]
}

/** Quarter turns, counterclockwise. */
function turned(image: Image, quarters: number): Image {
  const { width, height, channels, data } = image
  const [outWidth, outHeight] = quarters === 2 ? [width, height] : [height, width]
  const out = new Uint8Array(data.length)
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const fromX = quarters === 1 ? width - 1 - y : quarters === 2 ? width - 1 - x : y
      const fromY = quarters === 1 ? x : quarters === 2 ? height - 1 - y : height - 1 - x
      const from = (fromY * width + fromX) * channels
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!
    }
  }
  return image.like(outWidth, outHeight, out)
}

/** In steps of 1/65536 of a pixel, which add up. */
function nearest(image: Image, matrix: Affine, outWidth: number, outHeight: number, fill: readonly number[]): Image {
  const { width, height, channels, data } = image
  const fixed = (x: number) => Math.floor(x * 65536 + 0.5)
  const [a, b, c, d, e, f] = matrix
  const out = new Uint8Array(outWidth * outHeight * channels)
  const [stepX, stepY] = [fixed(a), fixed(d)]
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    let atX = fixed(c + a * 0.5 + b * 0.5) + y * fixed(b)
    let atY = fixed(f + d * 0.5 + e * 0.5) + y * fixed(e)
    for (let x = 0; x < outWidth; x++, atX += stepX, atY += stepY) {
      const [fromX, fromY] = [atX >> 16, atY >> 16]
      const inside = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height
      const from = (fromY * width + fromX) * channels
      for (let k = 0; k < channels; k++) out[to++] = inside ? data[from + k]! : (fill[k] ?? 0)
    }
  }
  return image.like(outWidth, outHeight, out)
}

/** Writes the pixel at a place, counted from the middle of the first one; beyond the edges is the nearest pixel. */
type Sample = (image: Image, x: number, y: number, out: Uint8Array, to: number) => void

function between(
  image: Image,
  matrix: Affine,
  outWidth: number,
  outHeight: number,
  fill: readonly number[],
  sample: Sample,
): Image {
  const { width, height, channels } = image
  const [a, b, c, d, e, f] = matrix
  const out = new Uint8Array(outWidth * outHeight * channels)
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++, to += channels) {
      const fromX = a * (x + 0.5) + b * (y + 0.5) + c
      const fromY = d * (x + 0.5) + e * (y + 0.5) + f
      if (fromX >= 0 && fromX < width && fromY >= 0 && fromY < height) sample(image, fromX - 0.5, fromY - 0.5, out, to)
      else for (let k = 0; k < channels; k++) out[to + k] = fill[k] ?? 0
    }
  }
  return image.like(outWidth, outHeight, out)
}

const clamp = (at: number, size: number) => (at < 0 ? 0 : at < size ? at : size - 1)

const bilinear: Sample = ({ width, height, channels, data }, x, y, out, to) => {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const shareX = x - left
  const shareY = y - top
  const x0 = clamp(left, width) * channels
  const x1 = clamp(left + 1, width) * channels
  const row0 = clamp(top, height) * width * channels
  const row1 = clamp(top + 1, height) * width * channels
  for (let c = 0; c < channels; c++) {
    const upper = data[row0 + x0 + c]! + (data[row0 + x1 + c]! - data[row0 + x0 + c]!) * shareX
    const lower = data[row1 + x0 + c]! + (data[row1 + x1 + c]! - data[row1 + x0 + c]!) * shareX
    out[to + c] = upper + (lower - upper) * shareY
  }
}

const bicubic: Sample = ({ width, height, channels, data }, x, y, out, to) => {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const column = (k: number) => clamp(left + k, width) * channels
  const [x0, x1, x2, x3] = [column(-1), column(0), column(1), column(2)]
  for (let c = 0; c < channels; c++) {
    const along = (k: number) => {
      const at = clamp(top + k, height) * width * channels + c
      return curve(data[at + x0]!, data[at + x1]!, data[at + x2]!, data[at + x3]!, x - left)
    }
    const value = curve(along(-1), along(0), along(1), along(2), y - top)
    out[to + c] = Math.min(Math.max(value, 0), 255)
  }
}

/** The cubic curve of Pillow between the middle two of four values. */
function curve(v1: number, v2: number, v3: number, v4: number, d: number): number {
  return v2 + d * (-v1 + v3 + d * (2 * (v1 - v2) + v3 - v4 + d * (-v1 + v2 - v3 + v4)))
}

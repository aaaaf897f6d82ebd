// Pictures as messages: a PNG file with its sizes. Batches become one picture, eight in a row; the pictures of an
// embedding become one file.
import { ArgumentError, ShapeError } from '../errors.ts'
import { bytes, type Fields, integer, message } from '../protobuf.ts'
import { refuse, Tensor } from '../tensor/index.ts'
import { encodePNG } from '../vision/image/codec.ts'
import type { ImageMode } from '../vision/image/image.ts'

const perRow = 8

/** Elements by row, column and channel. */
interface Picture {
  height: number
  width: number
  channels: number
  at: (row: number, column: number, channel: number) => number
}

/** A Summary.Image of a tensor whose dimensions are named by the letters of `formats`: N, C, H and W. */
export function image(op: string, x: Tensor, formats: string): Fields {
  if (!(x instanceof Tensor)) refuse(op, 'a tensor', x)
  const order = formats.toUpperCase()
  if (!['CHW', 'NCHW', 'HW'].includes([...order].sort((a, b) => 'NCHW'.indexOf(a) - 'NCHW'.indexOf(b)).join(''))) {
    throw new ArgumentError(`${op}: dataformats must be the letters of NCHW, CHW or HW in any order, got '${formats}'`)
  }
  if (x.ndim !== order.length) {
    throw new ShapeError(
      `${op}: dataformats '${formats}' has ${order.length} dimensions, the tensor [${x.shape.join(', ')}]`,
    )
  }
  const picture = pictureOf(op, x, order, perRow)
  const { height, width, channels } = picture
  const scale = x.dtype === 'uint8' ? 1 : 255
  const png = encoded(op, picture, value => Math.fround(value * scale))
  return message(integer(1, height), integer(2, width), integer(3, channels), bytes(4, png))
}

/**
 * A square of small pictures, one for each point: a tensor of [points, channels, height, width]. Its products are not
 * rounded to float32, as PyTorch's are not.
 */
export function spritePNG(op: string, points: number, x: Tensor): Buffer {
  if (!(x instanceof Tensor)) refuse(op, 'labelImg as a tensor', x)
  if (x.ndim !== 4 || x.size(0) !== points) {
    throw new ShapeError(`${op}: labelImg must be [${points}, channels, height, width], got [${x.shape.join(', ')}]`)
  }
  const picture = pictureOf(op, x, 'NCHW', Math.ceil(Math.sqrt(points)))
  if (picture.height > picture.width) {
    throw new ShapeError(`${op}: labelImg must not be higher than wide, got [${x.shape.join(', ')}]`)
  }
  const { width, at } = picture
  const square = (row: number, column: number, c: number) => (row < picture.height ? at(row, column, c) : 0)
  return encoded(op, { ...picture, height: width, at: square }, value => value * 255)
}

/** A PNG file; elements become bytes by `scaled`. */
function encoded(op: string, { height, width, channels, at }: Picture, scaled: (value: number) => number): Buffer {
  const mode = ({ 1: 'L', 3: 'RGB', 4: 'RGBA' } as Record<number, ImageMode>)[channels]
  if (mode === undefined) throw new ShapeError(`${op}: expected 1, 3 or 4 channels, got ${channels}`)
  const data = new Uint8Array(height * width * channels)
  let to = 0
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let c = 0; c < channels; c++) {
        data[to++] = Math.min(Math.max(scaled(at(row, column, c)), 0), 255)
      }
    }
  }
  return encodePNG({ mode, width, height, data })
}

function pictureOf(op: string, x: Tensor, order: string, inRow: number): Picture {
  const elements = x.detach().to('float32').toTypedArray() as Float32Array
  const sizes = [...'NCHW'].map(letter => (order.includes(letter) ? x.size(order.indexOf(letter)) : 1))
  const strides = [...'NCHW'].map(letter => {
    const dim = order.indexOf(letter)
    return dim < 0 ? 0 : x.shape.slice(dim + 1).reduce((product, size) => product * size, 1)
  })
  const [count, own, height, width] = sizes as [number, number, number, number]
  const [ofImage, ofChannel, ofRow, ofColumn] = strides as [number, number, number, number]
  const channels = own === 1 ? 3 : own
  const one = (image: number, row: number, column: number, c: number) =>
    elements[image * ofImage + (own === 1 ? 0 : c) * ofChannel + row * ofRow + column * ofColumn]!
  if (!order.includes('N')) return { height, width, channels, at: (row, column, c) => one(0, row, column, c) }
  if (channels !== 3) throw new ShapeError(`${op}: a batch must have 1 or 3 channels, got ${own}`)
  const columns = Math.min(count, inRow)
  return {
    height: Math.ceil(count / columns) * height,
    width: columns * width,
    channels,
    at: (row, column, c) => {
      const image = Math.trunc(row / height) * columns + Math.trunc(column / width)
      return image < count ? one(image, row % height, column % width, c) : 0
    },
  }
}

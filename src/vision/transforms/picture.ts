// What most transforms do to an image or to a tensor of (…, C, H, W): to images as Pillow does, to tensors by ops, so
// on any device and with gradients.
import { ArgumentError, DTypeError, ShapeError } from '../../errors.ts'
import { cat, full, isFloatingPoint, refuse, Tensor, tensor } from '../../tensor/index.ts'
import { Image } from '../image/image.ts'
import { type PaddingMode, type Places, padded, placed, range, reversed } from '../image/place.ts'
import type { Picture } from './transform.ts'

/** A colour: one number for all channels, or one for each. */
export type Fill = number | readonly number[]

/** Padding on all sides, on left/right and top/bottom, or on left, top, right and bottom. */
export type Padding = number | readonly [number] | readonly [number, number] | readonly [number, number, number, number]

/** Channels, height and width. @throws ArgumentError for neither image nor tensor, ShapeError for one dimension */
export function dimensions(op: string, picture: Picture): [channels: number, height: number, width: number] {
  if (picture instanceof Image) return [picture.channels, picture.height, picture.width]
  if (!(picture instanceof Tensor)) refuse(op, 'an image or a tensor', picture)
  if (picture.ndim < 2) {
    throw new ShapeError(`${op}: expected a tensor of (…, H, W), got [${picture.shape.join(', ')}]`)
  }
  return [picture.ndim === 2 ? 1 : picture.size(-3), picture.size(-2), picture.size(-1)]
}

/** `[height, width]` from one number or two. @throws ArgumentError for anything else */
export function sizes(what: string, size: number | readonly number[]): readonly [number, number] {
  const list =
    typeof size === 'number' ? [size, size] : Array.isArray(size) && size.length === 1 ? [...size, ...size] : size
  if (!Array.isArray(list) || list.length !== 2) refuse(what, 'a number or a pair of numbers', size)
  for (const n of list) {
    if (!Number.isSafeInteger(n) || n < 1)
      throw new ArgumentError(`${what} must be positive integers, got ${list.join(', ')}`)
  }
  return [list[0], list[1]]
}

/** One number for each channel. @throws ArgumentError for another number of them */
export function channelsOf(op: string, fill: Fill, channels: number): number[] {
  const list = typeof fill === 'number' ? [fill] : fill
  if (list.length !== 1 && list.length !== channels) {
    throw new ArgumentError(
      `${op}: the number of elements in 'fill' does not match the number of channels of the image (${list.length} != ${channels})`,
    )
  }
  return Array.from({ length: channels }, (_, c) => list[list.length === 1 ? 0 : c]!)
}

/** The picture of these rows and columns, and of `fill` where there are none. */
function chosen<T extends Picture>(op: string, picture: T, rows: Places, columns: Places, fill: Fill = 0): T {
  if (picture instanceof Image) {
    const color = channelsOf(op, fill, picture.channels).map(Math.trunc)
    return placed(picture, rows, columns, color) as T
  }
  if (typeof fill !== 'number') refuse(op, 'a number to fill tensors with', fill)
  return along(along(picture, -2, rows, fill), -1, columns, fill) as T
}

/** What is outside is at the ends. */
function along(x: Tensor, dim: -1 | -2, places: Places, fill: number): Tensor {
  const first = places.findIndex(place => place >= 0)
  const inside = places.filter(place => place >= 0)
  const block = (length: number) => {
    const shape: number[] = [...x.shape]
    shape[x.ndim + dim] = length
    return full(shape, fill, { dtype: x.dtype, device: x.device })
  }
  if (first < 0) return block(places.length)
  const there = x.indexSelect(dim, tensor(inside).to(x.device, 'int64'))
  if (inside.length === places.length) return there
  const rest = places.length - inside.length - first
  return cat([...(first > 0 ? [block(first)] : []), there, ...(rest > 0 ? [block(rest)] : [])], dim)
}

/** Cuts a part out; beyond the edges is 0. */
export function crop<T extends Picture>(op: string, picture: T, top: number, left: number, h: number, w: number): T {
  const [, height, width] = dimensions(op, picture)
  if (top === 0 && left === 0 && h === height && w === width) return picture
  return chosen(op, picture, range(top, h, height), range(left, w, width))
}

/** Adds to each side. */
export function pad<T extends Picture>(op: string, picture: T, padding: Padding, fill: Fill, mode: PaddingMode): T {
  const [, height, width] = dimensions(op, picture)
  const [left, top = left, right = left, bottom = top] = typeof padding === 'number' ? [padding] : padding
  const rows = padded(op, height, top, bottom, mode)
  return chosen(op, picture, rows, padded(op, width, left, right, mode), mode === 'constant' ? fill : 0)
}

/** The mirror image. */
export function flip<T extends Picture>(op: string, picture: T, direction: 'horizontal' | 'vertical'): T {
  const [, height, width] = dimensions(op, picture)
  return direction === 'horizontal'
    ? chosen(op, picture, range(0, height, height), reversed(width))
    : chosen(op, picture, reversed(height), range(0, width, width))
}

/** Rounds half to even, as Python and PyTorch do. */
export function roundEven(x: number): number {
  const floor = Math.floor(x)
  if (x - floor !== 0.5) return Math.round(x)
  return floor % 2 === 0 ? floor : floor + 1
}

/** The tensor in float32 if it has no floats of its own, computed with, and back in its dtype, rounded. */
export function inFloats(op: string, x: Tensor, compute: (x: Tensor) => Tensor, least = -Infinity): Tensor {
  if (x.dtype === 'bool') throw new DTypeError(`${op}: expected a tensor of numbers, got bool`)
  if (x.dtype === 'float32' || x.dtype === 'float64') return compute(x)
  const y = compute(x.to('float32'))
  if (isFloatingPoint(x.dtype)) return y.to(x.dtype)
  // Integers have no gradient to lose.
  const values = Float32Array.from(y.toTypedArray() as Float32Array, value => Math.max(roundEven(value), least))
  const bounded = x.dtype === 'uint8' ? values.map(value => Math.min(value, 255)) : values
  return tensor(bounded, { device: x.device }).view(y.shape).to(x.dtype)
}

// Pixels at other places: cutting out, padding, mirroring. All of it is a choice of rows and of columns, so one
// function does it: for each row or column of the result the number of the one that it is from, or -1 for none. Tensors
// are cut and padded by the same numbers.
import { ArgumentError } from '../../errors.ts'
import type { Image } from './image.ts'

/** How an image goes on beyond its edges. */
export type PaddingMode = 'constant' | 'edge' | 'reflect' | 'symmetric'

/** For each row or column of the result where it is from; -1 is outside. */
export type Places = Int32Array

/** `length` places from `start` on, of `size` that there are. */
export function range(start: number, length: number, size: number): Places {
  return Int32Array.from({ length }, (_, i) => (start + i >= 0 && start + i < size ? start + i : -1))
}

/** All places in reverse order. */
export function reversed(size: number): Places {
  return Int32Array.from({ length: size }, (_, i) => size - 1 - i)
}

/**
 * All places, `before` more and `after` more; fewer where these are negative.
 * @throws ArgumentError when nothing is left, or a reflection goes beyond the other edge
 */
export function padded(op: string, size: number, before: number, after: number, mode: PaddingMode): Places {
  const length = size + before + after
  if (length < 1) throw new ArgumentError(`${op}: padding of ${before} and ${after} leaves nothing of ${size} pixels`)
  const most = mode === 'reflect' ? size - 1 : size
  if ((mode === 'reflect' || mode === 'symmetric') && Math.max(before, after) > most) {
    throw new ArgumentError(
      `${op}: padding of ${Math.max(before, after)} by '${mode}' needs more than ${size} pixels; the most is ${most}`,
    )
  }
  if (mode === 'constant') return range(-before, length, size)
  return Int32Array.from({ length }, (_, i) => {
    const at = i - before
    if (mode === 'edge') return Math.min(Math.max(at, 0), size - 1)
    const beyond = mode === 'reflect' ? 0 : 1
    if (at < 0) return -at - beyond
    return at < size ? at : 2 * size - 2 - at + beyond
  })
}

/** The image that has these rows and columns; pixels from outside have the channels of `fill`. */
export function placed(image: Image, rows: Places, columns: Places, fill?: readonly number[]): Image {
  const { data, channels, width } = image
  const out = new Uint8Array(rows.length * columns.length * channels)
  let to = 0
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * channels
      const inside = row >= 0 && column >= 0
      for (let c = 0; c < channels; c++) out[to++] = inside ? data[from + c]! : (fill?.[c] ?? 0)
    }
  }
  return image.like(columns.length, rows.length, out)
}

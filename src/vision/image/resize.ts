// Images in other sizes, pixel for pixel as Pillow makes them: weights are integers of 22 bits behind the point, and
// between the horizontal and the vertical pass pixels are bytes.
import { filters, type Interpolation, type Sources, sources } from './filters.ts'
import type { Image } from './image.ts'
import { type Places, placed } from './place.ts'

const bits = 22

/**
 * The image in another size. Pillow: Image.resize.
 * @example resized(image, 224, 224, 'bilinear')
 */
export function resized(image: Image, width: number, height: number, interpolation: Interpolation): Image {
  if (width === image.width && height === image.height) return image
  if (interpolation === 'nearest' || interpolation === 'nearest-exact') {
    return placed(image, nearest(image.height, height), nearest(image.width, width))
  }
  const filter = filters[interpolation]
  return weighted(image, pixels => {
    const wide = (from: Image) => (width === image.width ? from : pass(from, sources(image.width, width, filter), true))
    const high = (from: Image) =>
      height === image.height ? from : pass(from, sources(image.height, height, filter), false)
    // Where it pays Pillow 13 makes fewer rows first; this is when it does, found by comparing many sizes.
    const fewer = image.height - height
    return fewer > 0 && fewer > 2 * (image.width - width) ? wide(high(pixels)) : high(wide(pixels))
  })
}

/** The nearest pixels, by steps that add up their rounding errors as Pillow's do. */
function nearest(size: number, length: number): Places {
  const step = size / length
  let at = step * 0.5
  return Int32Array.from({ length }, () => {
    const place = Math.min(Math.trunc(at), size - 1)
    at += step
    return place
  })
}

/** One pass, along the rows or along the columns. */
function pass(image: Image, to: Sources[], horizontal: boolean): Image {
  const { width, height, channels, data } = image
  const [outWidth, outHeight] = horizontal ? [to.length, height] : [width, to.length]
  const out = new Uint8Array(outWidth * outHeight * channels)
  const rowStride = width * channels
  const step = horizontal ? channels : rowStride
  for (const [i, { start, weights }] of to.entries()) {
    const whole = Int32Array.from(weights, w => Math.trunc(w * 2 ** bits + (w < 0 ? -0.5 : 0.5)))
    for (let j = 0; j < (horizontal ? height : width); j++) {
      const from = horizontal ? j * rowStride + start * channels : start * rowStride + j * channels
      const into = (horizontal ? j * outWidth + i : i * outWidth + j) * channels
      for (let c = 0; c < channels; c++) {
        let sum = 2 ** (bits - 1)
        for (let k = 0, at = from + c; k < whole.length; k++, at += step) sum += data[at]! * whole[k]!
        out[into + c] = Math.min(Math.max(sum >> bits, 0), 255)
      }
    }
  }
  return image.like(outWidth, outHeight, out)
}

/** Runs a computation that mixes pixels: colours count by their opacity in it. */
export function weighted(image: Image, compute: (pixels: Image) => Image): Image {
  if (image.mode !== 'RGBA') return compute(image)
  return changed(compute(changed(image, multiplied)), divided)
}

/** The image with each colour changed by its opacity. */
function changed(image: Image, by: (color: number, opacity: number) => number): Image {
  const out = Uint8Array.from(image.data)
  for (let i = 0; i < out.length; i += 4) for (let c = 0; c < 3; c++) out[i + c] = by(out[i + c]!, out[i + 3]!)
  return image.like(image.width, image.height, out)
}

function multiplied(color: number, opacity: number): number {
  const product = color * opacity + 128
  return ((product >> 8) + product) >> 8
}

function divided(color: number, opacity: number): number {
  if (opacity === 0 || opacity === 255) return color
  return Math.min(Math.trunc((255 * color) / opacity), 255)
}

// Grey values, mixtures and hues, pixel for pixel as Pillow computes them: in float32 where it does, which decides
// about single pixels.
import type { Image } from './image.ts'

const f = Math.fround
const byte = (x: number) => Math.min(Math.max(Math.trunc(x), 0), 255)

/** The grey value of a pixel. */
function luma(data: Uint8Array, i: number): number {
  return (data[i]! * 19595 + data[i + 1]! * 38470 + data[i + 2]! * 7471 + 0x8000) >> 16
}

/** The grey value of each pixel. */
export function gray({ mode, data, channels }: Image): Uint8Array {
  if (mode === 'L') return data
  return Uint8Array.from({ length: data.length / channels }, (_, i) => luma(data, i * channels))
}

/** All pixels with their colours changed; opacity stays. `change` gets the place of the pixel's first byte. */
function recolored(image: Image, change: (data: Uint8Array, at: number) => void): Image {
  const out = Uint8Array.from(image.data)
  for (let i = 0; i < out.length; i += image.channels) change(out, i)
  return image.like(image.width, image.height, out)
}

/** `factor` of a value and the rest of another; beyond 0 … 1 away from the other. */
function mixed(other: number, value: number, factor: number): number {
  return byte(f(other + f(f(factor) * (value - other))))
}

/** Each colour mixed with another one that is a function of the pixel. */
function blended(image: Image, factor: number, other: (data: Uint8Array, at: number) => number): Image {
  if (factor === 1) return image
  const colors = Math.min(image.channels, 3)
  return recolored(image, (data, at) => {
    const target = other(data, at)
    for (let c = 0; c < colors; c++) data[at + c] = mixed(target, data[at + c]!, factor)
  })
}

/** 0 is black, 1 the image. Pillow: ImageEnhance.Brightness. */
export function brightened(image: Image, factor: number): Image {
  return blended(image, factor, () => 0)
}

/** 0 is grey, 1 the image. Pillow: ImageEnhance.Contrast. */
export function contrasted(image: Image, factor: number): Image {
  const values = gray(image)
  let sum = 0
  for (const value of values) sum += value
  const mean = Math.trunc(sum / values.length + 0.5)
  return blended(image, factor, () => mean)
}

/** 0 is grey values, 1 the image. Pillow: ImageEnhance.Color. */
export function saturated(image: Image, factor: number): Image {
  return image.mode === 'L' ? image : blended(image, factor, luma)
}

/** Hues moved around the circle by a share of it. */
export function hued(image: Image, share: number): Image {
  if (image.mode === 'L') return image
  const shift = Math.trunc(share * 255)
  return recolored(image, (data, at) => {
    turn(data, at, shift)
    if (image.mode === 'RGBA') data[at + 3] = 255 // Pillow goes by way of a mode without opacity
  })
}

/** Turns the hue of a pixel by so many 255ths of the circle, by way of hue, saturation and value in bytes. */
function turn(data: Uint8Array, at: number, shift: number): void {
  const r = data[at]!
  const g = data[at + 1]!
  const b = data[at + 2]!
  const v = Math.max(r, g, b)
  const chroma = v - Math.min(r, g, b)
  const saturation = chroma === 0 ? 0 : byte(f(chroma / v) * 255)
  if (saturation === 0) {
    data.fill(v, at, at + 3)
    return
  }
  const rc = f((v - r) / chroma)
  const gc = f((v - g) / chroma)
  const bc = f((v - b) / chroma)
  const sixths = r === v ? f(bc - gc) : g === v ? f(2 + rc - bc) : f(4 + gc - rc)
  const hue = (byte(f((sixths / 6 + 1) % 1) * 255) + shift) & 255
  const sixth = Math.floor((hue * 6) / 255)
  const rest = f((hue * 6) / 255 - sixth)
  const part = f(saturation / 255)
  const p = byte(v * (1 - part) + 0.5)
  const q = byte(v * (1 - f(part * rest)) + 0.5)
  const t = byte(v * (1 - part * (1 - rest)) + 0.5)
  const which = sixth % 6
  data[at] = which === 0 || which === 5 ? v : which === 1 ? q : which === 4 ? t : p
  data[at + 1] = which === 1 || which === 2 ? v : which === 0 ? t : which === 3 ? q : p
  data[at + 2] = which === 3 || which === 4 ? v : which === 2 ? t : which === 5 ? q : p
}

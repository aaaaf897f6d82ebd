// PNG files are read and written by pngjs. JPEG files are read by libjpeg-turbo compiled to WebAssembly, so their
// pixels are Pillow's. Both are loaded when the first file is read.
import { createRequire } from 'node:module'
import { ArgumentError, UnsupportedError } from '../../errors.ts'
import type { ImageMode } from './image.ts'

const require = createRequire(import.meta.url)

export interface Pixels {
  mode: ImageMode
  width: number
  height: number
  data: Uint8Array
}

/** The pixels of a PNG or JPEG file, called `name` in errors. @throws ArgumentError when it is none, or damaged */
export function decode(name: string, bytes: Uint8Array): Pixels {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isPNG = buffer.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
  if (!isPNG && !(buffer[0] === 0xff && buffer[1] === 0xd8)) {
    throw new ArgumentError(`Image: ${name} is neither a PNG nor a JPEG file`)
  }
  const components = isPNG ? 0 : componentsOf(buffer)
  if (components === 4) throw new UnsupportedError(`Image: ${name} is a JPEG file in CMYK; save it as RGB`)
  try {
    return isPNG ? decodePNG(buffer) : decodeJPEG(buffer, components)
  } catch (cause) {
    throw new ArgumentError(`Image: ${name} is damaged: ${(cause as Error).message}`, { cause })
  }
}

function decodePNG(buffer: Buffer): Pixels {
  const { PNG } = require('pngjs') as typeof import('pngjs')
  const { width, height, data, color, alpha } = PNG.sync.read(buffer.subarray(0, endOfPNG(buffer)))
  if (alpha) return { mode: 'RGBA', width, height, data: Uint8Array.from(data) }
  return { mode: color ? 'RGB' : 'L', width, height, data: withChannels(data, color ? 3 : 1) }
}

/** Behind the chunk IEND: some files have more there, which pngjs refuses. */
function endOfPNG(buffer: Buffer): number {
  for (let at = 8; at + 12 <= buffer.length; ) {
    const name = buffer.toString('latin1', at + 4, at + 8)
    at += 12 + buffer.readUInt32BE(at)
    if (name === 'IEND') return at
  }
  return buffer.length
}

function decodeJPEG(buffer: Buffer, components: number): Pixels {
  const jpeg = require('@cwasm/jpeg-turbo') as typeof import('@cwasm/jpeg-turbo')
  const { width, height, data } = jpeg.decode(buffer)
  const channels = components === 1 ? 1 : 3
  return { mode: channels === 1 ? 'L' : 'RGB', width, height, data: withChannels(data, channels) }
}

/** How many components a pixel has, from the frame header: behind the first marker C0 … CF that is no table. */
function componentsOf(buffer: Buffer): number {
  for (let at = 2; at + 9 < buffer.length; at += 2 + buffer.readUInt16BE(at + 2)) {
    const marker = buffer[at + 1]!
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return buffer[at + 9]!
  }
  return 3
}

/** The first channels of RGBA pixels. */
function withChannels(data: ArrayLike<number>, channels: number): Uint8Array {
  const out = new Uint8Array((data.length / 4) * channels)
  for (let from = 0, to = 0; from < data.length; from += 4) {
    for (let c = 0; c < channels; c++) out[to++] = data[from + c]!
  }
  return out
}

/** A PNG file. */
export function encodePNG({ mode, width, height, data }: Pixels): Buffer {
  const { PNG } = require('pngjs') as typeof import('pngjs')
  const colorType = ({ L: 0, RGB: 2, RGBA: 6 } as const)[mode]
  const png = Object.assign(new PNG({ width, height }), {
    data: Buffer.from(data.buffer, data.byteOffset, data.length),
  })
  return PNG.sync.write(png, { colorType, inputColorType: colorType, inputHasAlpha: mode === 'RGBA' })
}

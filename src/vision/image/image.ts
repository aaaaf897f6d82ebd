// A picture as its pixels: what datasets give before a transform makes a tensor of it. Pillow's Image, in the three
// modes that pictures have: 'L' (grey), 'RGB', and 'RGBA' (with opacity). dtrain never changes pixels in place.
import { readFileSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { ArgumentError, UnsupportedError } from '../../errors.ts'
import { atMost } from '../../tensor/index.ts'
import { decode, encodePNG } from './codec.ts'
import { gray } from './color.ts'

/** What a pixel is: grey, red green blue, or these with opacity. */
export type ImageMode = 'L' | 'RGB' | 'RGBA'

/** Bytes of a pixel. */
const channelsOf: Record<ImageMode, number> = { L: 1, RGB: 3, RGBA: 4 }

/**
 * A picture of 8 bits per channel, row by row from the top, the channels of a pixel side by side. Pillow: PIL.Image.
 * @throws ArgumentError when the sizes and the number of bytes do not fit together
 * @example new Image('RGB', 2, 1, Uint8Array.of(255, 0, 0, 0, 0, 255)) // a red pixel and a blue one
 */
export class Image {
  readonly mode: ImageMode
  readonly width: number
  readonly height: number
  readonly data: Uint8Array

  constructor(mode: ImageMode, width: number, height: number, data: Uint8Array) {
    atMost('Image', 4, arguments.length)
    if (channelsOf[mode] === undefined)
      throw new ArgumentError(`Image: mode must be 'L', 'RGB' or 'RGBA', got '${mode}'`)
    for (const size of [width, height]) {
      if (!Number.isSafeInteger(size) || size < 1) {
        throw new ArgumentError(`Image: width and height must be positive integers, got ${width} x ${height}`)
      }
    }
    const bytes = width * height * channelsOf[mode]
    if (data?.length !== bytes) {
      throw new ArgumentError(
        `Image: ${width} x ${height} pixels of mode '${mode}' are ${bytes} bytes, got ${data?.length}`,
      )
    }
    this.mode = mode
    this.width = width
    this.height = height
    this.data = data
  }

  /**
   * Reads a PNG or JPEG file.
   * @throws ArgumentError when it is neither, or damaged; Node's error when it cannot be read
   * @example Image.open('cat.jpg').convert('RGB')
   */
  static open(file: string): Image {
    const { mode, width, height, data } = decode(`'${file}'`, readFileSync(file))
    return new Image(mode, width, height, data)
  }

  /**
   * Writes a PNG file.
   * @throws UnsupportedError for a name that does not end in .png
   */
  save(file: string): void {
    if (!/\.png$/i.test(file))
      throw new UnsupportedError(`Image: '${file}' cannot be written: the name must end in .png`)
    writeFileSync(file, encodePNG(this))
  }

  /** The image in another mode; opacity is dropped, or becomes complete. Pillow: Image.convert. */
  convert(mode: ImageMode): Image {
    if (mode === this.mode) return this
    if (channelsOf[mode] === undefined)
      throw new ArgumentError(`Image: mode must be 'L', 'RGB' or 'RGBA', got '${mode}'`)
    if (mode === 'L') return new Image('L', this.width, this.height, Uint8Array.from(gray(this)))
    const [from, to] = [this.channels, channelsOf[mode]]
    const data = new Uint8Array(this.width * this.height * to)
    for (let i = 0, at = 0; at < data.length; i += from) {
      for (let c = 0; c < to; c++, at++) data[at] = c === 3 ? 255 : this.data[i + (from === 1 ? 0 : c)]!
    }
    return new Image(mode, this.width, this.height, data)
  }

  /** Bytes of a pixel: 1, 3 or 4. */
  get channels(): number {
    return channelsOf[this.mode]
  }

  /** An image of other sizes in this one's mode. @internal */
  like(width: number, height: number, data: Uint8Array): Image {
    return new Image(this.mode, width, height, data)
  }

  toString(): string {
    return `<Image mode=${this.mode} size=${this.width}x${this.height}>`
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

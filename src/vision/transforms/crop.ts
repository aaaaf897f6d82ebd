// Parts of pictures, and pictures with something around them.
import { ArgumentError } from '../../errors.ts'
import { atMost, empty, flag, Options, randint, refuse, type Tensor, tensor } from '../../tensor/index.ts'
import type { Interpolation } from '../image/filters.ts'
import type { PaddingMode } from '../image/place.ts'
import { crop, dimensions, type Fill, type Padding, pad, roundEven, sizes } from './picture.ts'
import { checkInterpolation, resizeTo } from './resize.ts'
import { float, type Picture, PictureTransform, printed } from './transform.ts'

const paddingModes = ['constant', 'edge', 'reflect', 'symmetric']

function checkPadding(op: string, padding: Padding | null, mode: string): void {
  const list = typeof padding === 'number' || padding === null ? [padding ?? 0] : padding
  if (!Array.isArray(list) || ![1, 2, 4].includes(list.length)) refuse(op, 'padding as 1, 2 or 4 numbers', padding)
  for (const n of list)
    if (!Number.isSafeInteger(n)) throw new ArgumentError(`${op}: padding must be integers, got ${n}`)
  if (paddingModes.includes(mode)) return
  throw new ArgumentError(`${op}: paddingMode must be one of ${paddingModes.join(', ')}, got '${mode}'`)
}

/**
 * Cuts out the middle; smaller pictures get zeros around them. PyTorch: torchvision.transforms.CenterCrop.
 * @example new CenterCrop(224)
 */
export class CenterCrop extends PictureTransform {
  readonly size: readonly [number, number]

  constructor(size: number | readonly number[]) {
    atMost('CenterCrop', 1, arguments.length)
    super()
    this.size = sizes('CenterCrop: size', size)
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    const [h, w] = this.size
    const [, height, width] = dimensions('CenterCrop', picture)
    const around = (wanted: number, size: number) => Math.max(wanted - size, 0)
    const [moreY, moreX] = [around(h, height), around(w, width)]
    const before = [moreX, moreY].map(more => Math.floor(more / 2)) as [number, number]
    const after = [moreX, moreY].map(more => Math.floor((more + 1) / 2)) as [number, number]
    const large = moreX + moreY > 0 ? pad('CenterCrop', picture, [...before, ...after], 0, 'constant') : picture
    const [top, left] = [roundEven((height + moreY - h) / 2), roundEven((width + moreX - w) / 2)]
    return crop('CenterCrop', large, top, left, h, w)
  }

  override settings(): string {
    return `size=${printed(this.size)}`
  }
}

/** Options of `Pad`. */
export interface PadOptions {
  /** Colour of the padding, default 0. */
  fill?: Fill
  /** What the padding shows: a colour, the last pixels, or a reflection, without or with the last pixels. */
  paddingMode?: PaddingMode
}

const padOptions = new Options<PadOptions>({ fill: true, paddingMode: true })

/**
 * Adds pixels on each side: one number for all, two for left/right and top/bottom, or four for left, top, right and
 * bottom. PyTorch: torchvision.transforms.Pad.
 * @example new Pad(2, { paddingMode: 'reflect' })
 */
export class Pad extends PictureTransform {
  readonly padding: Padding
  readonly fill: Fill
  readonly paddingMode: PaddingMode

  constructor(padding: Padding, fill?: Fill | PadOptions, options?: PadOptions) {
    atMost('Pad', 3, arguments.length)
    super()
    const given = padOptions.readFirst('Pad', fill, options)
    this.padding = padding
    this.fill = given.fill ?? 0
    this.paddingMode = given.paddingMode ?? 'constant'
    checkPadding('Pad', padding, this.paddingMode)
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    return pad('Pad', picture, this.padding, this.fill, this.paddingMode)
  }

  override settings(): string {
    return `padding=${printed(this.padding)}, fill=${printed(this.fill)}, padding_mode=${this.paddingMode}`
  }
}

/** Options of `RandomCrop`. */
export interface RandomCropOptions extends PadOptions {
  /** Padding beforehand, default none. */
  padding?: Padding | null
  /** Pad pictures that are smaller than the part, default false: they are an error. */
  padIfNeeded?: boolean
}

const randomCropOptions = new Options<RandomCropOptions>({
  padding: true,
  padIfNeeded: true,
  fill: true,
  paddingMode: true,
})

/** Where a part is, and its size. */
export type Part = [top: number, left: number, height: number, width: number]

/**
 * Cuts out a part at a random place. PyTorch: torchvision.transforms.RandomCrop.
 * @throws ArgumentError, when called, for a picture that is smaller than the part
 * @example new RandomCrop(32, { padding: 4 })
 */
export class RandomCrop extends PictureTransform {
  readonly size: readonly [number, number]
  readonly padding: Padding | null
  readonly padIfNeeded: boolean
  readonly fill: Fill
  readonly paddingMode: PaddingMode

  constructor(
    size: number | readonly number[],
    padding?: Padding | null | RandomCropOptions,
    options?: RandomCropOptions,
  ) {
    atMost('RandomCrop', 3, arguments.length)
    super()
    const given = randomCropOptions.readFirst('RandomCrop', padding, options)
    this.size = sizes('RandomCrop: size', size)
    this.padding = given.padding ?? null
    this.padIfNeeded = flag('RandomCrop: padIfNeeded', given.padIfNeeded ?? false)
    this.fill = given.fill ?? 0
    this.paddingMode = given.paddingMode ?? 'constant'
    checkPadding('RandomCrop', this.padding, this.paddingMode)
  }

  /** Draws a part of that height and width. */
  static getParams(picture: Picture, outputSize: readonly [number, number]): Part {
    const [, height, width] = dimensions('RandomCrop', picture)
    const [h, w] = outputSize
    if (height < h || width < w) {
      throw new ArgumentError(
        `RandomCrop: Required crop size (${h}, ${w}) is larger than input image size (${height}, ${width})`,
      )
    }
    if (height === h && width === w) return [0, 0, h, w]
    return [below(height - h + 1), below(width - w + 1), h, w]
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    const added = (to: T, padding: Padding) => pad('RandomCrop', to, padding, this.fill, this.paddingMode)
    let large = this.padding === null ? picture : added(picture, this.padding)
    const [, height, width] = dimensions('RandomCrop', large)
    const [h, w] = this.size
    if (this.padIfNeeded && width < w) large = added(large, [w - width, 0])
    if (this.padIfNeeded && height < h) large = added(large, [0, h - height])
    return crop('RandomCrop', large, ...RandomCrop.getParams(large, this.size))
  }

  override settings(): string {
    return `size=${printed(this.size)}, padding=${printed(this.padding)}`
  }
}

/** A random integer from [0, n). */
function below(n: number): number {
  return randint(n, [1]).item()
}

/** The least and the most of a random number. */
export type Range = readonly [least: number, most: number]

/** A random number from [least, most), in float32. */
export function uniform(least: number, most: number): Tensor {
  return empty(1).uniform_(least, most)
}

/** Options of `RandomResizedCrop`. */
export interface RandomResizedCropOptions {
  /** Which share of the area the part has, default [0.08, 1]. */
  scale?: Range
  /** Width / height of the part, default [3 / 4, 4 / 3]. */
  ratio?: Range
  /** Default 'bilinear'. */
  interpolation?: Interpolation
  /** For tensors, default true: see `Resize`. */
  antialias?: boolean | null
}

const resizedCropOptions = new Options<RandomResizedCropOptions>({
  scale: true,
  ratio: true,
  interpolation: true,
  antialias: true,
})

/**
 * Cuts out a part of random area, shape and place, and resizes it. PyTorch: torchvision.transforms.RandomResizedCrop.
 * @example new RandomResizedCrop(224)
 */
export class RandomResizedCrop extends PictureTransform {
  readonly size: readonly [number, number]
  readonly scale: Range
  readonly ratio: Range
  readonly interpolation: Interpolation
  readonly antialias: boolean | null

  constructor(
    size: number | readonly number[],
    scale?: Range | RandomResizedCropOptions,
    options?: RandomResizedCropOptions,
  ) {
    atMost('RandomResizedCrop', 3, arguments.length)
    super()
    const given = resizedCropOptions.readFirst('RandomResizedCrop', scale, options)
    this.size = sizes('RandomResizedCrop: size', size)
    this.scale = interval('RandomResizedCrop: scale', given.scale ?? [0.08, 1])
    this.ratio = interval('RandomResizedCrop: ratio', given.ratio ?? [3 / 4, 4 / 3])
    this.interpolation = given.interpolation ?? 'bilinear'
    checkInterpolation('RandomResizedCrop', this.interpolation)
    this.antialias = given.antialias === null ? null : flag('RandomResizedCrop: antialias', given.antialias ?? true)
  }

  /** Draws a part; after ten that do not fit it is the largest one of an allowed shape, in the middle. */
  static getParams(picture: Picture, scale: Range, ratio: Range): Part {
    const [, height, width] = dimensions('RandomResizedCrop', picture)
    const [least, most] = tensor(ratio).log().toTypedArray() as unknown as [number, number]
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * uniform(...scale).item()
      const shape = uniform(least, most).exp().item()
      const w = roundEven(Math.sqrt(area * shape))
      const h = roundEven(Math.sqrt(area / shape))
      if (w > 0 && w <= width && h > 0 && h <= height) return [below(height - h + 1), below(width - w + 1), h, w]
    }
    const shape = width / height
    const h = shape < Math.min(...ratio) ? roundEven(width / Math.min(...ratio)) : height
    const w = shape > Math.max(...ratio) ? roundEven(height * Math.max(...ratio)) : width
    return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w]
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    const part = RandomResizedCrop.getParams(picture, this.scale, this.ratio)
    const small = crop('RandomResizedCrop', picture, ...part)
    return resizeTo('RandomResizedCrop', small, this.size, this.interpolation, this.antialias)
  }

  override settings(): string {
    const rounded = (range: Range) => `(${range.map(x => float(Number(x.toFixed(4)))).join(', ')})`
    return (
      `size=${printed(this.size)}, scale=${rounded(this.scale)}, ratio=${rounded(this.ratio)}, ` +
      `interpolation=${this.interpolation}, antialias=${printed(this.antialias)}`
    )
  }
}

/** @throws ArgumentError unless it is two numbers, the smaller one first */
export function interval(what: string, range: Range): Range {
  if (!Array.isArray(range) || range.length !== 2) refuse(what, 'a pair of numbers', range)
  if (!(range[0] <= range[1]))
    throw new ArgumentError(`${what}: expected the smaller number first, got ${range.join(', ')}`)
  return range
}

// Colours of pictures. Images change as Pillow changes them; tensors in tensor-color.ts.
import { ArgumentError, DTypeError, ShapeError } from '../../errors.ts'
import { atMost, Options, randperm, refuse, type Tensor } from '../../tensor/index.ts'
import { brightened, contrasted, hued, saturated } from '../image/color.ts'
import { Image } from '../image/image.ts'
import { type Range, uniform } from './crop.ts'
import { ByChance, type ChanceOptions, chanceOptions, happens } from './flip.ts'
import { dimensions } from './picture.ts'
import { adjusted, grayTensor, hueTensor } from './tensor-color.ts'
import { float, type Picture, PictureTransform, printed } from './transform.ts'

/** Options of `ColorJitter`. */
export interface ColorJitterOptions {
  /** By what to multiply brightness: from a range, or from 1 - b to 1 + b. Default 0. */
  brightness?: number | Range
  contrast?: number | Range
  saturation?: number | Range
  /** By what share of the circle to turn hues: from a range within -0.5 … 0.5, or from -h to h. Default 0. */
  hue?: number | Range
}

const jitterOptions = new Options<ColorJitterOptions>({ brightness: true, contrast: true, saturation: true, hue: true })

/** What a jitter draws: the order of the four changes, and by how much each; null is not at all. */
export type Jitter = [
  order: number[],
  brightness: number | null,
  contrast: number | null,
  saturation: number | null,
  hue: number | null,
]

/** The range of a factor, or null where it changes nothing. @throws ArgumentError */
function factors(name: string, value: number | Range, center: 0 | 1): Range | null {
  const [least, most] = center === 1 ? [0, Number.POSITIVE_INFINITY] : [-0.5, 0.5]
  if (typeof value === 'number' && value < 0) {
    throw new ArgumentError(`ColorJitter: ${name} must not be negative where it is one number, got ${value}`)
  }
  if (typeof value !== 'number' && value?.length !== 2) refuse('ColorJitter', `${name} as one number or two`, value)
  const range: Range =
    typeof value === 'number' ? [center === 1 ? Math.max(1 - value, 0) : -value, center + value] : value
  if (!(least <= range[0] && range[0] <= range[1] && range[1] <= most)) {
    throw new ArgumentError(`ColorJitter: ${name} must be from ${least} to ${most}, got ${range.join(' to ')}`)
  }
  return range[0] === center && range[1] === center ? null : range
}

/**
 * Changes brightness, contrast, saturation and hue by chance, in random order. PyTorch:
 * torchvision.transforms.ColorJitter.
 * @example new ColorJitter({ brightness: 0.2, hue: 0.05 })
 */
export class ColorJitter extends PictureTransform {
  readonly brightness: Range | null
  readonly contrast: Range | null
  readonly saturation: Range | null
  readonly hue: Range | null

  constructor(brightness?: number | Range | ColorJitterOptions, options?: ColorJitterOptions) {
    atMost('ColorJitter', 2, arguments.length)
    super()
    const given = jitterOptions.readFirst('ColorJitter', brightness, options)
    this.brightness = factors('brightness', given.brightness ?? 0, 1)
    this.contrast = factors('contrast', given.contrast ?? 0, 1)
    this.saturation = factors('saturation', given.saturation ?? 0, 1)
    this.hue = factors('hue', given.hue ?? 0, 0)
  }

  /** Draws the order of the changes, 0 … 3, and the factor of each. */
  static getParams(
    brightness: Range | null,
    contrast: Range | null,
    saturation: Range | null,
    hue: Range | null,
  ): Jitter {
    const order = Array.from(randperm(4).toTypedArray() as BigInt64Array, Number)
    const drawn = (range: Range | null) => (range === null ? null : uniform(...range).item())
    return [order, drawn(brightness), drawn(contrast), drawn(saturation), drawn(hue)]
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    dimensions('ColorJitter', picture)
    const [order, ...amounts] = ColorJitter.getParams(this.brightness, this.contrast, this.saturation, this.hue)
    let result: Picture = picture
    for (const which of order) {
      const amount = amounts[which]
      if (amount != null) result = change(result, which, amount)
    }
    return result as T
  }

  override settings(): string {
    const range = (value: Range | null) => (value === null ? 'None' : `(${value.map(float).join(', ')})`)
    const names = ['brightness', 'contrast', 'saturation', 'hue'] as const
    return names.map(name => `${name}=${range(this[name])}`).join(', ')
  }
}

const changesOfImages = [brightened, contrasted, saturated, hued]

/** Makes one of the four changes. */
function change(picture: Picture, which: number, amount: number): Picture {
  if (picture instanceof Image) return changesOfImages[which]!(picture, amount)
  checkTensor('ColorJitter', picture)
  if (which === 3) return hueTensor(picture, amount)
  return adjusted(picture, (['brightness', 'contrast', 'saturation'] as const)[which]!, amount)
}

/** @throws ShapeError unless it has 1 or 3 channels, DTypeError for other dtypes */
function checkTensor(op: string, x: Tensor): void {
  if (x.ndim < 3 || (x.size(-3) !== 1 && x.size(-3) !== 3)) {
    throw new ShapeError(`${op}: expected a tensor of (…, 1 or 3 channels, H, W), got [${x.shape.join(', ')}]`)
  }
  if (!['uint8', 'float32', 'float64'].includes(x.dtype)) {
    throw new DTypeError(`${op}: expected a tensor of uint8, float32 or float64, got ${x.dtype}`)
  }
}

/** Options of `Grayscale`. */
export interface GrayscaleOptions {
  /** 1, the default, or 3 equal ones. */
  numOutputChannels?: 1 | 3
}

const grayscaleOptions = new Options<GrayscaleOptions>({ numOutputChannels: true })

/** Grey values in as many channels. */
function grayed<T extends Picture>(op: string, picture: T, channels: number): T {
  dimensions(op, picture)
  if (picture instanceof Image) {
    const values = picture.convert('L')
    return (channels === 1 ? values : values.convert(channels === 3 ? 'RGB' : 'RGBA')) as T
  }
  checkTensor(op, picture)
  const values = grayTensor(picture)
  return (channels === 1 ? values : values.expand(picture.shape)) as T
}

/** Makes pictures grey. PyTorch: torchvision.transforms.Grayscale. @example new Grayscale(3) */
export class Grayscale extends PictureTransform {
  readonly numOutputChannels: 1 | 3

  constructor(numOutputChannels?: 1 | 3 | GrayscaleOptions) {
    atMost('Grayscale', 1, arguments.length)
    super()
    this.numOutputChannels = grayscaleOptions.readFirst('Grayscale', numOutputChannels).numOutputChannels ?? 1
    if (this.numOutputChannels === 1 || this.numOutputChannels === 3) return
    throw new ArgumentError(`Grayscale: numOutputChannels must be 1 or 3, got ${this.numOutputChannels}`)
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    return grayed('Grayscale', picture, this.numOutputChannels)
  }

  override settings(): string {
    return `num_output_channels=${printed(this.numOutputChannels)}`
  }
}

/** Makes pictures grey with probability p, default 0.1. PyTorch: torchvision.transforms.RandomGrayscale. */
export class RandomGrayscale extends ByChance {
  constructor(p?: number | ChanceOptions) {
    atMost('RandomGrayscale', 1, arguments.length)
    super('RandomGrayscale', chanceOptions.readFirst('RandomGrayscale', p).p ?? 0.1)
  }

  /** @internal */
  invoke<T extends Picture>(picture: T): T {
    const [channels] = dimensions('RandomGrayscale', picture)
    return happens(this.p) ? grayed('RandomGrayscale', picture, channels) : picture
  }
}

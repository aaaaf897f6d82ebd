// Between images and tensors, and from one type of elements to another.
import { ArgumentError, DTypeError, ShapeError } from '../../errors.ts'
import { atMost, type DType, iinfo, isFloatingPoint, Options, refuse, Tensor, tensor } from '../../tensor/index.ts'
import { Image, type ImageMode } from '../image/image.ts'
import { Conversion } from './transform.ts'

/** i / 255, rounded to float32 as PyTorch's division rounds. */
const shares = Float32Array.from({ length: 256 }, (_, i) => i / 255)

/** The channels of an image one after the other, as tensors have them, through a table where there is one. */
function planes<A extends Uint8Array | Float32Array>(image: Image, into: A, table?: Float32Array): A {
  const { data, channels } = image
  const plane = image.width * image.height
  for (let c = 0; c < channels; c++) {
    for (let i = 0, from = c, to = c * plane; i < plane; i++, from += channels, to++) {
      into[to] = table === undefined ? data[from]! : table[data[from]!]!
    }
  }
  return into
}

const shapeOf = (image: Image) => [image.channels, image.height, image.width]

/**
 * Makes a float32 tensor of shape (C, H, W) of an image; 0 … 255 becomes 0 … 1. PyTorch:
 * torchvision.transforms.ToTensor.
 * @throws ArgumentError for anything but an image
 */
export class ToTensor extends Conversion<Image, Tensor> {
  constructor() {
    atMost('ToTensor', 0, arguments.length)
    super()
  }

  /** @internal */
  invoke(image: Image): Tensor {
    if (!(image instanceof Image)) refuse('ToTensor', 'an image', image)
    return tensor(planes(image, new Float32Array(image.data.length), shares)).view(shapeOf(image))
  }
}

/**
 * Makes a uint8 tensor of shape (C, H, W) of an image. PyTorch: torchvision.transforms.PILToTensor.
 * @throws ArgumentError for anything but an image
 */
export class PILToTensor extends Conversion<Image, Tensor> {
  constructor() {
    atMost('PILToTensor', 0, arguments.length)
    super()
  }

  /** @internal */
  invoke(image: Image): Tensor {
    if (!(image instanceof Image)) refuse('PILToTensor', 'an image', image)
    return tensor(planes(image, new Uint8Array(image.data.length))).view(shapeOf(image))
  }
}

/**
 * Converts a tensor to another dtype, so that the largest value of one becomes that of the other: 1 for floats.
 * PyTorch: torchvision.transforms.ConvertImageDtype.
 * @throws DTypeError for a conversion that could overflow
 * @example new ConvertImageDtype('float32') // of uint8: 255 becomes 1
 */
export class ConvertImageDtype extends Conversion<Tensor, Tensor> {
  readonly dtype: DType

  constructor(dtype: DType) {
    atMost('ConvertImageDtype', 1, arguments.length)
    super()
    mostOf('ConvertImageDtype', dtype)
    this.dtype = dtype
  }

  /** @internal */
  invoke(image: Tensor): Tensor {
    if (!(image instanceof Tensor)) refuse('ConvertImageDtype', 'a tensor', image)
    const { dtype } = this
    if (image.dtype === dtype) return image
    const [from, to] = [mostOf('ConvertImageDtype', image.dtype), mostOf('ConvertImageDtype', dtype)]
    if (isFloatingPoint(image.dtype)) {
      if (isFloatingPoint(dtype)) return image.to(dtype)
      if (dtype === 'int64' || (dtype === 'int32' && image.dtype !== 'float64')) {
        throw new DTypeError(`ConvertImageDtype: the cast from ${image.dtype} to ${dtype} cannot be performed safely`)
      }
      return image.mul(to + 1 - 1e-3).to(dtype)
    }
    if (isFloatingPoint(dtype)) return image.to(dtype).div(from)
    return from > to
      ? image.div((from + 1) / (to + 1), { roundingMode: 'floor' }).to(dtype)
      : image.to(dtype).mul((to + 1) / (from + 1))
  }
}

/** What a channel has at most: 1 for floats. @throws DTypeError for bool */
function mostOf(op: string, dtype: DType): number {
  if (isFloatingPoint(dtype)) return 1
  if (dtype === 'bool') throw new DTypeError(`${op}: expected a dtype of numbers, got bool`)
  return Number(iinfo(dtype).max)
}

/** Options of `ToPILImage`. */
export interface ToPILImageOptions {
  /** Default: 'L', 'RGB' or 'RGBA' for 1, 3 or 4 channels. */
  mode?: ImageMode | null
}

const imageOptions = new Options<ToPILImageOptions>({ mode: true })

/**
 * Makes an image of a tensor of (C, H, W) or (H, W): of uint8, or of floats, whose 0 … 1 becomes 0 … 255. PyTorch:
 * torchvision.transforms.ToPILImage.
 * @throws ArgumentError when the mode does not fit, ShapeError for other shapes, DTypeError for other dtypes
 */
export class ToPILImage extends Conversion<Tensor, Image> {
  readonly mode: ImageMode | null

  constructor(mode?: ImageMode | null | ToPILImageOptions) {
    atMost('ToPILImage', 1, arguments.length)
    super()
    this.mode = imageOptions.readFirst('ToPILImage', mode).mode ?? null
  }

  /** @internal */
  invoke(x: Tensor): Image {
    if (!(x instanceof Tensor)) refuse('ToPILImage', 'a tensor', x)
    const [height = 1, width = 1] = x.shape.slice(-2)
    const channels = x.ndim === 2 ? 1 : x.size(0)
    const mode = ({ 1: 'L', 3: 'RGB', 4: 'RGBA' } as const)[channels]
    if ((x.ndim !== 2 && x.ndim !== 3) || mode === undefined) {
      throw new ShapeError(`ToPILImage: expected a tensor of (1, 3 or 4 channels, H, W), got [${x.shape.join(', ')}]`)
    }
    if (this.mode !== null && this.mode !== mode) {
      throw new ArgumentError(
        `ToPILImage: a tensor of ${channels} channels makes an image of mode '${mode}', not '${this.mode}'`,
      )
    }
    const floats = isFloatingPoint(x.dtype)
    if (!floats && x.dtype !== 'uint8') throw new DTypeError(`ToPILImage: expected uint8 or floats, got ${x.dtype}`)
    const planes = (floats ? x.detach().mul(255) : x).toTypedArray() as Float32Array
    const plane = height * width
    const at = (i: number) => planes[(i % channels) * plane + Math.trunc(i / channels)]!
    return new Image(
      mode,
      width,
      height,
      Uint8Array.from({ length: planes.length }, (_, i) => Math.trunc(at(i)) & 255),
    )
  }

  override settings(): string {
    return this.mode === null ? '' : `mode=${this.mode}`
  }
}

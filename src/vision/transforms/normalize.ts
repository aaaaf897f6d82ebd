// Subtraction of a mean and division by a deviation, for each channel.
import { ArgumentError, DTypeError, ShapeError } from '../../errors.ts'
import { atMost, flag, isFloatingPoint, Options, refuse, Tensor, tensor } from '../../tensor/index.ts'
import { Conversion, printed } from './transform.ts'

/** Options of `Normalize`. */
export interface NormalizeOptions {
  /** Change the tensor given, default false. */
  inplace?: boolean
}

const normalizeOptions = new Options<NormalizeOptions>({ inplace: true })

/**
 * (x - mean) / std for each channel of a tensor of (…, C, H, W). PyTorch: torchvision.transforms.Normalize.
 * @throws ArgumentError for a deviation of 0, DTypeError for integers, ShapeError for fewer than three dimensions
 * @example new Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
 */
export class Normalize extends Conversion<Tensor, Tensor> {
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly inplace: boolean

  constructor(
    mean: readonly number[],
    std: readonly number[],
    inplace?: boolean | NormalizeOptions,
    options?: NormalizeOptions,
  ) {
    atMost('Normalize', 4, arguments.length)
    super()
    const given = normalizeOptions.readFirst('Normalize', inplace, options)
    if (!Array.isArray(mean)) refuse('Normalize', 'mean as an array', mean)
    if (!Array.isArray(std)) refuse('Normalize', 'std as an array', std)
    if (std.includes(0)) throw new ArgumentError(`Normalize: std must not be 0, got ${printed(std)}`)
    this.mean = mean
    this.std = std
    this.inplace = flag('Normalize: inplace', given.inplace ?? false)
  }

  /** @internal */
  invoke(image: Tensor): Tensor {
    if (!(image instanceof Tensor)) refuse('Normalize', 'a tensor', image)
    if (!isFloatingPoint(image.dtype)) {
      throw new DTypeError(`Normalize: expected a tensor of floats, got ${image.dtype}; ToTensor makes one`)
    }
    if (image.ndim < 3) {
      throw new ShapeError(`Normalize: expected a tensor of (…, C, H, W), got [${image.shape.join(', ')}]`)
    }
    const { dtype, device } = image
    const perChannel = (values: readonly number[]) => tensor(values, { dtype, device }).view(-1, 1, 1)
    const mean = perChannel(this.mean)
    const std = perChannel(this.std)
    return this.inplace ? image.sub_(mean).div_(std) : image.sub(mean).div(std)
  }

  override settings(): string {
    return `mean=${printed(this.mean)}, std=${printed(this.std)}`
  }
}

// Images, sequences and volumes in another size, as layers.
import { atMost, Options, type Tensor } from '../../tensor/index.ts'
import {
  type InterpolateMode,
  type InterpolateOptions,
  interpolate,
  type UpsampleSizeOptions,
} from '../functional/interpolate.ts'
import { Module } from '../module/module.ts'

type Each = number | readonly number[]

/** Options of `Upsample`. */
export interface UpsampleLayerOptions extends Omit<InterpolateOptions, 'antialias'> {}

const upsampleOptions = new Options<UpsampleLayerOptions>({
  size: true,
  scaleFactor: true,
  mode: true,
  alignCorners: true,
  recomputeScaleFactor: true,
})
const sizeOptions = new Options<UpsampleSizeOptions>({ size: true, scaleFactor: true })

/** A factor as PyTorch prints it, which makes it a float. */
function real(value: Each): string {
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value)
  return `(${value.map(real).join(', ')})`
}

function whole(value: Each): string {
  return typeof value === 'number' ? String(value) : `(${value.join(', ')})`
}

abstract class Resize extends Module {
  readonly size: Each | null
  readonly scaleFactor: Each | null
  readonly mode: InterpolateMode
  readonly alignCorners: boolean | null
  readonly recomputeScaleFactor: boolean | null

  constructor(given: UpsampleLayerOptions) {
    super()
    this.size = given.size ?? null
    this.scaleFactor = given.scaleFactor ?? null
    this.mode = given.mode ?? 'nearest'
    this.alignCorners = given.alignCorners ?? null
    this.recomputeScaleFactor = given.recomputeScaleFactor ?? null
  }

  forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this
    return interpolate(x, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor })
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this
    const how =
      scaleFactor === null ? `size=${size === null ? 'None' : whole(size)}` : `scale_factor=${real(scaleFactor)}`
    return `${how}, mode='${mode}'`
  }
}

/**
 * (N, C, …) in another size, by `size` or `scaleFactor`. PyTorch: torch.nn.Upsample.
 * @throws ArgumentError and ShapeError as `interpolate`, in forward
 * @example new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })(images)
 */
export class Upsample extends Resize {
  constructor(size?: Each | null | UpsampleLayerOptions, options?: UpsampleLayerOptions) {
    atMost('Upsample', 2, arguments.length)
    super(upsampleOptions.readFirst('Upsample', size, options))
  }
}

/** The nearest pixels. PyTorch: torch.nn.UpsamplingNearest2d. */
export class UpsamplingNearest2d extends Resize {
  constructor(size?: Each | null | UpsampleSizeOptions, options?: UpsampleSizeOptions) {
    atMost('UpsamplingNearest2d', 2, arguments.length)
    super(sizeOptions.readFirst('UpsamplingNearest2d', size, options))
  }
}

/** Bilinear, with aligned corners. PyTorch: torch.nn.UpsamplingBilinear2d. */
export class UpsamplingBilinear2d extends Resize {
  constructor(size?: Each | null | UpsampleSizeOptions, options?: UpsampleSizeOptions) {
    atMost('UpsamplingBilinear2d', 2, arguments.length)
    const given = sizeOptions.readFirst('UpsamplingBilinear2d', size, options)
    super({ ...given, mode: 'bilinear', alignCorners: true })
  }
}

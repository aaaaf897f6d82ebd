// Images, sequences and volumes in another size.
import { ArgumentError, ShapeError, UnsupportedError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { atMost, handleOf, Options, refuse, shown, Tensor, wrap } from '../../tensor/index.ts'

/** One number for all dimensions behind the channels, or one for each. */
type Each = number | readonly number[]

/** Modes of `interpolate`. */
export type InterpolateMode = 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area'

/** Options of `upsample`. */
export interface UpsampleOptions {
  /** The size of the result behind its channels; or `scaleFactor`. */
  size?: Each | null
  /** How many times larger it is. */
  scaleFactor?: Each | null
  /** Default `'nearest'`. */
  mode?: InterpolateMode
  /** Whether the centres of the corner elements coincide, and not the corners; of the linear and cubic modes. */
  alignCorners?: boolean | null
}

/** Options of `interpolate`. */
export interface InterpolateOptions extends UpsampleOptions {
  /** Places follow from the sizes, not from the scale factor. */
  recomputeScaleFactor?: boolean | null
  /** Where it gets smaller, all elements under one of the result take part: of the modes bilinear and bicubic. */
  antialias?: boolean
}

const interpolateOptions = new Options<InterpolateOptions>({
  size: true,
  scaleFactor: true,
  mode: true,
  alignCorners: true,
  recomputeScaleFactor: true,
  antialias: true,
})

/** What the native core calls a mode, and for how many dimensions behind the channels it is. */
const modes = {
  nearest: ['nearest', [1, 2, 3]],
  'nearest-exact': ['nearestExact', [1, 2, 3]],
  linear: ['linear', [1]],
  bilinear: ['linear', [2]],
  trilinear: ['linear', [3]],
  bicubic: ['cubic', [2]],
  area: ['area', [1, 2, 3]],
} as const

/**
 * (N, C, …) in another size, by `size` or `scaleFactor`. PyTorch: torch.nn.functional.interpolate.
 * @throws ArgumentError for both or neither, or options that the mode does not have, ShapeError for other dimensions
 * @example interpolate(images, { scaleFactor: 2, mode: 'bilinear' })
 */
export function interpolate(x: Tensor, size?: Each | null | InterpolateOptions, options?: InterpolateOptions): Tensor {
  atMost('interpolate', 3, arguments.length)
  return resized('interpolate', x, interpolateOptions.readFirst('interpolate', size, options))
}

const upsampleOptions = new Options<UpsampleOptions>({ size: true, scaleFactor: true, mode: true, alignCorners: true })

/** `interpolate` by its old name. PyTorch: torch.nn.functional.upsample. @throws ArgumentError, ShapeError as there */
export function upsample(x: Tensor, size?: Each | null | UpsampleOptions, options?: UpsampleOptions): Tensor {
  atMost('upsample', 3, arguments.length)
  return resized('upsample', x, upsampleOptions.readFirst('upsample', size, options))
}

/** Options of `upsampleNearest` and `upsampleBilinear`. */
export interface UpsampleSizeOptions {
  size?: Each | null
  scaleFactor?: Each | null
}

const upsampleSizeOptions = new Options<UpsampleSizeOptions>({ size: true, scaleFactor: true })

/** The nearest elements. PyTorch: torch.nn.functional.upsample_nearest. @throws ArgumentError as `interpolate` */
export function upsampleNearest(
  x: Tensor,
  size?: Each | null | UpsampleSizeOptions,
  options?: UpsampleSizeOptions,
): Tensor {
  atMost('upsampleNearest', 3, arguments.length)
  return resized('upsampleNearest', x, upsampleSizeOptions.readFirst('upsampleNearest', size, options))
}

/** Bilinear, with aligned corners. PyTorch: torch.nn.functional.upsample_bilinear. @throws as `interpolate` */
export function upsampleBilinear(
  x: Tensor,
  size?: Each | null | UpsampleSizeOptions,
  options?: UpsampleSizeOptions,
): Tensor {
  atMost('upsampleBilinear', 3, arguments.length)
  const given = upsampleSizeOptions.readFirst('upsampleBilinear', size, options)
  return resized('upsampleBilinear', x, { ...given, mode: 'bilinear', alignCorners: true })
}

function resized(op: string, x: Tensor, given: InterpolateOptions): Tensor {
  if (!(x instanceof Tensor)) refuse(op, 'a tensor', x)
  const { mode = 'nearest', alignCorners = null, antialias = false } = given
  if (typeof mode !== 'string' || !Object.hasOwn(modes, mode))
    refuse(`${op}: mode`, `one of ${Object.keys(modes).join(', ')}`, mode)
  const [kind, dimensions] = modes[mode]
  const spatial = x.ndim - 2
  if (!(dimensions as readonly number[]).includes(spatial)) {
    const expected = dimensions.map(n => n + 2).join(', ')
    throw new ShapeError(
      `${op}: mode '${shown(mode)}' is for ${expected} dimensions, got shape [${x.shape.join(', ')}]`,
    )
  }
  const isSmooth = kind === 'linear' || kind === 'cubic'
  if (alignCorners !== null && !isSmooth) throw new ArgumentError(`${op}: mode '${shown(mode)}' has no alignCorners`)
  if (antialias && !(isSmooth && spatial === 2)) {
    throw new UnsupportedError(`${op}: antialias is for the modes bilinear and bicubic, got '${shown(mode)}'`)
  }
  const { size, scales } = sizesOf(op, x, given, mode)
  return wrap(native.interpolate(handleOf(op, x), size, scales, kind, alignCorners ?? false, antialias))
}

/** The sizes of the result, and the scales that places are computed with if they do not follow from the sizes. */
function sizesOf(op: string, x: Tensor, given: InterpolateOptions, mode: InterpolateMode) {
  const { size = null, scaleFactor = null, recomputeScaleFactor } = given
  if ((size === null) === (scaleFactor === null)) {
    throw new ArgumentError(`${op}: expected size or scaleFactor, and not both`)
  }
  const each = (what: string, value: Each) => {
    const all = typeof value === 'number' ? Array<number>(x.ndim - 2).fill(value) : value
    if (!Array.isArray(all)) refuse(`${op}: ${what}`, 'a number or an array', all)
    if (all.length === x.ndim - 2) return all
    throw new ArgumentError(`${op}: expected ${x.ndim - 2} numbers as ${what}, got ${shown(all)}`)
  }
  if (size !== null) {
    if (recomputeScaleFactor) throw new ArgumentError(`${op}: recomputeScaleFactor is for scaleFactor, not for size`)
    return { size: each('size', size), scales: [] }
  }
  const factors = each('scaleFactor', scaleFactor!)
  const fromSizes = recomputeScaleFactor || mode === 'area'
  return {
    size: factors.map((factor, i) => Math.floor(x.shape[i + 2]! * factor)),
    scales: fromSizes ? [] : factors,
  }
}

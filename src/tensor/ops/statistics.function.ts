// Integrals and derivatives of samples, and histograms of several dimensions; functions only.
import { ArgumentError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, flag, handleOf, handlesOf, named, optional } from '../args.ts'
import { Options } from '../options.ts'
import { type Dim, dimsOf } from '../reduce-options.ts'
import { atMost } from '../refuse.ts'
import { Tensor, wrap } from '../tensor.ts'

/** Options of `trapezoid` and `cumulativeTrapezoid`. */
export interface TrapezoidOptions {
  /** The places of the samples, of the shape of y or along `dim` only. */
  x?: Tensor | null
  /** How far apart samples are without `x`, default 1. */
  dx?: number
  /** Default -1. */
  dim?: number
}

const trapezoidOptions = new Options<TrapezoidOptions>({ x: true, dx: true, dim: true })

function integral(
  name: 'trapezoid' | 'trapz' | 'cumulativeTrapezoid',
  y: Tensor,
  x?: Tensor | null | TrapezoidOptions,
  options?: TrapezoidOptions,
): Tensor {
  const given = trapezoidOptions.readFirst(name, x, options)
  if (given.x != null && given.dx !== undefined) {
    throw new ArgumentError(`${name}: x and dx both say where the samples are; give one of them`)
  }
  const op = name === 'trapz' ? 'trapezoid' : name
  return named(name, () => wrap(native[op](handleOf(name, y), optional(name, given.x), given.dx ?? 1, given.dim ?? -1)))
}

/**
 * The integral of samples along a dimension, by trapezoids. PyTorch: torch.trapezoid.
 * @throws IndexError when there is no such dimension, ShapeError when the places do not fit
 * @example trapezoid(y, { dx: 0.1 })
 */
export function trapezoid(y: Tensor, x?: Tensor | null | TrapezoidOptions, options?: TrapezoidOptions): Tensor {
  atMost('trapezoid', 3, arguments.length)
  return integral('trapezoid', y, x, options)
}

/** The same by its older name. PyTorch: torch.trapz. */
export function trapz(y: Tensor, x?: Tensor | null | TrapezoidOptions, options?: TrapezoidOptions): Tensor {
  atMost('trapz', 3, arguments.length)
  return integral('trapz', y, x, options)
}

/** The integrals up to each sample but the first. PyTorch: torch.cumulative_trapezoid. @throws as `trapezoid` */
export function cumulativeTrapezoid(
  y: Tensor,
  x?: Tensor | null | TrapezoidOptions,
  options?: TrapezoidOptions,
): Tensor {
  atMost('cumulativeTrapezoid', 3, arguments.length)
  return integral('cumulativeTrapezoid', y, x, options)
}

/** Options of `gradient`. */
export interface GradientOptions {
  /** How far apart samples are, or where: one number, or a number or a tensor for each dimension; default 1. */
  spacing?: number | readonly number[] | readonly Tensor[]
  /** Dimensions to differentiate along; all when left out. */
  dim?: Dim
  /** Of which order the differences at the ends are, 1 or 2; default 1. */
  edgeOrder?: number
}

const gradientOptions = new Options<GradientOptions>({ spacing: true, dim: true, edgeOrder: true })

/**
 * The derivatives of samples along each dimension, by differences of second order. PyTorch: torch.gradient.
 * @throws ShapeError for too few samples, ArgumentError when `spacing` does not fit the dimensions
 * @example const [dy, dx] = gradient(randn(3, 4))
 */
export function gradient(
  x: Tensor,
  spacing?: number | readonly number[] | readonly Tensor[] | GradientOptions,
  options?: GradientOptions,
): Tensor[] {
  atMost('gradient', 3, arguments.length)
  const { spacing: given = 1, dim, edgeOrder = 1 } = gradientOptions.readFirst('gradient', spacing, options)
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  const places = list.some(it => it instanceof Tensor) ? handlesOf('gradient', list as Tensor[]) : []
  const steps = places.length > 0 ? [] : (list as number[])
  return native.gradient(handleOf('gradient', x), steps, places, dimsOf(dim), edgeOrder).map(wrap)
}

/** Options of `histogramdd`. */
export interface HistogramddOptions {
  /** Where the bins of each dimension begin and end, one pair after the other; default the range of each column. */
  range?: readonly number[] | null
  /** What each row counts, default 1. */
  weight?: Tensor | null
  /** Divide by the sum and by the size of each cell; default false. */
  density?: boolean
}

const histogramddOptions = new Options<HistogramddOptions>({ range: true, weight: true, density: true })

/**
 * How many rows, along the last dimension, lie in each cell of a grid of equal bins, or between neighbouring edges, of
 * which a tensor for each column says where they are; and the edges. PyTorch: torch.histogramdd.
 * @throws DTypeError unless x is float32 or float64, ShapeError, ArgumentError
 * @example const { hist, binEdges } = histogramdd(randn(100, 2), [4, 5]) // hist.shape is [4, 5]
 */
export function histogramdd(
  x: Tensor,
  bins: number | readonly number[] | readonly Tensor[],
  range?: readonly number[] | null | HistogramddOptions,
  options?: HistogramddOptions,
): { hist: Tensor; binEdges: Tensor[] } {
  const op = 'histogramdd'
  atMost('histogramdd', 4, arguments.length)
  const given = histogramddOptions.readFirst(op, range, options)
  const { handle, shape } = checked(op, x)
  const [weight, density] = [optional(op, given.weight), flag(`${op}: density`, given.density ?? false)]
  if (Array.isArray(bins) && bins.some(it => it instanceof Tensor)) {
    const counts = named(op, () => native.histogramddAt(handle, handlesOf(op, bins), weight, density))
    return { hist: wrap(counts), binEdges: [...bins] }
  }
  const parts = typeof bins === 'number' ? Array(shape.at(-1) ?? 0).fill(bins) : (bins as number[])
  const [hist, ...edges] = native.histogramdd(handle, parts, (given.range ?? []) as number[], weight, density).map(wrap)
  return { hist: hist!, binEdges: edges }
}

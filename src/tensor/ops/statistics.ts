// Statistics, differences and histograms that are methods too.
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { flag, handleOf, named, optional } from '../args.ts'
import { Options } from '../options.ts'
import { codeOf, type Dim, dimsOf, type ReduceOptions, reduceOptions } from '../reduce-options.ts'
import { atMost } from '../refuse.ts'
import { Tensor, wrap } from '../tensor.ts'

/** Options of `aminmax`. */
export interface AminmaxOptions {
  /** Of all elements when left out. */
  dim?: number | null
  keepdim?: boolean
}

const aminmaxOptions = new Options<AminmaxOptions>({ dim: true, keepdim: true })

/**
 * The smallest and the largest element, of all or along a dimension; equal ones share the gradient. PyTorch:
 * torch.aminmax.
 * @throws IndexError when there is no such dimension, ShapeError when there is nothing to reduce
 * @example const { min, max } = x.aminmax({ dim: 0 })
 */
export function aminmax(
  x: Tensor,
  dim?: number | null | AminmaxOptions,
  options?: AminmaxOptions,
): { min: Tensor; max: Tensor } {
  atMost('aminmax', 3, arguments.length)
  const given = aminmaxOptions.readFirst('aminmax', dim, options)
  const [min, max] = native.aminmax(handleOf('aminmax', x), given.dim ?? null, given.keepdim ?? false)
  return { min: wrap(min), max: wrap(max) }
}

/** Options of `logsumexp`. */
export interface LogsumexpOptions {
  keepdim?: boolean
}

const logsumexpOptions = new Options<LogsumexpOptions>({ keepdim: true })

/**
 * The logarithm of the sum of the exponentials, also where these are too large; integers give float32. PyTorch:
 * torch.logsumexp.
 * @throws IndexError when there is no such dimension
 */
export function logsumexp(x: Tensor, dim: number | Dims, keepdim?: boolean | LogsumexpOptions): Tensor {
  atMost('logsumexp', 3, arguments.length)
  const given = logsumexpOptions.readFirst('logsumexp', keepdim)
  return wrap(native.logsumexp(handleOf('logsumexp', x), dimsOf(dim) ?? [], given.keepdim ?? false))
}

function withoutNaN(name: 'nansum' | 'nanmean', x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  const given = reduceOptions.readFirst(name, dim, options)
  return wrap(native[name](handleOf(name, x), dimsOf(given.dim), given.keepdim ?? false, codeOf(name, given.dtype)))
}

/** Sum without NaN, over the given dimensions or all. PyTorch: torch.nansum. @throws as `sum` */
export function nansum(x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  atMost('nansum', 3, arguments.length)
  return withoutNaN('nansum', x, dim, options)
}

/** Mean without NaN, over the given dimensions or all. PyTorch: torch.nanmean. @throws as `mean` */
export function nanmean(x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  atMost('nanmean', 3, arguments.length)
  return withoutNaN('nanmean', x, dim, options)
}

/** Options of `countNonzero`. */
export interface CountNonzeroOptions {
  /** Dimensions to count over; all when left out. */
  dim?: Dim
}

const countNonzeroOptions = new Options<CountNonzeroOptions>({ dim: true })

/** How many elements are not 0, as int64. PyTorch: torch.count_nonzero. @example countNonzero(x, 0) */
export function countNonzero(x: Tensor, dim?: Dim | CountNonzeroOptions): Tensor {
  atMost('countNonzero', 2, arguments.length)
  const given = countNonzeroOptions.readFirst('countNonzero', dim)
  return wrap(native.countNonzero(handleOf('countNonzero', x), dimsOf(given.dim)))
}

/** Options of `dist`. */
export interface DistOptions {
  /** Default 2. */
  p?: number
}

const distOptions = new Options<DistOptions>({ p: true })

/** The p-norm of the difference of two tensors. PyTorch: torch.dist. */
export function dist(x: Tensor, y: Tensor, p?: number | DistOptions): Tensor {
  atMost('dist', 3, arguments.length)
  const given = distOptions.readFirst('dist', p)
  return wrap(native.dist(handleOf('dist', x), handleOf('dist', y), given.p ?? 2))
}

/** x with slices along a dimension shortened to a p-norm of `maxnorm` where it is larger. PyTorch: torch.renorm. */
export function renorm(x: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  atMost('renorm', 4, arguments.length)
  return wrap(native.renorm(handleOf('renorm', x), p, dim, maxnorm))
}

/** Options of `diff`. */
export interface DiffOptions {
  /** How often differences are taken, default 1. */
  n?: number
  /** Default -1. */
  dim?: number
  /** What stands before x. */
  prepend?: Tensor | null
  /** What stands behind x. */
  append?: Tensor | null
}

const diffOptions = new Options<DiffOptions>({ n: true, dim: true, prepend: true, append: true })

/**
 * Differences of neighbours along a dimension; of bool, whether they differ. PyTorch: torch.diff.
 * @throws IndexError when there is no such dimension
 * @example tensor([1, 3, 2]).diff() // tensor([ 2., -1.])
 */
export function diff(x: Tensor, n?: number | DiffOptions, options?: DiffOptions): Tensor {
  atMost('diff', 3, arguments.length)
  const { n: times = 1, dim = -1, prepend, append } = diffOptions.readFirst('diff', n, options)
  return wrap(native.diff(handleOf('diff', x), times, dim, optional('diff', prepend), optional('diff', append)))
}

/** Options of `cov`. */
export interface CovOptions {
  /** What the number of observations is lessened by, default 1. */
  correction?: number
  /** How often each observation was made, as integers. */
  fweights?: Tensor | null
  /** How much each observation counts. */
  aweights?: Tensor | null
}

const covOptions = new Options<CovOptions>({ correction: true, fweights: true, aweights: true })

/**
 * The covariance matrix of variables in rows, with observations in columns. PyTorch: torch.cov.
 * @throws ShapeError above 2 dimensions, DTypeError
 */
export function cov(x: Tensor, correction?: number | CovOptions, options?: CovOptions): Tensor {
  atMost('cov', 3, arguments.length)
  const given = covOptions.readFirst('cov', correction, options)
  const [fweights, aweights] = [optional('cov', given.fweights), optional('cov', given.aweights)]
  return wrap(native.cov(handleOf('cov', x), given.correction ?? 1, fweights, aweights))
}

/** The correlation coefficients of variables in rows. PyTorch: torch.corrcoef. @throws ShapeError above 2 dimensions */
export function corrcoef(x: Tensor): Tensor {
  atMost('corrcoef', 1, arguments.length)
  return wrap(native.corrcoef(handleOf('corrcoef', x)))
}

/** Options of `bincount`. */
export interface BincountOptions {
  /** What each element counts, default 1. */
  weights?: Tensor | null
  /** Default 0. */
  minlength?: number
}

const bincountOptions = new Options<BincountOptions>({ weights: true, minlength: true })

/**
 * How many of the numbers 0, 1, … there are, or their weights added up. PyTorch: torch.bincount.
 * @throws ArgumentError for anything but integers of one dimension that are not negative
 * @example tensor([0n, 2n, 2n]).bincount() // tensor([1, 0, 2])
 */
export function bincount(x: Tensor, weights?: Tensor | null | BincountOptions, options?: BincountOptions): Tensor {
  atMost('bincount', 3, arguments.length)
  const given = bincountOptions.readFirst('bincount', weights, options)
  return wrap(native.bincount(handleOf('bincount', x), optional('bincount', given.weights), given.minlength ?? 0))
}

/** Options of `histc`. */
export interface HistcOptions {
  /** Default 100. */
  bins?: number
  /** Where the first one begins; the range is that of x if it is equal to `max`. Default 0. */
  min?: number
  /** Where the last one ends, default 0. */
  max?: number
}

const histcOptions = new Options<HistcOptions>({ bins: true, min: true, max: true })

/** How many elements lie in each of equal parts of a range. PyTorch: torch.histc. @throws DTypeError for integers */
export function histc(x: Tensor, bins?: number | HistcOptions, options?: HistcOptions): Tensor {
  atMost('histc', 3, arguments.length)
  const { bins: count = 100, min = 0, max = 0 } = histcOptions.readFirst('histc', bins, options)
  return wrap(native.histc(handleOf('histc', x), count, min, max))
}

/** Options of `histogram`. */
export interface HistogramBinsOptions {
  /** How many, default 100, or their edges in ascending order. */
  bins?: number | Tensor
  /** Where the first bin begins and the last one ends; default the range of x. For a number of bins only. */
  range?: readonly [number, number] | null
  /** What each element counts, default 1. */
  weight?: Tensor | null
  /** Divide by the sum and by the width of each bin; default false. */
  density?: boolean
}

const histogramBinsOptions = new Options<HistogramBinsOptions>({ bins: true, range: true, weight: true, density: true })

/**
 * How many elements lie in each of equal bins, or between neighbouring edges, and the edges. PyTorch: torch.histogram.
 * @throws DTypeError for integers
 * @example const { hist, binEdges } = x.histogram(10, { range: [0, 1] })
 */
export function histogram(
  x: Tensor,
  bins?: number | Tensor | HistogramBinsOptions,
  options?: HistogramBinsOptions,
): { hist: Tensor; binEdges: Tensor } {
  atMost('histogram', 3, arguments.length)
  const given = histogramBinsOptions.readFirst('histogram', bins, options)
  const { bins: parts = 100, range, weight, density = false } = given
  const [handle, weights] = [handleOf('histogram', x), optional('histogram', weight)]
  flag('histogram: density', density)
  const [hist, edges] =
    parts instanceof Tensor
      ? named('histogram', () => native.histogramAt(handle, parts.handle, weights, density))
      : native.histogram(handle, parts, (range ?? []) as number[], weights, density)
  return { hist: wrap(hist), binEdges: wrap(edges) }
}

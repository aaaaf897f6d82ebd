// Sorting along a dimension, and what it finds. NaN is larger than everything. Equal elements keep their order, whether
// or not `stable` asks for it.
import type { Handle } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { flag, handleOf, named, operand } from '../args.ts'
import { Options } from '../options.ts'
import { found, type MaxResult } from '../reduce-options.ts'
import { atMost, refuse } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `sort` and `argsort`. */
export interface SortOptions {
  /** Default -1. */
  dim?: number
  /** From the largest to the smallest; default false. */
  descending?: boolean
  /** It always is. */
  stable?: boolean
}

const sortOptions = new Options<SortOptions>({ dim: true, descending: true, stable: true })

/** Options of `topk`. */
export interface TopkOptions {
  /** Default -1. */
  dim?: number
  /** Or the smallest; default true. */
  largest?: boolean
  /** They always are. */
  sorted?: boolean
}

const topkOptions = new Options<TopkOptions>({ dim: true, largest: true, sorted: true })

/** Options of `kthvalue` and `mode`. */
export interface KthvalueOptions {
  /** Default -1. */
  dim?: number
  keepdim?: boolean
}

const kthvalueOptions = new Options<KthvalueOptions>({ dim: true, keepdim: true })

/** Options of `median` and `nanmedian`. */
export interface MedianOptions {
  /** Of all elements when left out. */
  dim?: number
  keepdim?: boolean
}

const medianOptions = new Options<MedianOptions>({ dim: true, keepdim: true })

/** Options of `quantile` and `nanquantile`. */
export interface QuantileOptions {
  /** Of all elements when left out. */
  dim?: number | null
  keepdim?: boolean
  /** What to take where a quantile lies between two elements; default 'linear'. */
  interpolation?: 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest'
}

const quantileOptions = new Options<QuantileOptions>({ dim: true, keepdim: true, interpolation: true })

/**
 * The elements in ascending order along a dimension, and where they were. PyTorch: torch.sort.
 * @throws IndexError when there is no such dimension
 * @example const { values, indices } = x.sort({ descending: true })
 */
export function sort(x: Tensor, dim?: number | SortOptions, options?: SortOptions): MaxResult {
  atMost('sort', 3, arguments.length)
  const { dim: along = -1, descending = false } = sortOptions.readFirst('sort', dim, options)
  return found(native.sort(handleOf('sort', x), along, flag('sort: descending', descending)))
}

/** Where the elements in ascending order along a dimension are. PyTorch: torch.argsort. */
export function argsort(x: Tensor, dim?: number | SortOptions, options?: SortOptions): Tensor {
  atMost('argsort', 3, arguments.length)
  const { dim: along = -1, descending = false } = sortOptions.readFirst('argsort', dim, options)
  return wrap(native.argsort(handleOf('argsort', x), along, flag('argsort: descending', descending)))
}

/** The elements in ascending order along the first dimension. PyTorch: torch.msort. */
export function msort(x: Tensor): Tensor {
  atMost('msort', 1, arguments.length)
  const [values] = named('msort', () => native.sort(handleOf('msort', x), 0, false))
  return wrap(values)
}

/**
 * The k largest elements along a dimension in descending order, or the smallest, and where they are. PyTorch:
 * torch.topk.
 * @throws IndexError when there is no such dimension, ArgumentError for more than there are
 * @example const { indices } = x.topk(1)
 */
export function topk(x: Tensor, k: number, dim?: number | TopkOptions, options?: TopkOptions): MaxResult {
  atMost('topk', 4, arguments.length)
  const { dim: along = -1, largest = true } = topkOptions.readFirst('topk', dim, options)
  return found(native.topk(handleOf('topk', x), k, along, flag('topk: largest', largest)))
}

/**
 * The k-th smallest element along a dimension, counted from 1, and where it is. PyTorch: torch.kthvalue.
 * @throws IndexError when there is no such dimension, ArgumentError for more than there are
 */
export function kthvalue(x: Tensor, k: number, dim?: number | KthvalueOptions, options?: KthvalueOptions): MaxResult {
  atMost('kthvalue', 4, arguments.length)
  const { dim: along = -1, keepdim = false } = kthvalueOptions.readFirst('kthvalue', dim, options)
  return found(native.kthvalue(handleOf('kthvalue', x), k, along, keepdim))
}

/**
 * The element that is most frequent along a dimension, the smallest of several, and where it is last. PyTorch:
 * torch.mode.
 * @throws IndexError when there is no such dimension, or nothing in it
 */
export function mode(x: Tensor, dim?: number | KthvalueOptions, options?: KthvalueOptions): MaxResult {
  atMost('mode', 3, arguments.length)
  const { dim: along = -1, keepdim = false } = kthvalueOptions.readFirst('mode', dim, options)
  return found(native.mode(handleOf('mode', x), along, keepdim))
}

function middle(name: 'median' | 'nanmedian', x: Tensor, dim?: number | MedianOptions, options?: MedianOptions) {
  const given = medianOptions.readFirst(name, dim, options)
  const handle = handleOf(name, x)
  const { dim: along, keepdim = false } = given
  return named(name, () =>
    along == null ? wrap(native[name](handle)) : found(native[`${name}Dim`](handle, along, keepdim)),
  )
}

/**
 * The element in the middle, the lower one of two, of all elements or along a dimension with where it is; NaN where
 * there is one. PyTorch: torch.median.
 * @throws IndexError when there is no such dimension, or nothing in it
 * @example const { values, indices } = median(x, 1)
 */
export function median(x: Tensor): Tensor
export function median(x: Tensor, dim: number | (MedianOptions & { dim: number }), options?: MedianOptions): MaxResult
export function median(x: Tensor, dim?: number | MedianOptions, options?: MedianOptions): Tensor | MaxResult {
  atMost('median', 3, arguments.length)
  return middle('median', x, dim, options)
}

/**
 * The same without NaN. PyTorch: torch.nanmedian.
 * @throws IndexError when there is no such dimension, or nothing in it
 */
export function nanmedian(x: Tensor): Tensor
export function nanmedian(
  x: Tensor,
  dim: number | (MedianOptions & { dim: number }),
  options?: MedianOptions,
): MaxResult
export function nanmedian(x: Tensor, dim?: number | MedianOptions, options?: MedianOptions): Tensor | MaxResult {
  atMost('nanmedian', 3, arguments.length)
  return middle('nanmedian', x, dim, options)
}

const interpolations = ['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const

function part(
  name: 'quantile' | 'nanquantile',
  x: Tensor,
  q: Tensor | number,
  dim?: number | null | QuantileOptions,
  options?: QuantileOptions,
): Tensor {
  const given = quantileOptions.readFirst(name, dim, options)
  const { interpolation = 'linear', keepdim = false } = given
  if (!interpolations.includes(interpolation)) {
    refuse(`${name}: interpolation`, `one of ${interpolations.join(', ')}`, interpolation)
  }
  const handle: Handle = handleOf(name, x)
  return wrap(native[name](handle, operand(name, q), given.dim ?? null, keepdim, interpolation))
}

/**
 * The number below which a part q of the elements lies, or several in a dimension of their own, which comes first.
 * PyTorch: torch.quantile.
 * @throws IndexError when there is no such dimension, ArgumentError for q beyond 0 to 1, DTypeError
 * @example x.quantile(tensor([0.25, 0.75]), 1)
 */
export function quantile(
  x: Tensor,
  q: Tensor | number,
  dim?: number | null | QuantileOptions,
  options?: QuantileOptions,
): Tensor {
  atMost('quantile', 4, arguments.length)
  return part('quantile', x, q, dim, options)
}

/** The same without NaN. PyTorch: torch.nanquantile. @throws as `quantile` */
export function nanquantile(
  x: Tensor,
  q: Tensor | number,
  dim?: number | null | QuantileOptions,
  options?: QuantileOptions,
): Tensor {
  atMost('nanquantile', 4, arguments.length)
  return part('nanquantile', x, q, dim, options)
}

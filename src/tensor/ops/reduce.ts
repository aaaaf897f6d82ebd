// Reductions over all or some dimensions. `dim` may be positional: `x.sum(1)`. The elements of a reduced bool or
// integer tensor are summed and multiplied as int64, as in PyTorch.

import { ArgumentError, ShapeError } from '../../errors.ts'
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { checked, dimOf, handleOf, named } from '../args.ts'
import type { DType } from '../dtype.ts'
import { Options } from '../options.ts'
import {
  codeOf,
  type Dim,
  dimsOf,
  found,
  type MaxResult,
  type ReduceOptions,
  reduceOptions,
  type SpreadOptions,
  spreadOf,
} from '../reduce-options.ts'
import { atMost, refuse } from '../refuse.ts'
import { shown } from '../repr.ts'
import { singularValues } from '../singular-values.ts'
import { Tensor, wrap } from '../tensor.ts'

export type { MaxResult, ReduceOptions, SpreadOptions } from '../reduce-options.ts'

/** Options of `prod`. */
export interface ProdOptions {
  /** Dimension to reduce; all when left out. */
  dim?: number | null
  keepdim?: boolean
  /** Cast to this dtype first. */
  dtype?: DType
}

const prodOptions = new Options<ProdOptions>({ dim: true, keepdim: true, dtype: true })

/** Options of `argmax` and `argmin`, and of `max` and `min` over a dimension. */
export interface ArgmaxOptions {
  dim?: number | null
  keepdim?: boolean
}

const argmaxOptions = new Options<ArgmaxOptions>({ dim: true, keepdim: true })

/** Options of `amax`, `amin`, `all` and `any`. */
export interface OverOptions {
  /** Dimensions to reduce; all when left out. */
  dim?: number | Dims | null
  keepdim?: boolean
}

const overOptions = new Options<OverOptions>({ dim: true, keepdim: true })

/** Options of `norm`. */
export interface NormOptions {
  /**
   * Power, default `'fro'`, which is 2; 0 counts, Infinity and -Infinity take the largest and smallest magnitude;
   * `'nuc'` is the sum of the singular values of matrices.
   */
  p?: number | 'fro' | 'nuc'
  /** Dimensions to reduce; all when left out. */
  dim?: number | Dims | null
  keepdim?: boolean
  /** Cast to this dtype first. */
  dtype?: DType
}

const normOptions = new Options<NormOptions>({ p: true, dim: true, keepdim: true, dtype: true })

function reduce(name: 'sum' | 'mean', x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  const given = reduceOptions.readFirst(name, dim, options)
  return wrap(native[name](handleOf(name, x), dimsOf(given.dim), given.keepdim ?? false, codeOf(name, given.dtype)))
}

/**
 * Sum over the given dimensions, or over all. PyTorch: torch.sum.
 * @throws IndexError when there is no such dimension
 * @example ones(2, 3).sum(1) // tensor([3., 3.])
 */
export function sum(x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  atMost('sum', 3, arguments.length)
  return reduce('sum', x, dim, options)
}

/**
 * Mean over the given dimensions, or over all. PyTorch: torch.mean.
 * @throws IndexError when there is no such dimension, DTypeError for integers without `dtype`
 * @example ones(2, 3).mean({ dim: 1, keepdim: true }) // tensor([[1.], [1.]])
 */
export function mean(x: Tensor, dim?: Dim | ReduceOptions, options?: ReduceOptions): Tensor {
  atMost('mean', 3, arguments.length)
  return reduce('mean', x, dim, options)
}

/**
 * Product of all elements, or along a dimension. PyTorch: torch.prod.
 * @throws IndexError when there is no such dimension
 * @example tensor([[1, 2], [3, 4]]).prod(1) // tensor([ 2., 12.])
 */
export function prod(x: Tensor, dim?: number | null | ProdOptions, options?: ProdOptions): Tensor {
  atMost('prod', 3, arguments.length)
  const given = prodOptions.readFirst('prod', dim, options)
  return wrap(native.prod(handleOf('prod', x), given.dim ?? null, given.keepdim ?? false, codeOf('prod', given.dtype)))
}

function extreme(name: 'max' | 'min', x: Tensor, dim?: number | Tensor | ArgmaxOptions, options?: ArgmaxOptions) {
  if (dim instanceof Tensor) return named(name, () => wrap(native[`${name}imum`](handleOf(name, x), dim.handle)))
  const given = argmaxOptions.readFirst(name, dim, options)
  const handle = handleOf(name, x)
  if (given.dim == null) return wrap(native[name](handle))
  if (typeof given.dim !== 'number') refuse(name, 'a number', given.dim)
  const along = given.dim
  return named(name, () => found(native[`${name}Dim`](handle, along, given.keepdim ?? false)))
}

/**
 * The largest element, the largest along a dimension with their indices, or of two tensors as `maximum`. PyTorch:
 * torch.max.
 * @throws IndexError when there is no such dimension, ShapeError when there is nothing to reduce
 * @example const { values, indices } = max(x, 1)
 */
export function max(x: Tensor): Tensor
export function max(x: Tensor, other: Tensor): Tensor
export function max(x: Tensor, dim: number | (ArgmaxOptions & { dim: number }), options?: ArgmaxOptions): MaxResult
export function max(x: Tensor, dim?: number | Tensor | ArgmaxOptions, options?: ArgmaxOptions): Tensor | MaxResult {
  atMost('max', 3, arguments.length)
  return extreme('max', x, dim, options)
}

/**
 * The smallest element, the smallest along a dimension with their indices, or of two tensors as `minimum`. PyTorch:
 * torch.min.
 * @throws IndexError when there is no such dimension, ShapeError when there is nothing to reduce
 * @example const { values, indices } = min(x, 1)
 */
export function min(x: Tensor): Tensor
export function min(x: Tensor, other: Tensor): Tensor
export function min(x: Tensor, dim: number | (ArgmaxOptions & { dim: number }), options?: ArgmaxOptions): MaxResult
export function min(x: Tensor, dim?: number | Tensor | ArgmaxOptions, options?: ArgmaxOptions): Tensor | MaxResult {
  atMost('min', 3, arguments.length)
  return extreme('min', x, dim, options)
}

function place(name: 'argmax' | 'argmin', x: Tensor, dim?: number | null | ArgmaxOptions, options?: ArgmaxOptions) {
  const given = argmaxOptions.readFirst(name, dim, options)
  return wrap(native[name](handleOf(name, x), given.dim ?? null, given.keepdim ?? false))
}

/**
 * Index of the largest element along a dimension, or in the flattened tensor; int64. PyTorch: torch.argmax.
 * @throws IndexError when there is no such dimension
 * @example model(x).argmax(1).eq(y) // which samples are classified correctly
 */
export function argmax(x: Tensor, dim?: number | null | ArgmaxOptions, options?: ArgmaxOptions): Tensor {
  atMost('argmax', 3, arguments.length)
  return place('argmax', x, dim, options)
}

/**
 * Index of the smallest element along a dimension, or in the flattened tensor; int64. PyTorch: torch.argmin.
 * @throws IndexError when there is no such dimension
 */
export function argmin(x: Tensor, dim?: number | null | ArgmaxOptions, options?: ArgmaxOptions): Tensor {
  atMost('argmin', 3, arguments.length)
  return place('argmin', x, dim, options)
}

function over(
  name: 'amax' | 'amin' | 'all' | 'any',
  x: Tensor,
  dim?: Dim | OverOptions,
  options?: OverOptions,
): Tensor {
  const given = overOptions.readFirst(name, dim, options)
  const dims = dimsOf(given.dim)
  const [handle, keepdim] = [handleOf(name, x), given.keepdim ?? false]
  return wrap(
    name === 'amax' || name === 'amin'
      ? native[name](handle, dims ?? [], keepdim)
      : native[name](handle, dims, keepdim),
  )
}

/**
 * Largest elements over the given dimensions, or over all; equal ones share the gradient. PyTorch: torch.amax.
 * @throws IndexError when there is no such dimension, ShapeError when there is nothing to reduce
 */
export function amax(x: Tensor, dim?: Dim | OverOptions, options?: OverOptions): Tensor {
  atMost('amax', 3, arguments.length)
  return over('amax', x, dim, options)
}

/**
 * Smallest elements over the given dimensions, or over all; equal ones share the gradient. PyTorch: torch.amin.
 * @throws IndexError when there is no such dimension, ShapeError when there is nothing to reduce
 */
export function amin(x: Tensor, dim?: Dim | OverOptions, options?: OverOptions): Tensor {
  atMost('amin', 3, arguments.length)
  return over('amin', x, dim, options)
}

/**
 * Whether all elements are not 0, over the given dimensions or over all; bool, or uint8 of uint8. PyTorch: torch.all.
 * @throws IndexError when there is no such dimension
 * @example a.eq(b).all().item() // 1 or 0
 */
export function all(x: Tensor, dim?: Dim | OverOptions, options?: OverOptions): Tensor {
  atMost('all', 3, arguments.length)
  return over('all', x, dim, options)
}

/**
 * Whether any element is not 0, over the given dimensions or over all; bool, or uint8 of uint8. PyTorch: torch.any.
 * @throws IndexError when there is no such dimension
 */
export function any(x: Tensor, dim?: Dim | OverOptions, options?: OverOptions): Tensor {
  atMost('any', 3, arguments.length)
  return over('any', x, dim, options)
}

function spread(name: 'var' | 'std', x: Tensor, dim?: Dim | SpreadOptions, options?: SpreadOptions): Tensor {
  const given = spreadOf(name, dim, options)
  return wrap(native[name](handleOf(name, x), dimsOf(given.dim), given.correction, given.keepdim))
}

/**
 * Variance over the given dimensions, or over all. PyTorch: torch.var. Import it by another name, since JavaScript
 * keeps this one for itself: `import { var as variance } from 'dtrain'`.
 * @throws IndexError when there is no such dimension, DTypeError for integers
 * @example x.var({ dim: 1, correction: 0 })
 */
function variance(x: Tensor, dim?: Dim | SpreadOptions, options?: SpreadOptions): Tensor {
  atMost('var', 3, arguments.length)
  return spread('var', x, dim, options)
}

export { variance as var }

/**
 * Standard deviation over the given dimensions, or over all. PyTorch: torch.std.
 * @throws IndexError when there is no such dimension, DTypeError for integers
 * @example x.sub(x.mean(0)).div(x.std(0))
 */
export function std(x: Tensor, dim?: Dim | SpreadOptions, options?: SpreadOptions): Tensor {
  atMost('std', 3, arguments.length)
  return spread('std', x, dim, options)
}

/**
 * The p-norm `(sum |x|^p)^(1/p)` of all elements, or over dimensions. PyTorch: torch.norm.
 * @throws IndexError when there is no such dimension, DTypeError for integers, ShapeError for `'nuc'` of no matrix
 * @example x.norm() // length of a vector
 * @example x.norm(1, { dim: 0, keepdim: true })
 */
export function norm(x: Tensor, p?: number | 'fro' | 'nuc' | NormOptions, options?: NormOptions): Tensor {
  atMost('norm', 3, arguments.length)
  const given = normOptions.readFirst('norm', p, options)
  const { p: power = 'fro', keepdim = false } = given
  if (power === 'nuc') return nuclearNorm(x, given)
  if (power !== 'fro' && typeof power !== 'number') {
    throw new ArgumentError(`norm: p must be a number, 'fro' or 'nuc', got '${shown(power)}'`)
  }
  const number = power === 'fro' ? 2 : power
  return wrap(native.norm(handleOf('norm', x), number, dimsOf(given.dim), keepdim, codeOf('norm', given.dtype)))
}

function nuclearNorm(x: Tensor, { dim, keepdim, dtype }: NormOptions): Tensor {
  const all = checked('norm', x).shape.keys()
  const dims = typeof dim === 'number' ? [dim] : (dim ?? [...all])
  if (!Array.isArray(dims)) return refuse('norm', 'dim as a number or an array', dim)
  if (dims.length !== 2) {
    throw new ShapeError(`norm: 'nuc' is of two dimensions, got shape [${x.shape.join(', ')}] and dim ${shown(dims)}`)
  }
  const [rows, columns] = dims.map(one => dimOf('norm', one, x.ndim)) as [number, number]
  const y = singularValues('norm', dtype === undefined ? x : x.to(dtype), [rows, columns]).sum(-1)
  return keepdim ? y.unsqueeze(Math.min(rows, columns)).unsqueeze(Math.max(rows, columns)) : y
}

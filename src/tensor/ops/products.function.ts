// Products and arrangements of several tensors, functions only.

import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, flag, handleOf } from '../args.ts'
import { fromTypedArray, tensor } from '../create.ts'
import { contract } from '../einsum.ts'
import { multiply } from '../multi-dot.ts'
import { Options } from '../options.ts'
import { atMost, refuse } from '../refuse.ts'
import { shown } from '../repr.ts'
import { type Tensor, wrap } from '../tensor.ts'
import { cat, stack } from './join.function.ts'

/**
 * Sums of products by Einstein's notation: a letter for each dimension, one that is not in the result is summed over.
 * Operands are contracted from the left to the right. PyTorch: torch.einsum.
 * @throws ArgumentError for an equation that cannot be read, ShapeError when sizes do not fit
 * @example einsum('bij,bjk->bik', randn(5, 2, 3), randn(5, 3, 4)).shape // [5, 2, 4]
 * @example einsum('ii', eye(3)) // the trace
 */
export function einsum(equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor {
  if (typeof equation !== 'string') refuse('einsum', 'an equation as text', equation)
  const list = Array.isArray(operands[0]) ? operands[0] : (operands as Tensor[])
  for (const x of list) checked('einsum', x)
  return contract(equation, list)
}

/** Options of `tensordot`. */
export interface TensordotOptions {
  /** How many last dimensions of x are summed with as many first ones of y, or which of each; default 2. */
  dims?: number | readonly [readonly number[], readonly number[]]
}

const tensordotOptions = new Options<TensordotOptions>({ dims: true })

/**
 * Sums over pairs of dimensions. PyTorch: torch.tensordot.
 * @throws ShapeError when the sizes of a pair differ, ArgumentError
 * @example tensordot(randn(3, 4, 5), randn(4, 3, 2), [[1, 0], [0, 1]]).shape // [5, 2]
 */
export function tensordot(
  x: Tensor,
  y: Tensor,
  dims?: number | readonly [readonly number[], readonly number[]] | TensordotOptions,
): Tensor {
  atMost('tensordot', 3, arguments.length)
  const given = tensordotOptions.readFirst('tensordot', dims).dims ?? 2
  if (typeof given !== 'number' && !Array.isArray(given)) refuse('tensordot: dims', 'a number or two arrays', given)
  const [left, right] = pairs(checked('tensordot', x), checked('tensordot', y), given)
  const at = (one: Tensor, list: readonly number[]) => list.map(dim => (dim < 0 ? dim + one.ndim : dim))
  const [a, b] = [at(x, left), at(y, right)]
  for (const [i, dim] of a.entries()) {
    if (x.size(dim) !== y.size(b[i]!) && x.size(dim) !== 1 && y.size(b[i]!) !== 1)
      throw new ShapeError(
        `tensordot: dim ${left[i]} of x has size ${x.size(dim)}, dim ${right[i]} of y ${y.size(b[i]!)}`,
      )
  }
  // A pair with one size 1: that one is as good as repeated, so the other is summed.
  const summed = (one: Tensor, mine: number[], other: Tensor, its: number[]) => {
    const wide = mine.filter((dim, i) => one.size(dim) !== 1 && other.size(its[i]!) === 1)
    return wide.length === 0 ? one : one.sum(wide, { keepdim: true })
  }
  const [xs, ys] = [summed(x, a, y, b), summed(y, b, x, a)]
  const rest = (one: Tensor, list: number[]) => [...Array(one.ndim).keys()].filter(dim => !list.includes(dim))
  const [rows, columns] = [rest(x, a), rest(y, b)]
  const size = (one: Tensor, list: number[]) => list.reduce((all, dim) => all * one.size(dim), 1)
  const flat = xs.permute(...rows, ...a).reshape(size(xs, rows), size(xs, a))
  const other = ys.permute(...b, ...columns).reshape(size(ys, b), size(ys, columns))
  return flat.matmul(other).reshape(...rows.map(dim => x.size(dim)), ...columns.map(dim => y.size(dim)))
}

function pairs(x: Tensor, y: Tensor, dims: number | readonly [readonly number[], readonly number[]]) {
  if (typeof dims !== 'number') {
    const [a, b] = dims
    if (!Array.isArray(a) || !Array.isArray(b)) throw new ArgumentError('tensordot: expected dims as two arrays')
    if (a?.length !== b?.length) throw new ArgumentError('tensordot: expected as many dims of x as of y')
    return [a, b] as const
  }
  if (!Number.isInteger(dims) || dims < 0 || dims > Math.min(x.ndim, y.ndim))
    throw new ArgumentError(`tensordot: expected dims from 0 to ${Math.min(x.ndim, y.ndim)}, got ${dims}`)
  const count = [...Array(dims).keys()]
  return [count.map(i => x.ndim - dims + i), count] as const
}

/**
 * Matrices along the diagonal of one, zeros elsewhere; vectors are rows. PyTorch: torch.block_diag.
 * @throws ShapeError for more than 2 dimensions
 */
export function blockDiag(...tensors: Tensor[]): Tensor {
  const matrices = tensors.map(x => {
    if (checked('blockDiag', x).ndim > 2)
      throw new ShapeError(`blockDiag: expected at most 2 dimensions, got [${x.shape.join(', ')}]`)
    return x.reshape(x.ndim === 2 ? x.shape : [1, x.numel()])
  })
  const columns = matrices.reduce((sum, x) => sum + x.size(1), 0)
  if (matrices.length === 0) return tensor([[]])
  let before = 0
  const rows = matrices.map(x => {
    const after = columns - before - x.size(1)
    const row = [x.newZeros(x.size(0), before), x, x.newZeros(x.size(0), after)]
    before += x.size(1)
    return cat(row, 1)
  })
  return cat(rows, 0)
}

/**
 * All combinations of one element of each vector: (n, number of vectors), or the vector itself. PyTorch:
 * torch.cartesian_prod.
 * @throws ShapeError unless all are vectors
 */
export function cartesianProd(...tensors: Tensor[]): Tensor {
  for (const x of tensors) {
    if (checked('cartesianProd', x).ndim !== 1)
      throw new ShapeError(`cartesianProd: expected vectors, got [${x.shape.join(', ')}]`)
  }
  if (tensors.length === 1) return tensors[0]!
  const grids = tensors.map((x, i) => {
    const sizes = tensors.map((_, j) => (i === j ? x.size(0) : 1))
    return x.reshape(sizes).expand(...tensors.map(other => other.size(0)))
  })
  return stack(
    grids.map(x => x.reshape(-1)),
    1,
  )
}

/** Options of `combinations`. */
export interface CombinationsOptions {
  /** How many elements each has, default 2. */
  r?: number
  /** Whether an element may be taken more than once. */
  withReplacement?: boolean
}

const combinationsOptions = new Options<CombinationsOptions>({ r: true, withReplacement: true })

/**
 * All combinations of `r` elements of a vector, in order: (n, r). PyTorch: torch.combinations.
 * @throws ShapeError unless it is a vector, ArgumentError for a negative r
 */
export function combinations(x: Tensor, r?: number | CombinationsOptions, options?: CombinationsOptions): Tensor {
  atMost('combinations', 3, arguments.length)
  const given = combinationsOptions.readFirst('combinations', r, options)
  const { r: length = 2 } = given
  const again = flag('combinations', given.withReplacement ?? false)
  if (checked('combinations', x).ndim !== 1)
    throw new ShapeError(`combinations: expected a vector, got [${x.shape.join(', ')}]`)
  if (!Number.isInteger(length) || length < 0)
    throw new ArgumentError(`combinations: r must be an integer that is not negative, got ${shown(length)}`)
  if (length === 0) return x.newEmpty(0)
  const size = x.size(0)
  const count = chosen(again ? size + length - 1 : size, length)
  if (count * length > 2 ** 31)
    throw new ArgumentError(`combinations: ${count} rows of ${length} elements are too many`)
  const at = new Int32Array(count * length)
  for (let i = 1; i < length && count > 0; i++) at[i] = again ? 0 : i
  for (let row = 1; row < count; row++) {
    // The last place that can go up does, and those behind it start after it.
    const [before, here] = [(row - 1) * length, row * length]
    at.copyWithin(here, before, here)
    let place = length - 1
    while (at[here + place] === size - (again ? 1 : length - place)) place--
    at[here + place]!++
    for (let i = place + 1; i < length; i++) at[here + i] = at[here + i - 1]! + (again ? 0 : 1)
  }
  return x.indexSelect(0, fromTypedArray(at).to(x.device).to('int64')).reshape(count, length)
}

/** In how many ways r of n can be chosen. */
function chosen(n: number, r: number): number {
  if (r > n) return 0
  const fewer = Math.min(r, n - r)
  let ways = 1
  for (let i = 1; i <= fewer; i++) ways = (ways * (n - fewer + i)) / i
  return Math.round(ways)
}

/** The product of matrices, in the order that needs the fewest operations. PyTorch: torch.chain_matmul. */
export function chainMatmul(...matrices: Tensor[]): Tensor {
  for (const x of matrices) {
    if (checked('chainMatmul', x).ndim !== 2)
      throw new ShapeError(`chainMatmul: expected matrices, got [${x.shape.join(', ')}]`)
  }
  return multiply('chainMatmul', matrices)
}

/** Options of `cdist`. */
export interface CdistOptions {
  /** Of the norm, default 2. */
  p?: number
  /** Whether p = 2 is computed by a matrix product: by default for more than 25 rows. Faster, and less exact. */
  computeMode?: 'use_mm_for_euclid_dist_if_necessary' | 'use_mm_for_euclid_dist' | 'donot_use_mm_for_euclid_dist' | null
}

const cdistOptions = new Options<CdistOptions>({ p: true, computeMode: true })

/** Whether p = 2 is computed by a matrix product, for so many rows on both sides. */
const modes: Record<NonNullable<CdistOptions['computeMode']>, (n: number, m: number) => boolean> = {
  use_mm_for_euclid_dist_if_necessary: (n, m) => n > 25 || m > 25,
  use_mm_for_euclid_dist: () => true,
  donot_use_mm_for_euclid_dist: () => false,
}

/**
 * Distances of each row of x1 (…, n, d) from each of x2 (…, m, d): (…, n, m). PyTorch: torch.cdist.
 * @throws ShapeError when the rows have different lengths, DTypeError for integers, ArgumentError for a negative p
 */
export function cdist(x1: Tensor, x2: Tensor, p?: number | CdistOptions, options?: CdistOptions): Tensor {
  atMost('cdist', 4, arguments.length)
  const given = cdistOptions.readFirst('cdist', p, options)
  const mode = given.computeMode ?? 'use_mm_for_euclid_dist_if_necessary'
  if (typeof mode !== 'string' || !Object.hasOwn(modes, mode)) {
    throw new ArgumentError(`cdist: computeMode must be one of ${Object.keys(modes).join(', ')}, got ${shown(mode)}`)
  }
  const handles = [handleOf('cdist', x1), handleOf('cdist', x2)] as const
  const byProduct = modes[mode](x1.shape.at(-2) ?? 0, x2.shape.at(-2) ?? 0)
  return wrap(native.cdist(...handles, given.p ?? 2, byProduct))
}

/** Options of `pdist`. */
export interface PdistOptions {
  /** Of the norm, default 2. */
  p?: number
}

const pdistOptions = new Options<PdistOptions>({ p: true })

/**
 * Distances of all pairs of rows of (n, d): (n (n - 1) / 2), those of the first row first. PyTorch: torch.pdist.
 * @throws ShapeError unless it is a matrix, DTypeError for integers, ArgumentError for a negative p
 */
export function pdist(x: Tensor, p?: number | PdistOptions): Tensor {
  atMost('pdist', 2, arguments.length)
  const { p: power = 2 } = pdistOptions.readFirst('pdist', p)
  return wrap(native.pdist(handleOf('pdist', x), power))
}

// Norms of vectors and matrices, and the condition number, which is a product of two.
import { ArgumentError, ShapeError } from '../errors.ts'
import {
  atMost,
  checked,
  type DType,
  named,
  norm as normOf,
  Options,
  refuse,
  shown,
  singularValues,
  type Tensor,
} from '../tensor/index.ts'
import { invEx } from './solve.ts'
import { svdvals } from './spectrum.ts'

/** What a matrix norm may be of: 1 and Infinity take sums of columns and rows, 2 and 'nuc' singular values. */
export type MatrixOrd = number | 'fro' | 'nuc'

/** Options that norms share. */
interface OverOptions {
  keepdim?: boolean
  /** Cast to this dtype first. */
  dtype?: DType
}

/** Options of `vectorNorm`. */
export interface VectorNormOptions extends OverOptions {
  /** Power, default 2; 0 counts, Infinity and -Infinity take the largest and smallest magnitude. */
  ord?: number
  /** Dimensions to reduce; all when left out. */
  dim?: number | readonly number[] | null
}

const vectorNormOptions = new Options<VectorNormOptions>({ ord: true, dim: true, keepdim: true, dtype: true })

/**
 * The norm of x as a vector, `(sum |x|^ord)^(1/ord)`, or over dimensions. PyTorch: torch.linalg.vector_norm.
 * @throws ShapeError for a norm that nothing has of nothing, IndexError, DTypeError for integers
 * @example linalg.vectorNorm(tensor([3, 4])) // tensor(5.)
 */
export function vectorNorm(x: Tensor, ord?: number | VectorNormOptions, options?: VectorNormOptions): Tensor {
  atMost('vectorNorm', 3, arguments.length)
  const { ord: power = 2, dim, keepdim, dtype } = vectorNormOptions.readFirst('vectorNorm', ord, options)
  if (typeof power !== 'number') throw new ArgumentError(`vectorNorm: ord must be a number, got '${shown(power)}'`)
  checked('vectorNorm', x)
  return normOf(x, power, { dim, keepdim, dtype })
}

/** @throws ArgumentError unless it is an array */
function listed(op: string, dim: readonly number[]): readonly number[] {
  return Array.isArray(dim) ? dim : refuse(op, 'dim as an array', dim)
}

/** Options of `matrixNorm`. */
export interface MatrixNormOptions extends OverOptions {
  /** Default `'fro'`, the root of the sum of squares. */
  ord?: MatrixOrd
  /** The two dimensions of the matrices, default the last ones. */
  dim?: readonly number[]
}

const matrixNormOptions = new Options<MatrixNormOptions>({ ord: true, dim: true, keepdim: true, dtype: true })

/**
 * The norm of matrices: `'fro'`, `'nuc'`, or 1, -1, 2, -2, Infinity, -Infinity. PyTorch: torch.linalg.matrix_norm.
 * @throws ArgumentError for another one, ShapeError, IndexError, DTypeError for integers
 * @example linalg.matrixNorm(tensor([[1, 2], [3, 4]]), 1) // tensor(6.)
 */
export function matrixNorm(a: Tensor, ord?: MatrixOrd | MatrixNormOptions, options?: MatrixNormOptions): Tensor {
  const op = 'matrixNorm'
  atMost('matrixNorm', 3, arguments.length)
  const given = matrixNormOptions.readFirst(op, ord, options)
  const { ord: kind = 'fro', keepdim = false, dtype } = given
  const dim = listed(op, given.dim ?? [-2, -1])
  checked(op, a)
  if (dim.length !== 2) throw new ArgumentError(`${op}: dim must be two dimensions, got ${shown(dim)}`)
  if (a.ndim < 2) throw new ShapeError(`${op}: expected at least 2 dimensions, got shape [${a.shape.join(', ')}]`)
  const [rows, columns] = dim.map(one => (one < 0 ? one + a.ndim : one)) as [number, number]
  if (rows === columns) throw new ArgumentError(`${op}: dimensions must be different, got ${shown(dim)}`)
  if (kind === 'fro' || kind === 'nuc') return normOf(a, kind, { dim: [rows, columns], keepdim, dtype })
  if (typeof kind !== 'number') throw new ArgumentError(`${op}: ord ${shown(kind)} is not supported`)
  const x = dtype === undefined ? a : a.to(dtype)
  const size = Math.abs(kind)
  // 0 is the largest of nothing; there is no smallest
  const most = (y: Tensor, at: number, kept: boolean) => {
    if (kind < 0) return y.amin(at, { keepdim: kept })
    return y.shape.at(at) === 0 ? y.sum(at, { keepdim: kept }) : y.amax(at, { keepdim: kept })
  }
  if (size === 2) {
    const y = most(singularValues(op, x, [rows, columns]), -1, false)
    return keepdim ? y.unsqueeze(Math.min(rows, columns)).unsqueeze(Math.max(rows, columns)) : y
  }
  if (size !== 1 && size !== Infinity) throw new ArgumentError(`${op}: ord ${kind} is not supported`)
  const [summed, left] = size === 1 ? [rows, columns] : [columns, rows]
  return most(normOf(x, 1, { dim: summed, keepdim }), keepdim || left < summed ? left : left - 1, keepdim)
}

/** Options of `norm`. */
export interface LinalgNormOptions extends OverOptions {
  /** That of a matrix or of a vector; left out, 2 of all elements. */
  ord?: MatrixOrd | null
  /** One dimension for vectors, two for matrices; left out, all of them. */
  dim?: number | readonly number[] | null
}

const normOptions = new Options<LinalgNormOptions>({ ord: true, dim: true, keepdim: true, dtype: true })

/**
 * `matrixNorm` where there are two dimensions, `vectorNorm` where there is one or no `ord`. PyTorch: torch.linalg.norm.
 * @throws ShapeError for an `ord` without `dim` of more than two dimensions, ArgumentError, IndexError, DTypeError
 */
export function norm(a: Tensor, ord?: MatrixOrd | null | LinalgNormOptions, options?: LinalgNormOptions): Tensor {
  atMost('norm', 3, arguments.length)
  const { ord: kind, dim, keepdim, dtype } = normOptions.readFirst('norm', ord, options)
  checked('norm', a)
  const over = typeof dim === 'number' ? [dim] : dim == null ? dim : listed('norm', dim)
  if (over != null && over.length !== 1 && over.length !== 2) {
    throw new ArgumentError(`norm: dim must be one or two dimensions, got ${shown(over)}`)
  }
  if (kind == null) return normOf(a, 2, { dim: over, keepdim, dtype })
  if (over == null && a.ndim !== 1 && a.ndim !== 2) {
    throw new ShapeError(`norm: ord without dim needs 1 or 2 dimensions, got shape [${a.shape.join(', ')}]`)
  }
  if ((over?.length ?? a.ndim) === 2)
    return named('norm', () => matrixNorm(a, kind, { dim: over ?? [0, 1], keepdim, dtype }))
  if (typeof kind !== 'number') throw new ArgumentError(`norm: ord '${shown(kind)}' is for matrices, got one dimension`)
  return normOf(a, kind, { dim: over, keepdim, dtype })
}

/** Options of `cond`. */
export interface CondOptions {
  /** The norm, default 2: any that a matrix has. */
  p?: MatrixOrd | null
}

const condOptions = new Options<CondOptions>({ p: true })

/**
 * The condition number, `norm(a) * norm(inv(a))`; Infinity of singular matrices. PyTorch: torch.linalg.cond.
 * @throws ArgumentError for a norm that there is not, ShapeError unless p is 2 or -2 or the matrices square, DTypeError
 */
export function cond(a: Tensor, p?: MatrixOrd | null | CondOptions): Tensor {
  atMost('cond', 2, arguments.length)
  const kind = condOptions.readFirst('cond', p).p ?? 2
  return named('cond', () => conditionOf(a, kind))
}

function conditionOf(a: Tensor, kind: MatrixOrd): Tensor {
  if (kind === 2 || kind === -2) {
    const values = svdvals(a)
    if (values.numel() === 0) return values.sum(-1)
    const [most, least] = [values.select(-1, 0), values.select(-1, -1)]
    return kind === 2 ? most.div(least) : least.div(most)
  }
  if (kind === 'nuc') {
    const values = svdvals(a)
    return values.sum(-1).mul(values.reciprocal().sum(-1))
  }
  const [inverse, info] = invEx(a)
  if (a.numel() === 0) return a.sum([-2, -1])
  const singular = info.gt(0).unsqueeze(-1).unsqueeze(-1)
  return matrixNorm(a, kind).mul(matrixNorm(inverse.maskedFill(singular, Infinity), kind))
}

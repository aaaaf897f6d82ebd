// Least squares, pseudo-inverses and ranks; and inverses and solutions of tensors that are matrices once some of their
// dimensions are joined.
import { ArgumentError, ShapeError } from '../errors.ts'
import { native } from '../native/load.ts'
import {
  atMost,
  checked,
  flag,
  handleOf,
  named,
  Options,
  operand,
  refuse,
  shown,
  type Tensor,
  wrap,
} from '../tensor/index.ts'
import { inv, solve, wrapped } from './solve.ts'

/** Options of `pinv` and `matrixRank`. */
export interface RankOptions {
  /** Singular values of at most so much count as 0, default 0; a tensor has one for each matrix. */
  atol?: number | Tensor | null
  /** Or of so much times the largest; default the larger size times eps, or 0 if atol is more than 0. */
  rtol?: number | Tensor | null
  /** Take eigenvalues of the lower triangle in their place: the matrices are symmetric. Default false. */
  hermitian?: boolean
}

const rankOptions = new Options<RankOptions>({ atol: true, rtol: true, hermitian: true })

function ranked(op: 'pinv' | 'matrixRank', a: Tensor, options: RankOptions | undefined): Tensor {
  const { atol, rtol, hermitian = false } = rankOptions.read(op, options)
  const limit = (x: number | Tensor | null | undefined) => (x == null ? null : operand(op, x))
  return wrap(native[op](handleOf(op, a), limit(atol), limit(rtol), flag(`${op}: hermitian`, hermitian)))
}

/**
 * The pseudo-inverse: (…, m, n) to (…, n, m). PyTorch: torch.linalg.pinv.
 * @throws LinAlgError when the singular values do not converge, ShapeError, DTypeError
 */
export function pinv(a: Tensor, options?: RankOptions): Tensor {
  atMost('pinv', 2, arguments.length)
  return ranked('pinv', a, options)
}

/** How many singular values are not 0, as int64. PyTorch: torch.linalg.matrix_rank. @throws as `pinv` */
export function matrixRank(a: Tensor, options?: RankOptions): Tensor {
  atMost('matrixRank', 2, arguments.length)
  return ranked('matrixRank', a, options)
}

/** Options of `lstsq`. */
export interface LstsqOptions {
  /** Singular values of at most so much times the largest count as 0; default the larger size times eps. */
  rcond?: number | null
  /**
   * `'gels'` takes QR and matrices of full rank; the others take singular values and all matrices. The default is
   * `'gelsy'` on the CPU, and `'gels'`, the only one, on GPUs.
   */
  driver?: 'gels' | 'gelsy' | 'gelsd' | 'gelss' | null
}

const lstsqOptions = new Options<LstsqOptions>({ rcond: true, driver: true })

/**
 * The x that makes `a @ x - b` smallest, and of all such x the smallest: (…, m, n), (…, m, k) to (…, n, k), or vectors
 * (…, m). Then the sums of the squares of what is left, the ranks, and the singular values, empty where the driver
 * does not give them. PyTorch: torch.linalg.lstsq.
 * @throws LinAlgError where `'gels'` meets a matrix that has not full rank, ShapeError, DTypeError, ArgumentError
 * @example const [x] = linalg.lstsq(a, b)
 */
export function lstsq(
  a: Tensor,
  b: Tensor,
  rcond?: number | null | LstsqOptions,
  options?: LstsqOptions,
): [solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor] {
  atMost('lstsq', 4, arguments.length)
  const given = lstsqOptions.readFirst('lstsq', rcond, options)
  const [left, right] = [handleOf('lstsq', a), handleOf('lstsq', b)]
  const driver = given.driver ?? (a.isCuda ? 'gels' : 'gelsy')
  if (a.isCuda && driver !== 'gels')
    throw new ArgumentError(`lstsq: on CUDA driver must be 'gels', got '${shown(driver)}'`)
  return wrapped(native.lstsq(left, right, given.rcond ?? null, driver))
}

const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1)

/** Options of `tensorinv`. */
export interface TensorinvOptions {
  /** How many dimensions become rows, default 2. */
  ind?: number
}

const tensorinvOptions = new Options<TensorinvOptions>({ ind: true })

/**
 * The inverse of a tensor whose first `ind` dimensions are the rows of a matrix and whose others are its columns; these
 * come first in the result. PyTorch: torch.linalg.tensorinv.
 * @throws ArgumentError for no positive `ind`, ShapeError when the matrix is not square, LinAlgError, DTypeError
 */
export function tensorinv(a: Tensor, ind?: number | TensorinvOptions): Tensor {
  atMost('tensorinv', 2, arguments.length)
  const { ind: at = 2 } = tensorinvOptions.readFirst('tensorinv', ind)
  if (typeof at !== 'number' || !(at > 0)) throw new ArgumentError(`tensorinv: ind must be positive, got ${shown(at)}`)
  checked('tensorinv', a)
  const [rows, columns] = [a.shape.slice(0, at), a.shape.slice(at)]
  if (product(rows) !== product(columns)) {
    throw new ShapeError(
      `tensorinv: expected as many elements in the first ${at} dimensions as in the others, ` +
        `got shape [${a.shape.join(', ')}]`,
    )
  }
  return named('tensorinv', () => inv(a.reshape(product(rows), product(columns))).reshape(...columns, ...rows))
}

/** Options of `tensorsolve`. */
export interface TensorsolveOptions {
  /** Dimensions of a to move to its end first. */
  dims?: readonly number[] | null
}

const tensorsolveOptions = new Options<TensorsolveOptions>({ dims: true })

/**
 * The x with `tensordot(a, x, x.ndim) = b`. PyTorch: torch.linalg.tensorsolve.
 * @throws ShapeError when a is no square matrix that fits, LinAlgError when it is singular, DTypeError
 */
export function tensorsolve(a: Tensor, b: Tensor, dims?: readonly number[] | null | TensorsolveOptions): Tensor {
  atMost('tensorsolve', 3, arguments.length)
  const { dims: moved } = tensorsolveOptions.readFirst('tensorsolve', dims)
  checked('tensorsolve', a)
  checked('tensorsolve', b)
  if (moved != null && !(Array.isArray(moved) && moved.every(dim => typeof dim === 'number')))
    refuse('tensorsolve: dims', 'an array of dimensions', moved)
  const at = (moved ?? []).map(dim => (dim < 0 ? dim + a.ndim : dim))
  const order = [...a.shape.keys()].filter(dim => !at.includes(dim))
  const all = at.length > 0 ? a.permute(...order, ...at) : a
  const rows = product(all.shape.slice(0, b.ndim))
  const rest = all.shape.slice(b.ndim)
  if (rows !== product(rest)) {
    throw new ShapeError(
      `tensorsolve: expected as many elements in the first ${b.ndim} dimensions of a as in the others, ` +
        `got shape [${all.shape.join(', ')}]`,
    )
  }
  return named('tensorsolve', () => solve(all.reshape(rows, rows), b.flatten()).reshape(...rest))
}

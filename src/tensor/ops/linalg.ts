// Linear algebra that PyTorch has in torch itself; the namespace `linalg` has the rest. What is in both is the same.
import type { Handle } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { flag, handleOf, named } from '../args.ts'
import { type CholeskyOptions, isUpper } from '../linalg-options.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

const wrapped = <T extends Tensor[]>(handles: readonly Handle[]) => handles.map(wrap) as T

/**
 * As `linalg.cholesky`. PyTorch: torch.cholesky.
 * @throws LinAlgError when a matrix is not positive-definite, ShapeError when it is not square, DTypeError
 */
export function cholesky(a: Tensor, upper?: boolean | CholeskyOptions): Tensor {
  atMost('cholesky', 2, arguments.length)
  return wrap(native.cholesky(handleOf('cholesky', a), isUpper('cholesky', upper)))
}

/**
 * The X with `A @ X = b`, for a Cholesky factor `l` of A: (…, n, k), (…, n, n) to (…, n, k). Batch dimensions
 * broadcast. PyTorch: torch.cholesky_solve.
 * @throws ShapeError when the sizes do not fit, DTypeError unless both are float32 or float64
 * @example choleskySolve(b, linalg.cholesky(a))
 */
export function choleskySolve(b: Tensor, l: Tensor, upper?: boolean | CholeskyOptions): Tensor {
  atMost('choleskySolve', 3, arguments.length)
  return wrap(
    native.choleskySolve(handleOf('choleskySolve', b), handleOf('choleskySolve', l), isUpper('choleskySolve', upper)),
  )
}

/**
 * The inverse of A, for a Cholesky factor `l` of it. PyTorch: torch.cholesky_inverse.
 * @throws LinAlgError when a factor is singular, ShapeError when it is not square, DTypeError
 */
export function choleskyInverse(l: Tensor, upper?: boolean | CholeskyOptions): Tensor {
  atMost('choleskyInverse', 2, arguments.length)
  return wrap(native.choleskyInverse(handleOf('choleskyInverse', l), isUpper('choleskyInverse', upper)))
}

/** As `linalg.inv`. PyTorch: torch.inverse. @throws LinAlgError when a matrix is singular, ShapeError, DTypeError */
export function inverse(a: Tensor): Tensor {
  atMost('inverse', 1, arguments.length)
  return named('inverse', () => wrap(native.inv(handleOf('inverse', a))))
}

/** As `linalg.det`. PyTorch: torch.det. @throws ShapeError when a matrix is not square, DTypeError */
export function det(a: Tensor): Tensor {
  atMost('det', 1, arguments.length)
  return wrap(native.det(handleOf('det', a)))
}

/** The logarithm of the determinant, NaN where that is negative. PyTorch: torch.logdet. @throws as `det` */
export function logdet(a: Tensor): Tensor {
  atMost('logdet', 1, arguments.length)
  return wrap(native.logdet(handleOf('logdet', a)))
}

/** As `linalg.slogdet`. PyTorch: torch.slogdet. @throws as `det` */
export function slogdet(a: Tensor): [sign: Tensor, logabsdet: Tensor] {
  atMost('slogdet', 1, arguments.length)
  return wrapped(native.slogdet(handleOf('slogdet', a)))
}

/** Options of `lu`. */
export interface LuOptions {
  /** Swap rows; true, the default, is all that it may be. */
  pivot?: boolean
  /** Give info too, instead of throwing; default false. */
  getInfos?: boolean
}

const luOptions = new Options<LuOptions>({ pivot: true, getInfos: true })

/**
 * As `linalg.luFactor`, or with infos `linalg.luFactorEx`. PyTorch: torch.lu.
 * @throws LinAlgError when U has a 0 on its diagonal, ShapeError, DTypeError
 */
export function lu(
  a: Tensor,
  pivot?: boolean | LuOptions,
  options?: LuOptions,
): [lu: Tensor, pivots: Tensor, info?: Tensor] {
  atMost('lu', 3, arguments.length)
  const { pivot: swaps = true, getInfos = false } = luOptions.readFirst('lu', pivot, options)
  const handle = handleOf('lu', a)
  flag('lu: pivot', swaps)
  const infos = flag('lu: getInfos', getInfos)
  return named('lu', () =>
    wrapped<[Tensor, Tensor]>(infos ? native.luFactorEx(handle, swaps, false) : native.luFactor(handle, swaps)),
  )
}

/** As `linalg.luSolve`, the right side first. PyTorch: torch.lu_solve. @throws ShapeError, DTypeError */
export function luSolve(b: Tensor, lu: Tensor, pivots: Tensor): Tensor {
  const op = 'luSolve'
  atMost('luSolve', 3, arguments.length)
  return wrap(native.luSolve(handleOf(op, lu), handleOf(op, pivots), handleOf(op, b), true, false))
}

/** Options of `qr`. */
export interface QrOptions {
  /** Only the first columns of Q, and rows of R; default true. */
  some?: boolean
}

const qrOptions = new Options<QrOptions>({ some: true })

/** As `linalg.qr`. PyTorch: torch.qr. @throws ShapeError, DTypeError */
export function qr(a: Tensor, some?: boolean | QrOptions): [q: Tensor, r: Tensor] {
  atMost('qr', 2, arguments.length)
  const reduced = flag('qr: some', qrOptions.readFirst('qr', some).some ?? true)
  return wrapped(native.qr(handleOf('qr', a), reduced ? 'reduced' : 'complete'))
}

/**
 * R, with the vectors of the reflections whose product is Q below its diagonal, and the factors of these. There is no
 * gradient. PyTorch: torch.geqrf.
 * @throws ShapeError, DTypeError
 */
export function geqrf(a: Tensor): [a: Tensor, tau: Tensor] {
  atMost('geqrf', 1, arguments.length)
  return wrapped(native.geqrf(handleOf('geqrf', a)))
}

/** As `linalg.householderProduct`. PyTorch: torch.orgqr. @throws ShapeError when the sizes do not fit, DTypeError */
export function orgqr(a: Tensor, tau: Tensor): Tensor {
  atMost('orgqr', 2, arguments.length)
  const [factors, scales] = [handleOf('orgqr', a), handleOf('orgqr', tau)]
  return named('orgqr', () => wrap(native.householderProduct(factors, scales)))
}

/** Options of `ormqr`. */
export interface OrmqrOptions {
  /** `Q @ other`; otherwise `other @ Q`. Default true. */
  left?: boolean
  /** The transpose of Q; default false. */
  transpose?: boolean
}

const ormqrOptions = new Options<OrmqrOptions>({ left: true, transpose: true })

/**
 * The product of `other` and the square Q of which `geqrf` gives the reflections. PyTorch: torch.ormqr.
 * @throws ShapeError when the sizes do not fit, DTypeError
 */
export function ormqr(
  a: Tensor,
  tau: Tensor,
  other: Tensor,
  left?: boolean | OrmqrOptions,
  options?: OrmqrOptions,
): Tensor {
  const op = 'ormqr'
  atMost('ormqr', 5, arguments.length)
  const given = ormqrOptions.readFirst(op, left, options)
  const [onLeft, turned] = [flag(`${op}: left`, given.left ?? true), flag(`${op}: transpose`, given.transpose ?? false)]
  return wrap(native.ormqr(handleOf(op, a), handleOf(op, tau), handleOf(op, other), onLeft, turned))
}

/** Options of `svd`. */
export interface SvdOptions {
  /** Only as many columns of U and V as there are singular values; default true. */
  some?: boolean
  /** Without, U and V are square and zeros; default true. */
  computeUv?: boolean
}

const svdOptions = new Options<SvdOptions>({ some: true, computeUv: true })

/**
 * U, S and V, which `linalg.svd` gives transposed. PyTorch: torch.svd.
 * @throws LinAlgError when it does not converge, ShapeError, DTypeError
 */
export function svd(a: Tensor, some?: boolean | SvdOptions, options?: SvdOptions): [u: Tensor, s: Tensor, v: Tensor] {
  atMost('svd', 3, arguments.length)
  const given = svdOptions.readFirst('svd', some, options)
  const handle = handleOf('svd', a)
  const full = !flag('svd: some', given.some ?? true)
  if (flag('svd: computeUv', given.computeUv ?? true)) {
    const [u, s, v] = wrapped<[Tensor, Tensor, Tensor]>(native.svd(handle, full))
    return [u, s, v.transpose(-2, -1)]
  }
  const s = named('svd', () => wrap(native.svdvals(handle)))
  const zeros = (n: number) => a.detach().newZeros([...a.shape.slice(0, -2), n, n])
  return [zeros(a.shape.at(-2)!), s, zeros(a.shape.at(-1)!)]
}

/** Options of `pinverse`. */
export interface PinverseOptions {
  /** Singular values of at most so much times the largest count as 0; default 1e-15. */
  rcond?: number
}

const pinverseOptions = new Options<PinverseOptions>({ rcond: true })

/** The pseudo-inverse; `linalg.pinv` has a better default. PyTorch: torch.pinverse. @throws as `svd` */
export function pinverse(a: Tensor, rcond?: number | PinverseOptions): Tensor {
  atMost('pinverse', 2, arguments.length)
  const { rcond: limit = 1e-15 } = pinverseOptions.readFirst('pinverse', rcond)
  const handle = handleOf('pinverse', a)
  return named('pinverse', () => wrap(native.pinv(handle, 0, limit, false)))
}

/** Options of `triangularSolve`. */
export interface TriangularSolveOptions {
  /** Whether the upper triangle of `a` is meant, the default, or the lower one. */
  upper?: boolean
  /** Solve with the transpose of `a`; default false. */
  transpose?: boolean
  /** Take the diagonal of `a` for ones; default false. */
  unitriangular?: boolean
}

const triangularSolveOptions = new Options<TriangularSolveOptions>({
  upper: true,
  transpose: true,
  unitriangular: true,
})

/**
 * The x with `a @ x = b` for one triangle of `a`, and a copy of `a`. `linalg.solveTriangular` is newer. PyTorch:
 * torch.triangular_solve.
 * @throws ShapeError when the sizes do not fit, DTypeError
 */
export function triangularSolve(
  b: Tensor,
  a: Tensor,
  upper?: boolean | TriangularSolveOptions,
  options?: TriangularSolveOptions,
): [solution: Tensor, clonedCoefficient: Tensor] {
  const op = 'triangularSolve'
  atMost('triangularSolve', 4, arguments.length)
  const given = triangularSolveOptions.readFirst(op, upper, options)
  const above = flag(`${op}: upper`, given.upper ?? true)
  const turned = flag(`${op}: transpose`, given.transpose ?? false)
  const unit = flag(`${op}: unitriangular`, given.unitriangular ?? false)
  const [right, matrix] = [handleOf(op, b), handleOf(op, a)]
  const left = named(op, () => (turned ? native.transpose(matrix, -2, -1) : matrix))
  return named(op, () =>
    wrapped([native.solveTriangular(left, right, above !== turned, true, unit), native.clone(matrix, true)]),
  )
}

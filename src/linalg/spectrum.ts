// Orthogonal factors, eigenvalues and singular values. Vectors are known but for their sign, and where values are equal
// but for a rotation of their space: a gradient that depends on that means nothing.
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { atMost, flag, handleOf, Options, shown, type Tensor, wrap } from '../tensor/index.ts'
import { wrapped } from './solve.ts'

/** Options of `qr`. */
export interface LinalgQrOptions {
  /** `'reduced'`, the default; `'complete'`, with a square Q; `'r'`, without Q, which is empty. */
  mode?: 'reduced' | 'complete' | 'r'
}

const qrOptions = new Options<LinalgQrOptions>({ mode: true })

/**
 * Q and R with `Q @ R = a`, where Q has orthonormal columns and R is an upper triangle. PyTorch: torch.linalg.qr. There
 * is no gradient in mode `'r'`, nor in `'complete'` where there are more rows than columns.
 * @throws ArgumentError for another mode, ShapeError, DTypeError
 * @example const [q, r] = linalg.qr(a)
 */
export function qr(a: Tensor, mode?: 'reduced' | 'complete' | 'r' | LinalgQrOptions): [q: Tensor, r: Tensor] {
  atMost('qr', 2, arguments.length)
  return wrapped(native.qr(handleOf('qr', a), qrOptions.readFirst('qr', mode).mode ?? 'reduced'))
}

/**
 * The first columns of a product of reflections, which `geqrf` gives: (…, m, n), (…, k) to (…, m, n). PyTorch:
 * torch.linalg.householder_product.
 * @throws ShapeError when the sizes do not fit, DTypeError
 */
export function householderProduct(a: Tensor, tau: Tensor): Tensor {
  const op = 'householderProduct'
  atMost('householderProduct', 2, arguments.length)
  return wrap(native.householderProduct(handleOf(op, a), handleOf(op, tau)))
}

/** Options of `eigh` and `eigvalsh`. */
export interface EighOptions {
  /** Which triangle is read, default `'L'`, the lower one. */
  UPLO?: 'L' | 'U'
}

const eighOptions = new Options<EighOptions>({ UPLO: true })

function isUpperTriangle(op: string, triangle: 'L' | 'U' | EighOptions | undefined): boolean {
  const { UPLO = 'L' } = eighOptions.readFirst(op, triangle)
  if (UPLO !== 'L' && UPLO !== 'U') throw new ArgumentError(`${op}: UPLO must be 'L' or 'U', got '${shown(UPLO)}'`)
  return UPLO === 'U'
}

/**
 * Eigenvalues of symmetric matrices, going up, and eigenvectors as columns. PyTorch: torch.linalg.eigh.
 * @throws LinAlgError when it does not converge, ShapeError when a matrix is not square, DTypeError
 */
export function eigh(a: Tensor, UPLO?: 'L' | 'U' | EighOptions): [eigenvalues: Tensor, eigenvectors: Tensor] {
  atMost('eigh', 2, arguments.length)
  return wrapped(native.eigh(handleOf('eigh', a), isUpperTriangle('eigh', UPLO)))
}

/**
 * The eigenvalues of `eigh` alone; they have a gradient even where two are equal. PyTorch: torch.linalg.eigvalsh.
 * @throws as `eigh`
 */
export function eigvalsh(a: Tensor, UPLO?: 'L' | 'U' | EighOptions): Tensor {
  atMost('eigvalsh', 2, arguments.length)
  return wrap(native.eigvalsh(handleOf('eigvalsh', a), isUpperTriangle('eigvalsh', UPLO)))
}

/** Options of `svd`. */
export interface LinalgSvdOptions {
  /** All columns of U and all rows of Vh, the default, rather than as many as there are singular values. */
  fullMatrices?: boolean
}

const svdOptions = new Options<LinalgSvdOptions>({ fullMatrices: true })

/**
 * U, S and Vh with `U @ diag(S) @ Vh = a`: orthonormal columns, singular values going down, orthonormal rows. PyTorch:
 * torch.linalg.svd.
 * @throws LinAlgError when it does not converge, ShapeError, DTypeError
 * @example const [u, s, vh] = linalg.svd(a, false)
 */
export function svd(a: Tensor, fullMatrices?: boolean | LinalgSvdOptions): [u: Tensor, s: Tensor, vh: Tensor] {
  atMost('svd', 2, arguments.length)
  const { fullMatrices: full = true } = svdOptions.readFirst('svd', fullMatrices)
  return wrapped(native.svd(handleOf('svd', a), flag('svd: fullMatrices', full)))
}

/**
 * The singular values alone; they have a gradient even where two are equal. PyTorch: torch.linalg.svdvals.
 * @throws as `svd`
 */
export function svdvals(a: Tensor): Tensor {
  atMost('svdvals', 1, arguments.length)
  return wrap(native.svdvals(handleOf('svdvals', a)))
}

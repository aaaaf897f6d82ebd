// Linear algebra of matrices and batches of them, float32 and float64. PyTorch: torch.linalg. `import { linalg } from
// 'dtrain'`. Of a symmetric or triangular matrix one triangle is read, and the other one need not be right.
import { ShapeError } from '../errors.ts'
import { native } from '../native/load.ts'
import {
  atMost,
  type CholeskyOptions,
  checked,
  flag,
  handleOf,
  isUpper,
  named,
  Options,
  powers,
  refuse,
  shown,
  type Tensor,
  wrap,
} from '../tensor/index.ts'

export { LinAlgError } from '../errors.ts'
export * from './fit.ts'
export * from './norms.ts'
export * from './products.ts'
export {
  type CheckErrorsOptions,
  det,
  inv,
  invEx,
  type LdlFactorExOptions,
  type LdlOptions,
  type LuFactorExOptions,
  type LuPivotOptions,
  type LuSolveOptions,
  ldlFactor,
  ldlFactorEx,
  ldlSolve,
  lu,
  luFactor,
  luFactorEx,
  luSolve,
  type SolveExOptions,
  type SolveOptions,
  slogdet,
  solve,
  solveEx,
} from './solve.ts'
export * from './spectrum.ts'

/**
 * The triangular L with `L @ L.mT = a` for symmetric positive-definite matrices (…, n, n), or its transpose with
 * `{ upper: true }`. PyTorch: torch.linalg.cholesky.
 * @throws LinAlgError when a matrix is not positive-definite, ShapeError when it is not square, DTypeError
 * @example linalg.cholesky(x.matmul(x.t()).add(eye(n)))
 */
export function cholesky(a: Tensor, options?: CholeskyOptions): Tensor {
  atMost('cholesky', 2, arguments.length)
  return wrap(native.cholesky(handleOf('cholesky', a), isUpper('cholesky', options)))
}

/** Options of `choleskyEx`. */
export interface CholeskyExOptions extends CholeskyOptions {
  /** Throw as `cholesky` does; default false. */
  checkErrors?: boolean
}

const choleskyExOptions = new Options<CholeskyExOptions>({ upper: true, checkErrors: true })

/**
 * As `cholesky`, but instead of throwing it says of each matrix, as int32, which leading minor is the first that is not
 * positive; 0 when all are. Where one is not, the factor means nothing. PyTorch: torch.linalg.cholesky_ex.
 * @throws ShapeError when a matrix is not square, DTypeError
 */
export function choleskyEx(a: Tensor, options?: CholeskyExOptions): [l: Tensor, info: Tensor] {
  atMost('choleskyEx', 2, arguments.length)
  const { upper = false, checkErrors = false } = choleskyExOptions.read('choleskyEx', options)
  const [l, info] = native.choleskyEx(
    handleOf('choleskyEx', a),
    flag('choleskyEx: upper', upper),
    flag('choleskyEx: checkErrors', checkErrors),
  )
  return [wrap(l), wrap(info)]
}

/** Options of `solveTriangular`. */
export interface SolveTriangularOptions {
  /** Whether the upper triangle of `a` is meant, or the lower one. */
  upper: boolean
  /** Solve `a @ x = b`; otherwise `x @ a = b`. Default true. */
  left?: boolean
  /** Take the diagonal of `a` for ones; default false. */
  unitriangular?: boolean
}

const solveTriangularOptions = new Options<Partial<SolveTriangularOptions>>({
  upper: true,
  left: true,
  unitriangular: true,
})

/**
 * The x with `a @ x = b` for triangular matrices: (…, n, n), (…, n, k) to (…, n, k). Batch dimensions broadcast. A zero
 * on the diagonal gives infinities or NaN. PyTorch: torch.linalg.solve_triangular.
 * @throws ShapeError when the sizes do not fit, DTypeError, ArgumentError without `upper`
 * @example linalg.solveTriangular(l, b, { upper: false })
 */
export function solveTriangular(a: Tensor, b: Tensor, options: SolveTriangularOptions): Tensor {
  atMost('solveTriangular', 3, arguments.length)
  const op = 'solveTriangular'
  const { upper, left = true, unitriangular = false } = solveTriangularOptions.read(op, options)
  return wrap(
    native.solveTriangular(
      handleOf(op, a),
      handleOf(op, b),
      flag(`${op}: upper`, upper as boolean),
      flag(`${op}: left`, left),
      flag(`${op}: unitriangular`, unitriangular),
    ),
  )
}

/** Options of `vander`. */
export interface VanderOptions {
  /** Number of powers, default as many as the last dimension has elements. */
  N?: number | null
}

const vanderOptions = new Options<VanderOptions>({ N: true })

/**
 * Vandermonde matrices: the powers of each element from 0 up as a dimension more; integers give int64. PyTorch:
 * torch.linalg.vander.
 * @throws ShapeError for fewer than two powers
 */
export function vander(x: Tensor, options?: VanderOptions): Tensor {
  atMost('vander', 2, arguments.length)
  const given = vanderOptions.read('vander', options)
  checked('vander', x)
  const n = given.N ?? x.shape.at(-1) ?? 1
  if (typeof n !== 'number') refuse('vander: N', 'a number', n)
  if (n < 2) throw new ShapeError(`vander: expected at least two powers of elements, got ${shown(n)}`)
  return named('vander', () => powers(x.ndim === 0 ? x.view(1) : x, n))
}

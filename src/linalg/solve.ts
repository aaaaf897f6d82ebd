// Solutions, inverses and determinants, and the factors that they come from: LU of any matrix, LDL of symmetric ones.
// Batch dimensions broadcast. A function that ends in Ex does not throw for a matrix that has no answer: it says so by
// `info`, an int32 for each matrix, and what it gives for that one means nothing.
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { atMost, flag, handleOf, Options, type Tensor, wrap } from '../tensor/index.ts'

/** Options of `invEx` and `ldlFactorEx`, and with others of more functions that end in Ex. */
export interface CheckErrorsOptions {
  /** Throw instead of giving an info that is not 0; default false. */
  checkErrors?: boolean
}

const checkErrorsOptions = new Options<CheckErrorsOptions>({ checkErrors: true })

const checks = (op: string, { checkErrors = false }: CheckErrorsOptions) => flag(`${op}: checkErrors`, checkErrors)

/** Tensors of handles, as a tuple of as many. @internal */
export function wrapped<T extends Tensor[]>(handles: readonly Handle[]): T {
  return handles.map(wrap) as T
}

/**
 * The inverse of square matrices (…, n, n). PyTorch: torch.linalg.inv.
 * @throws LinAlgError when a matrix has none, ShapeError when it is not square, DTypeError but for float32 and float64
 * @example linalg.inv(tensor([[2, 0], [0, 4]])) // tensor([[0.5000, 0.0000], [0.0000, 0.2500]])
 */
export function inv(a: Tensor): Tensor {
  atMost('inv', 1, arguments.length)
  return wrap(native.inv(handleOf('inv', a)))
}

/** The inverse, and info: which element of U is 0. PyTorch: torch.linalg.inv_ex. @throws ShapeError, DTypeError */
export function invEx(a: Tensor, options?: CheckErrorsOptions): [inverse: Tensor, info: Tensor] {
  atMost('invEx', 2, arguments.length)
  const given = checkErrorsOptions.read('invEx', options)
  return wrapped(native.invEx(handleOf('invEx', a), checks('invEx', given)))
}

/** Options of `solve`. */
export interface SolveOptions {
  /** Solve `a @ x = b`; otherwise `x @ a = b`. Default true. */
  left?: boolean
}

const solveOptions = new Options<SolveOptions>({ left: true })

const isLeft = (op: string, { left = true }: SolveOptions) => flag(`${op}: left`, left)

/**
 * The x with `a @ x = b`: (…, n, n), (…, n, k) to (…, n, k), or vectors (…, n) if b has one dimension less than a.
 * PyTorch: torch.linalg.solve.
 * @throws LinAlgError when a matrix is singular, ShapeError when the sizes do not fit, DTypeError
 * @example linalg.solve(tensor([[2, 0], [0, 4]]), tensor([2, 2])) // tensor([1.0000, 0.5000])
 */
export function solve(a: Tensor, b: Tensor, options?: SolveOptions): Tensor {
  atMost('solve', 3, arguments.length)
  const left = isLeft('solve', solveOptions.read('solve', options))
  return wrap(native.solve(handleOf('solve', a), handleOf('solve', b), left))
}

/** Options of `solveEx`. */
export interface SolveExOptions extends SolveOptions, CheckErrorsOptions {}

const solveExOptions = new Options<SolveExOptions>({ left: true, checkErrors: true })

/** As `solve`, and info. PyTorch: torch.linalg.solve_ex. @throws ShapeError when the sizes do not fit, DTypeError */
export function solveEx(a: Tensor, b: Tensor, options?: SolveExOptions): [result: Tensor, info: Tensor] {
  atMost('solveEx', 3, arguments.length)
  const op = 'solveEx'
  const given = solveExOptions.read(op, options)
  return wrapped(native.solveEx(handleOf(op, a), handleOf(op, b), isLeft(op, given), checks(op, given)))
}

/**
 * The determinant of square matrices. PyTorch: torch.linalg.det.
 * @throws ShapeError when one is not square, DTypeError
 */
export function det(a: Tensor): Tensor {
  atMost('det', 1, arguments.length)
  return wrap(native.det(handleOf('det', a)))
}

/**
 * The sign of the determinant, and the logarithm of its size, which is -Infinity for singular matrices. PyTorch:
 * torch.linalg.slogdet.
 * @throws ShapeError when a matrix is not square, DTypeError
 */
export function slogdet(a: Tensor): [sign: Tensor, logabsdet: Tensor] {
  atMost('slogdet', 1, arguments.length)
  return wrapped(native.slogdet(handleOf('slogdet', a)))
}

/** Options of `lu` and `luFactor`. */
export interface LuPivotOptions {
  /** Swap rows; without it there is no implementation, so true, the default, is all that it may be. */
  pivot?: boolean
}

const luOptions = new Options<LuPivotOptions>({ pivot: true })

const pivots = (op: string, { pivot = true }: LuPivotOptions) => flag(`${op}: pivot`, pivot)

/**
 * P, L and U with `P @ L @ U = a`: a permutation, a lower triangle with ones on its diagonal, an upper one. PyTorch:
 * torch.linalg.lu.
 * @throws ShapeError for less than two dimensions, DTypeError
 */
export function lu(a: Tensor, options?: LuPivotOptions): [p: Tensor, l: Tensor, u: Tensor] {
  atMost('lu', 2, arguments.length)
  return wrapped(native.lu(handleOf('lu', a), pivots('lu', luOptions.read('lu', options))))
}

/**
 * L and U in one matrix, and the rows that were swapped, as int32 from 1: what `luSolve` takes. PyTorch:
 * torch.linalg.lu_factor.
 * @throws LinAlgError when U has a 0 on its diagonal, ShapeError, DTypeError
 */
export function luFactor(a: Tensor, options?: LuPivotOptions): [lu: Tensor, pivots: Tensor] {
  atMost('luFactor', 2, arguments.length)
  return wrapped(native.luFactor(handleOf('luFactor', a), pivots('luFactor', luOptions.read('luFactor', options))))
}

/** Options of `luFactorEx`. */
export interface LuFactorExOptions extends LuPivotOptions, CheckErrorsOptions {}

const luFactorExOptions = new Options<LuFactorExOptions>({ pivot: true, checkErrors: true })

/**
 * As `luFactor`, and info: where the first 0 on the diagonal of U is. PyTorch: torch.linalg.lu_factor_ex.
 * @throws ShapeError, DTypeError
 */
export function luFactorEx(a: Tensor, options?: LuFactorExOptions): [lu: Tensor, pivots: Tensor, info: Tensor] {
  atMost('luFactorEx', 2, arguments.length)
  const op = 'luFactorEx'
  const given = luFactorExOptions.read(op, options)
  return wrapped(native.luFactorEx(handleOf(op, a), pivots(op, given), checks(op, given)))
}

/** Options of `luSolve`. */
export interface LuSolveOptions extends SolveOptions {
  /** Solve with the transpose of a; default false. */
  adjoint?: boolean
}

const luSolveOptions = new Options<LuSolveOptions>({ left: true, adjoint: true })

/**
 * The x with `a @ x = b` for what `luFactor` gives of a. PyTorch: torch.linalg.lu_solve.
 * @throws ShapeError when the sizes do not fit, DTypeError
 * @example linalg.luSolve(...linalg.luFactor(a), b)
 */
export function luSolve(lu: Tensor, pivots: Tensor, b: Tensor, options?: LuSolveOptions): Tensor {
  atMost('luSolve', 4, arguments.length)
  const op = 'luSolve'
  const given = luSolveOptions.read(op, options)
  const adjoint = flag(`${op}: adjoint`, given.adjoint ?? false)
  return wrap(native.luSolve(handleOf(op, lu), handleOf(op, pivots), handleOf(op, b), isLeft(op, given), adjoint))
}

/** Options of `ldlFactor` and `ldlSolve`. */
export interface LdlOptions {
  /** Whether the matrix equals its conjugate transpose rather than its transpose, the same for real numbers. */
  hermitian?: boolean
}

const ldlOptions = new Options<LdlOptions>({ hermitian: true })

/** Options of `ldlFactorEx`. */
export interface LdlFactorExOptions extends LdlOptions, CheckErrorsOptions {}

const ldlFactorExOptions = new Options<LdlFactorExOptions>({ hermitian: true, checkErrors: true })

/**
 * The factors of symmetric matrices `a = L @ D @ L.mT`, of which the lower triangle is read: L and D, whose diagonal
 * has blocks of one and two, in one matrix, and pivots as int32. There is no gradient. PyTorch:
 * torch.linalg.ldl_factor.
 * @throws LinAlgError when D is singular, ShapeError, DTypeError
 */
export function ldlFactor(a: Tensor, options?: LdlOptions): [ld: Tensor, pivots: Tensor] {
  atMost('ldlFactor', 2, arguments.length)
  ldlOptions.read('ldlFactor', options)
  return wrapped(native.ldlFactor(handleOf('ldlFactor', a)))
}

/**
 * As `ldlFactor`, and info: where the first 0 on the diagonal of D is. PyTorch: torch.linalg.ldl_factor_ex.
 * @throws ShapeError, DTypeError
 */
export function ldlFactorEx(a: Tensor, options?: LdlFactorExOptions): [ld: Tensor, pivots: Tensor, info: Tensor] {
  atMost('ldlFactorEx', 2, arguments.length)
  const given = ldlFactorExOptions.read('ldlFactorEx', options)
  return wrapped(native.ldlFactorEx(handleOf('ldlFactorEx', a), checks('ldlFactorEx', given)))
}

/**
 * The x with `a @ x = b` for what `ldlFactor` gives of a. PyTorch: torch.linalg.ldl_solve.
 * @throws ShapeError, DTypeError
 */
export function ldlSolve(ld: Tensor, pivots: Tensor, b: Tensor, options?: LdlOptions): Tensor {
  atMost('ldlSolve', 4, arguments.length)
  const op = 'ldlSolve'
  ldlOptions.read(op, options)
  return wrap(native.ldlSolve(handleOf(op, ld), handleOf(op, pivots), handleOf(op, b)))
}

// Linear algebra of matrices. What gives several tensors gives them in PyTorch's order.
// Written by `npm run addon-types` from native/binding/tables/linalg.cc.
import type { Handle, Operand } from './types.ts'

export interface LinalgFunctions {
  cholesky(a: Handle, upper: boolean): Handle
  /** The factor, and the orders of minors that are not positive. */
  choleskyEx(a: Handle, upper: boolean, checkErrors: boolean): [Handle, Handle]
  solveTriangular(a: Handle, b: Handle, upper: boolean, left: boolean, unitriangular: boolean): Handle
  choleskySolve(b: Handle, l: Handle, upper: boolean): Handle
  choleskyInverse(l: Handle, upper: boolean): Handle
  luFactor(a: Handle, pivot: boolean): [Handle, Handle]
  luFactorEx(a: Handle, pivot: boolean, checkErrors: boolean): Handle[]
  lu(a: Handle, pivot: boolean): Handle[]
  luUnpack(lu: Handle, pivots: Handle, unpackData: boolean, unpackPivots: boolean): Handle[]
  luSolve(lu: Handle, pivots: Handle, b: Handle, left: boolean, adjoint: boolean): Handle
  solve(a: Handle, b: Handle, left: boolean): Handle
  solveEx(a: Handle, b: Handle, left: boolean, checkErrors: boolean): [Handle, Handle]
  inv(a: Handle): Handle
  invEx(a: Handle, checkErrors: boolean): [Handle, Handle]
  det(a: Handle): Handle
  slogdet(a: Handle): [Handle, Handle]
  logdet(a: Handle): Handle
  ldlFactor(a: Handle): [Handle, Handle]
  ldlFactorEx(a: Handle, checkErrors: boolean): Handle[]
  ldlSolve(ldl: Handle, pivots: Handle, b: Handle): Handle
  geqrf(a: Handle): [Handle, Handle]
  householderProduct(a: Handle, tau: Handle): Handle
  ormqr(a: Handle, tau: Handle, c: Handle, left: boolean, transposed: boolean): Handle
  qr(a: Handle, mode: 'reduced' | 'complete' | 'r'): [Handle, Handle]
  eigh(a: Handle, upper: boolean): [Handle, Handle]
  eigvalsh(a: Handle, upper: boolean): Handle
  svd(a: Handle, fullMatrices: boolean): Handle[]
  svdvals(a: Handle): Handle
  pinv(a: Handle, atol: Operand | null, rtol: Operand | null, hermitian: boolean): Handle
  matrixRank(a: Handle, atol: Operand | null, rtol: Operand | null, hermitian: boolean): Handle
  lstsq(a: Handle, b: Handle, rcond: number | null, driver: 'gels' | 'gelsy' | 'gelsd' | 'gelss'): Handle[]
}

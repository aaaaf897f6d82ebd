// Factors of matrices and triangular systems.
// Written by `npm run addon-types` from native/binding/tables/linalg.cc.
import type { Handle } from './types.ts'

export interface LinalgFunctions {
  cholesky(a: Handle, upper: boolean): Handle
  /** The factor, and the orders of minors that are not positive. */
  choleskyEx(a: Handle, upper: boolean, checkErrors: boolean): [Handle, Handle]
  solveTriangular(a: Handle, b: Handle, upper: boolean, left: boolean, unitriangular: boolean): Handle
  choleskySolve(b: Handle, l: Handle, upper: boolean): Handle
}

// Linear algebra that PyTorch has in torch itself; the namespace `linalg` has the rest.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { type CholeskyOptions, isUpper } from '../linalg-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

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

// Softmax in its logarithmic form, which does not overflow.
import { native } from '../../native/load.ts'
import { firstOption, handleOf } from '../args.ts'
import { type DType, dtypeCode } from '../dtype.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `logSoftmax`. */
export interface SoftmaxOptions {
  /** Cast to this dtype first. */
  dtype?: DType
}

/**
 * `log(exp(x) / sum(exp(x)))` along a dimension. PyTorch: torch.nn.functional.log_softmax.
 * @throws IndexError when there is no such dimension, DTypeError for integers without `dtype`
 * @example logSoftmax(scores, 1).exp().sum(1) // ones
 */
export function logSoftmax(x: Tensor, dim: number, dtype?: DType | SoftmaxOptions): Tensor {
  const given = firstOption<SoftmaxOptions>('dtype', dtype)
  return wrap(
    native.logSoftmax(handleOf('logSoftmax', x), dim, given.dtype === undefined ? null : dtypeCode(given.dtype)),
  )
}

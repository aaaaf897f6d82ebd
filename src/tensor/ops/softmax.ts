// Softmax in its logarithmic form, which does not overflow.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { type DType, dtypeCode } from '../dtype.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `logSoftmax`. */
export interface SoftmaxOptions {
  /** Cast to this dtype first. */
  dtype?: DType
}

const softmaxOptions = new Options<SoftmaxOptions>({ dtype: true })

/**
 * `log(exp(x) / sum(exp(x)))` along a dimension. PyTorch: torch.nn.functional.log_softmax.
 * @throws IndexError when there is no such dimension, DTypeError for integers without `dtype`
 * @example logSoftmax(scores, 1).exp().sum(1) // ones
 */
export function logSoftmax(x: Tensor, dim: number, dtype?: DType | SoftmaxOptions): Tensor {
  atMost('logSoftmax', 3, arguments.length)
  const given = softmaxOptions.readFirst('logSoftmax', dtype)
  return wrap(
    native.logSoftmax(handleOf('logSoftmax', x), dim, given.dtype === undefined ? null : dtypeCode(given.dtype)),
  )
}

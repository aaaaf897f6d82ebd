// Softmax, and its logarithm, which keeps the digits of small probabilities.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { type DType, dtypeCode } from '../dtype.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `softmax` and `logSoftmax`. */
export interface SoftmaxOptions {
  /** Cast to this dtype first. */
  dtype?: DType
}

const softmaxOptions = new Options<SoftmaxOptions>({ dtype: true })

function along(name: 'softmax' | 'logSoftmax', x: Tensor, dim: number, dtype?: DType | SoftmaxOptions): Tensor {
  const given = softmaxOptions.readFirst(name, dtype)
  return wrap(native[name](handleOf(name, x), dim, given.dtype === undefined ? null : dtypeCode(name, given.dtype)))
}

/**
 * `exp(x) / sum(exp(x))` along a dimension. PyTorch: torch.nn.functional.softmax.
 * @throws IndexError when there is no such dimension, DTypeError for integers without `dtype`
 * @example softmax(scores, 1).sum(1) // ones
 */
export function softmax(x: Tensor, dim: number, dtype?: DType | SoftmaxOptions): Tensor {
  atMost('softmax', 3, arguments.length)
  return along('softmax', x, dim, dtype)
}

/**
 * `log(exp(x) / sum(exp(x)))` along a dimension. PyTorch: torch.nn.functional.log_softmax.
 * @throws IndexError when there is no such dimension, DTypeError for integers without `dtype`
 * @example logSoftmax(scores, 1).exp().sum(1) // ones
 */
export function logSoftmax(x: Tensor, dim: number, dtype?: DType | SoftmaxOptions): Tensor {
  atMost('logSoftmax', 3, arguments.length)
  return along('logSoftmax', x, dim, dtype)
}

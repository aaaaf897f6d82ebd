// `polygamma`, whose method has the order behind the tensor (special.method.ts).
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * The n-th derivative of `digamma`; integers give float32. PyTorch: torch.polygamma.
 * @throws ArgumentError for a negative n
 * @example polygamma(1, x) // trigamma
 */
export function polygamma(n: number, x: Tensor): Tensor {
  atMost('polygamma', 2, arguments.length)
  return wrap(native.polygamma(n, handleOf('polygamma', x)))
}

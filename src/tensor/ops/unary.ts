// Functions of one tensor, element by element. As hot as arithmetic: no arrays, no closures.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** `-x`. PyTorch: torch.neg. @throws DTypeError for bool */
export function neg(x: Tensor): Tensor {
  atMost('neg', 1, arguments.length)
  return wrap(native.neg(handleOf('neg', x)))
}

/** e to the power of x; integers give float32. PyTorch: torch.exp. */
export function exp(x: Tensor): Tensor {
  atMost('exp', 1, arguments.length)
  return wrap(native.exp(handleOf('exp', x)))
}

/** Natural logarithm; integers give float32. PyTorch: torch.log. */
export function log(x: Tensor): Tensor {
  atMost('log', 1, arguments.length)
  return wrap(native.log(handleOf('log', x)))
}

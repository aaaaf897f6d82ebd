// Functions of one tensor, element by element. As hot as arithmetic: no arrays, no closures.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** `-x`. PyTorch: torch.neg. @throws DTypeError for bool */
export function neg(x: Tensor): Tensor {
  return wrap(native.neg(handleOf('neg', x)))
}

/** e to the power of x; integers give float32. PyTorch: torch.exp. */
export function exp(x: Tensor): Tensor {
  return wrap(native.exp(handleOf('exp', x)))
}

/** Natural logarithm; integers give float32. PyTorch: torch.log. */
export function log(x: Tensor): Tensor {
  return wrap(native.log(handleOf('log', x)))
}

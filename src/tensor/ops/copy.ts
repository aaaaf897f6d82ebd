// Copies of a tensor's elements.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** A copy with its own elements; gradients flow through it. PyTorch: torch.clone. */
export function clone(x: Tensor): Tensor {
  return wrap(native.clone(handleOf('clone', x)))
}

/** The tensor itself if its elements lie densely in row-major order, otherwise a copy where they do. */
export function contiguous(x: Tensor): Tensor {
  const handle = handleOf('contiguous', x)
  return native.isContiguous(handle) ? x : wrap(native.contiguous(handle))
}

// Copies of a tensor's elements.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** A copy with its own elements; gradients flow through it. PyTorch: torch.clone. */
export function clone(x: Tensor): Tensor {
  atMost('clone', 1, arguments.length)
  return wrap(native.clone(handleOf('clone', x), true))
}

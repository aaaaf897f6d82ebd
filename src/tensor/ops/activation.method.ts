// Activations in place, methods only. They are recorded, as the functions of unary.method.ts.
import { native } from '../../native/load.ts'
import type { Tensor } from '../tensor.ts'

/** `relu` in place. PyTorch: torch.Tensor.relu_. @throws DTypeError for bool */
export function relu_(x: Tensor): Tensor {
  native.relu_(x.handle)
  return x
}

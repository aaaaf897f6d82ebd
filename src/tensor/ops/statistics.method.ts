// Statistics in place, which are recorded as out of place.
import { native } from '../../native/load.ts'
import type { Tensor } from '../tensor.ts'

/** `renorm` over x itself. PyTorch: torch.Tensor.renorm_. */
export function renorm_(x: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  native.renorm_(x.handle, p, dim, maxnorm)
  return x
}

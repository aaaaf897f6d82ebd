// The product of a linear layer, a function only. It is one native call with the bias added in the same kernel, and its
// weight is (out, in).
import { native } from '../../native/load.ts'
import { handleOf, optional, type Tensor, wrap } from '../../tensor/index.ts'

/**
 * `x @ weight.t() + bias`: (…, in), (out, in), (out) to (…, out). PyTorch: torch.nn.functional.linear.
 * @throws ShapeError when the sizes do not fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  return wrap(native.linear(handleOf('linear', x), handleOf('linear', weight), optional('linear', bias)))
}

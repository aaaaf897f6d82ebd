// The product of a linear layer, a function only. It is one native call with the bias added in the same kernel, and its
// weight is (out, in).
import { native } from '../../native/load.ts'
import { atMost, handleOf, Options, optional, type Tensor, wrap } from '../../tensor/index.ts'

/** Options of `linear`. */
export interface LinearOptions {
  /** (out) */
  bias?: Tensor | null
}

const linearOptions = new Options<LinearOptions>({ bias: true })

/**
 * `x @ weight.t() + bias`: (…, in), (out, in), (out) to (…, out). PyTorch: torch.nn.functional.linear.
 * @throws ShapeError when the sizes do not fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null | LinearOptions): Tensor {
  atMost('linear', 3, arguments.length)
  const given = linearOptions.readFirst('linear', bias)
  return wrap(native.linear(handleOf('linear', x), handleOf('linear', weight), optional('linear', given.bias)))
}

// The products of linear and bilinear layers, functions only. `linear` is one native call with the bias added in the
// same kernel, and its weight is (out, in).
import { ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { atMost, checked, einsum, handleOf, Options, optional, type Tensor, wrap } from '../../tensor/index.ts'

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

/**
 * `x1^T W_k x2 + bias_k` for each output k: (…, in1), (…, in2), (out, in1, in2), (out) to (…, out). PyTorch:
 * torch.nn.functional.bilinear.
 * @throws ShapeError when the sizes do not fit
 */
export function bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias?: Tensor | null | LinearOptions): Tensor {
  atMost('bilinear', 4, arguments.length)
  const given = linearOptions.readFirst('bilinear', bias)
  const all = [x1, x2, weight]
  for (const x of all) checked('bilinear', x)
  if (weight.ndim !== 3 || x1.size(-1) !== weight.size(1) || x2.size(-1) !== weight.size(2)) {
    const shapes = all.map(x => `[${x.shape.join(', ')}]`).join(', ')
    throw new ShapeError(`bilinear: expected (…, in1), (…, in2) and a weight (out, in1, in2), got ${shapes}`)
  }
  const products = einsum('...i,oij,...j->...o', x1, weight, x2)
  return given.bias == null ? products : products.add(given.bias)
}

// `rsub`, which PyTorch has only as a function.

import { native } from '../../native/load.ts'
import { type AlphaOptions, alphaOf, named, operand } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** `y - alpha * x`. PyTorch: torch.rsub. @throws ShapeError when the shapes do not broadcast, DTypeError for bool */
export function rsub(x: Tensor, y: Tensor | number, options?: AlphaOptions): Tensor {
  atMost('rsub', 3, arguments.length)
  const alpha = alphaOf('rsub', options)
  return named('rsub', () => wrap(native.sub(operand('rsub', y), operand('rsub', x), alpha)))
}

// Sums, differences, products and quotients, element by element. Shapes broadcast and dtypes promote as in PyTorch;
// a number is a weak scalar (float32 plus 2 stays float32). These are the hottest calls there are: no arrays, no
// closures.
import { native } from '../../native/load.ts'
import { type AlphaOptions, alphaOf, type DivOptions, operand, roundingOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { AlphaOptions, DivOptions }

/**
 * `x + alpha * y`. PyTorch: torch.add.
 * @throws ShapeError when the shapes do not broadcast
 * @example tensor([1, 2]).add(tensor([10, 20]), { alpha: 2 }) // tensor([21., 42.])
 */
export function add(x: Tensor | number | boolean, y: Tensor | number | boolean, options?: AlphaOptions): Tensor {
  atMost('add', 3, arguments.length)
  return wrap(native.add(operand('add', x), operand('add', y), alphaOf('add', options)))
}

/**
 * `x - alpha * y`. PyTorch: torch.sub.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for bool
 * @example sub(1, tensor([0.25])) // tensor([0.7500])
 */
export function sub(x: Tensor | number | boolean, y: Tensor | number | boolean, options?: AlphaOptions): Tensor {
  atMost('sub', 3, arguments.length)
  return wrap(native.sub(operand('sub', x), operand('sub', y), alphaOf('sub', options)))
}

/**
 * `x * y`. PyTorch: torch.mul.
 * @throws ShapeError when the shapes do not broadcast
 * @example tensor([1, 2]).mul(3) // tensor([3., 6.])
 */
export function mul(x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor {
  atMost('mul', 2, arguments.length)
  return wrap(native.mul(operand('mul', x), operand('mul', y)))
}

/**
 * `x / y`; integers give float32, unless it is rounded. PyTorch: torch.div.
 * @throws ShapeError when the shapes do not broadcast, ArgumentError for a rounded division of integers by 0
 * @example arange(3).div(2) // tensor([0.0000, 0.5000, 1.0000])
 * @example tensor([-3]).div(2, { roundingMode: 'floor' }) // tensor([-2.])
 */
export function div(x: Tensor | number | boolean, y: Tensor | number | boolean, options?: DivOptions): Tensor {
  atMost('div', 3, arguments.length)
  return wrap(native.div(operand('div', x), operand('div', y), roundingOf('div', options)))
}

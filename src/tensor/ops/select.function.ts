// `where`, whose method has the condition in another place (select.method.ts).
import { native } from '../../native/load.ts'
import { handleOf, named, operand } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'
import { nonzero } from './index.ts'

/**
 * x where the condition is true, else y; of two numbers float32. The condition alone: the positions where it is true
 * or not 0, a tensor for each dimension. PyTorch: torch.where.
 * @throws DTypeError unless the condition is bool, ShapeError when the shapes do not broadcast
 * @example where(x.gt(0), x, 0)
 */
export function where(condition: Tensor): Tensor[]
export function where(condition: Tensor, x: Tensor | number | boolean, y: Tensor | number | boolean): Tensor
export function where(
  condition: Tensor,
  x?: Tensor | number | boolean,
  y?: Tensor | number | boolean,
): Tensor | Tensor[] {
  atMost('where', 3, arguments.length)
  if (x === undefined && y === undefined) return named('where', () => nonzero(condition, { asTuple: true }))
  return wrap(native.where(handleOf('where', condition), operand('where', x!), operand('where', y!)))
}

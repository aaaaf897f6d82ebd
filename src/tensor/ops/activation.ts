// What stands between the layers of a network, element by element.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * `max(x, 0)`. PyTorch: torch.relu.
 * @throws DTypeError for bool
 * @example tensor([-1, 2]).relu() // tensor([0., 2.])
 */
export function relu(x: Tensor): Tensor {
  atMost('relu', 1, arguments.length)
  return wrap(native.relu(handleOf('relu', x)))
}

// What stands between the layers of a network, element by element.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { type InplaceOptions, isInplace } from '../elementwise-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { InplaceOptions }

/**
 * `max(x, 0)`. PyTorch: torch.relu, torch.nn.functional.relu.
 * @throws DTypeError for bool
 * @example tensor([-1, 2]).relu() // tensor([0., 2.])
 */
export function relu(x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  atMost('relu', 2, arguments.length)
  const writes = isInplace('relu', inplace)
  const handle = handleOf('relu', x)
  if (!writes) return wrap(native.relu(handle))
  native.relu_(handle)
  return x
}

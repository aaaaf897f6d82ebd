// Elements of one dimension at given positions; these are copies. What slices a dimension without a copy is in view.ts.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * Copies of the slices of a dimension at int64 positions, none of them negative. PyTorch: torch.index_select.
 * @throws IndexError out of range, DTypeError when the index is not int64
 */
export function indexSelect(x: Tensor, dim: number, at: Tensor): Tensor {
  atMost('indexSelect', 3, arguments.length)
  return wrap(native.indexSelect(handleOf('indexSelect', x), dim, handleOf('indexSelect', at)))
}

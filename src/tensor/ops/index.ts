// Elements of one dimension at given positions, which are copies, and positions of elements. What slices a dimension
// without a copy is in view.ts.
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

/**
 * Where the elements are not zero: a row of int64 positions for each, in row-major order. The host waits for it, since
 * it must know how many there are. PyTorch: torch.nonzero.
 * @example tensor([0, 3, 5]).nonzero() // tensor([[1], [2]])
 */
export function nonzero(x: Tensor): Tensor {
  atMost('nonzero', 1, arguments.length)
  return wrap(native.nonzero(handleOf('nonzero', x)))
}

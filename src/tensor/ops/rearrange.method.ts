// Repeating, a method only.
import { native } from '../../native/load.ts'
import { dims, type Sizes } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * So many times along each dimension; there may be more than x has, in front. PyTorch: torch.Tensor.repeat.
 * @throws ShapeError for fewer numbers than dimensions, ArgumentError for negative ones
 * @example tensor([1, 2]).repeat(2, 2).shape // [2, 4]
 */
export function repeat(x: Tensor, ...repeats: Sizes): Tensor {
  return wrap(native.repeat(x.handle, dims('repeat', repeats)))
}

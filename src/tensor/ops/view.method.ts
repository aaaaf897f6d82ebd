// Other shapes of the same elements, methods only: these never copy. Sizes may be given one by one or as an array; -1
// is worked out.
import { native } from '../../native/load.ts'
import { checked, dims, type Sizes } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * The same elements in another shape, always without a copy. PyTorch: torch.Tensor.view.
 * @throws ShapeError when the number of elements differs or the layout would need a copy
 * @example arange(6).view(2, -1).shape // [2, 3]
 */
export function view(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(native.view(x.handle, dims('view', shape)))
}

/**
 * Dimensions of size 1 repeated without a copy; -1 keeps a size. PyTorch: torch.Tensor.expand.
 * @throws ShapeError when a dimension to change has not size 1
 */
export function expand(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(native.expand(x.handle, dims('expand', shape)))
}

/** In the shape of another tensor, without a copy. PyTorch: torch.Tensor.view_as. @throws ShapeError */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  return wrap(native.view(x.handle, checked('viewAs', other).shape))
}

/** Expanded to the shape of another tensor. PyTorch: torch.Tensor.expand_as. @throws ShapeError */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  return wrap(native.expand(x.handle, checked('expandAs', other).shape))
}

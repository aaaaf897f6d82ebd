// Other shapes of the same elements, methods only: these never copy. Sizes may be given one by one or as an array; -1
// is worked out. In place the tensor itself gets the other shape, and its place in the graph is that of the view.
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { checked, checkSizes, dims, named, type Sizes } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'
import { type SqueezeOptions, type StridedOptions, squeezed, stridedOptions } from '../view-options.ts'

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
  return named('viewAs', () => wrap(native.view(x.handle, checked('viewAs', other).shape)))
}

/** Expanded to the shape of another tensor. PyTorch: torch.Tensor.expand_as. @throws ShapeError */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  return named('expandAs', () => wrap(native.expand(x.handle, checked('expandAs', other).shape)))
}

/** `reshape` to the shape of another tensor. PyTorch: torch.Tensor.reshape_as. @throws ShapeError */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  return wrap(native.reshape(x.handle, checked('reshapeAs', other).shape))
}

/**
 * Windows of `size` elements of a dimension, each `step` behind the one before, as the last dimension of a view.
 * PyTorch: torch.Tensor.unfold.
 * @throws ArgumentError when a window is longer than the dimension, IndexError when there is no such dimension
 * @example arange(5).unfold(0, 3, 1).shape // [3, 3]
 */
export function unfold(x: Tensor, dimension: number, size: number, step: number): Tensor {
  return wrap(native.unfold(x.handle, dimension, size, step))
}

/**
 * Summed up to a shape that broadcasts to that of x; integers give int64. PyTorch: torch.Tensor.sum_to_size.
 * @throws ShapeError for another shape
 */
export function sumToSize(x: Tensor, ...size: Sizes): Tensor {
  return wrap(native.sumToSize(x.handle, dims('sumToSize', size)))
}

/** `squeeze` in place. PyTorch: torch.Tensor.squeeze_. @throws IndexError */
export function squeeze_(x: Tensor, dim?: number | Dims | null | SqueezeOptions): Tensor {
  native.squeeze_(x.handle, squeezed('squeeze_', dim))
  return x.reshaped()
}

/** `unsqueeze` in place. PyTorch: torch.Tensor.unsqueeze_. @throws IndexError */
export function unsqueeze_(x: Tensor, dim: number): Tensor {
  native.unsqueeze_(x.handle, dim)
  return x.reshaped()
}

/** `transpose` in place. PyTorch: torch.Tensor.transpose_. @throws IndexError */
export function transpose_(x: Tensor, dim0: number, dim1: number): Tensor {
  native.transpose_(x.handle, dim0, dim1)
  return x.reshaped()
}

/** `t` in place. PyTorch: torch.Tensor.t_. @throws ShapeError above 2 dimensions */
export function t_(x: Tensor): Tensor {
  native.t_(x.handle)
  return x.reshaped()
}

/** `asStrided` in place. PyTorch: torch.Tensor.as_strided_. @throws ShapeError, ArgumentError as `asStrided` */
export function asStrided_(
  x: Tensor,
  size: Dims,
  stride: Dims,
  storageOffset?: number | null | StridedOptions,
): Tensor {
  const given = stridedOptions.readFirst('asStrided_', storageOffset)
  native.asStrided_(x.handle, size, stride, given.storageOffset ?? null)
  return x.reshaped()
}

/**
 * Another shape, also of another number of elements: they keep their places in memory, and new ones are as they happen
 * to be. Where memory is short x moves to some of its own, and shares no more with its views. PyTorch:
 * torch.Tensor.resize_.
 * @throws AutogradError for a tensor that requires a gradient, ShapeError for negative sizes
 */
export function resize_(x: Tensor, ...sizes: Sizes): Tensor {
  native.resize_(x.handle, checkSizes('resize_', dims('resize_', sizes)))
  return x.reshaped()
}

/** `resize_` to the shape of another tensor. PyTorch: torch.Tensor.resize_as_. @throws AutogradError */
export function resizeAs_(x: Tensor, template: Tensor): Tensor {
  native.resize_(x.handle, checked('resizeAs_', template).shape)
  return x.reshaped()
}

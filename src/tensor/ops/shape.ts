// Shape without arithmetic. The results share their elements with the tensor they come from; `reshape` and `flatten`
// copy only when the layout leaves no other way. Sizes may be given one by one or as an array; -1 is worked out.
import { native } from '../../native/load.ts'
import { dims, firstOption, handleOf, type Sizes } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * The same elements in another shape, copied if the layout needs it. PyTorch: torch.reshape.
 * @throws ShapeError when the number of elements differs
 */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(native.reshape(handleOf('reshape', x), dims(shape)))
}

/** Dimensions in another order. PyTorch: torch.permute. @throws IndexError unless each is named once */
export function permute(x: Tensor, ...order: Sizes): Tensor {
  return wrap(native.permute(handleOf('permute', x), dims(order)))
}

/** Options of `flatten`. */
export interface FlattenOptions {
  startDim?: number
  endDim?: number
}

/**
 * Joins the dimensions from startDim (default 0) to endDim (default -1). PyTorch: torch.flatten.
 * @throws IndexError when there is no such dimension
 * @example x.flatten(1) // all but the batch dimension
 */
export function flatten(x: Tensor, startDim?: number | FlattenOptions, options?: FlattenOptions): Tensor {
  const given = firstOption('startDim', startDim, options)
  return wrap(native.flatten(handleOf('flatten', x), given.startDim ?? 0, given.endDim ?? -1))
}

/** Swaps two dimensions. PyTorch: torch.transpose. @throws IndexError when there is no such dimension */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(native.transpose(handleOf('transpose', x), dim0, dim1))
}

/**
 * Transposes a matrix; vectors and scalars stay as they are. PyTorch: torch.t.
 * @throws ShapeError above 2 dimensions
 */
export function t(x: Tensor): Tensor {
  return wrap(native.t(handleOf('t', x)))
}

/** Options of `squeeze`. */
export interface SqueezeOptions {
  dim?: number | null
}

/** Without the dimensions of size 1, or without one of them. PyTorch: torch.squeeze. @throws IndexError */
export function squeeze(x: Tensor, dim?: number | null | SqueezeOptions): Tensor {
  return wrap(native.squeeze(handleOf('squeeze', x), firstOption<SqueezeOptions>('dim', dim).dim ?? null))
}

/** With a dimension of size 1 put in at `dim`. PyTorch: torch.unsqueeze. @throws IndexError */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  return wrap(native.unsqueeze(handleOf('unsqueeze', x), dim))
}

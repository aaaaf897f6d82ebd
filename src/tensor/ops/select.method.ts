// Choices that stand differently as methods, and those in place, which are recorded.
import { native } from '../../native/load.ts'
import { handleOf, named, operand } from '../args.ts'
import {
  boundsOf,
  type ClampOptions,
  filling,
  type NanToNumOptions,
  replacements,
  type TriangleOptions,
  triangleOptions,
} from '../elementwise-options.ts'
import { type Tensor, wrap } from '../tensor.ts'

/**
 * The elements of x where the condition is true, else those of y. PyTorch: torch.Tensor.where.
 * @throws DTypeError unless the condition is bool, ShapeError when the shapes do not broadcast
 */
export function where(x: Tensor, condition: Tensor, y: Tensor | number | boolean): Tensor {
  return wrap(native.where(handleOf('where', condition), x.handle, operand('where', y)))
}

/** `clamp` in place. PyTorch: torch.Tensor.clamp_. @throws ArgumentError without a bound, DTypeError, ShapeError */
export function clamp_(x: Tensor, min?: Tensor | number | null | ClampOptions, options?: ClampOptions): Tensor {
  native.clamp_(x.handle, ...boundsOf('clamp_', min, options))
  return x
}

/** `clampMin` in place. PyTorch: torch.Tensor.clamp_min_. @throws DTypeError, ShapeError */
export function clampMin_(x: Tensor, min: Tensor | number): Tensor {
  named('clampMin_', () => native.clamp_(x.handle, operand('clampMin_', min), null))
  return x
}

/** `clampMax` in place. PyTorch: torch.Tensor.clamp_max_. @throws DTypeError, ShapeError */
export function clampMax_(x: Tensor, max: Tensor | number): Tensor {
  named('clampMax_', () => native.clamp_(x.handle, null, operand('clampMax_', max)))
  return x
}

/**
 * Sets the elements where the mask is true. PyTorch: torch.Tensor.masked_fill_.
 * @throws DTypeError unless the mask is bool, ShapeError when it does not broadcast to x, ArgumentError for a number
 * that the dtype cannot hold
 */
export function maskedFill_(x: Tensor, mask: Tensor, value: Tensor | number | boolean): Tensor {
  native.maskedFill_(x.handle, handleOf('maskedFill_', mask), filling('maskedFill_', x, value))
  return x
}

/** `nanToNum` in place. PyTorch: torch.Tensor.nan_to_num_. */
export function nanToNum_(x: Tensor, nan?: number | null | NanToNumOptions, options?: NanToNumOptions): Tensor {
  native.nanToNum_(x.handle, ...replacements('nanToNum_', nan, options))
  return x
}

/** `heaviside` in place. PyTorch: torch.Tensor.heaviside_. @throws ShapeError, DTypeError */
export function heaviside_(x: Tensor, values: Tensor): Tensor {
  native.heaviside_(x.handle, handleOf('heaviside_', values))
  return x
}

/** `tril` in place. PyTorch: torch.Tensor.tril_. @throws ShapeError for fewer than 2 dimensions */
export function tril_(x: Tensor, diagonal?: number | TriangleOptions): Tensor {
  native.tril_(x.handle, triangleOptions.readFirst('tril_', diagonal).diagonal ?? 0)
  return x
}

/** `triu` in place. PyTorch: torch.Tensor.triu_. @throws ShapeError for fewer than 2 dimensions */
export function triu_(x: Tensor, diagonal?: number | TriangleOptions): Tensor {
  native.triu_(x.handle, triangleOptions.readFirst('triu_', diagonal).diagonal ?? 0)
  return x
}

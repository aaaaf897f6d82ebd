// Keeping elements between bounds or of a triangle, and replacing or choosing those that a mask marks. Shapes
// broadcast.
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
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { ClampOptions, NanToNumOptions, TriangleOptions }

/**
 * Elements between two bounds, numbers or tensors; NaN stays NaN. PyTorch: torch.clamp.
 * @throws ArgumentError without a bound, ShapeError when the shapes do not broadcast
 * @example x.clamp({ min: 0, max: 1 })
 */
export function clamp(x: Tensor, min?: Tensor | number | null | ClampOptions, options?: ClampOptions): Tensor {
  atMost('clamp', 3, arguments.length)
  const bounds = boundsOf('clamp', min, options)
  return wrap(native.clamp(handleOf('clamp', x), ...bounds))
}

/** Elements that are at least `min`. PyTorch: torch.clamp_min. @throws ShapeError when the shapes do not broadcast */
export function clampMin(x: Tensor, min: Tensor | number): Tensor {
  atMost('clampMin', 2, arguments.length)
  return named('clampMin', () => wrap(native.clamp(handleOf('clampMin', x), operand('clampMin', min), null)))
}

/** Elements that are at most `max`. PyTorch: torch.clamp_max. @throws ShapeError when the shapes do not broadcast */
export function clampMax(x: Tensor, max: Tensor | number): Tensor {
  atMost('clampMax', 2, arguments.length)
  return named('clampMax', () => wrap(native.clamp(handleOf('clampMax', x), null, operand('clampMax', max))))
}

/**
 * The elements of x, and `value` where the mask is true. PyTorch: torch.masked_fill.
 * @throws DTypeError unless the mask is bool, ShapeError when it does not broadcast, ArgumentError for a number that
 * the dtype cannot hold
 * @example scores.maskedFill(mask, -Infinity)
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Tensor | number | boolean): Tensor {
  atMost('maskedFill', 3, arguments.length)
  const [handle, at] = [handleOf('maskedFill', x), handleOf('maskedFill', mask)]
  return wrap(native.maskedFill(handle, at, filling('maskedFill', x, value)))
}

/**
 * The elements where the mask is true, in one dimension. The host waits for the mask. PyTorch: torch.masked_select.
 * @throws DTypeError unless the mask is bool, ShapeError when it does not broadcast
 * @example x.maskedSelect(x.gt(0))
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  atMost('maskedSelect', 2, arguments.length)
  return wrap(native.maskedSelect(handleOf('maskedSelect', x), handleOf('maskedSelect', mask)))
}

/**
 * The lower triangle of (…, rows, columns), with 0 above the diagonal. PyTorch: torch.tril.
 * @throws ShapeError for fewer than 2 dimensions
 * @example ones(3, 3).tril()
 */
export function tril(x: Tensor, diagonal?: number | TriangleOptions): Tensor {
  atMost('tril', 2, arguments.length)
  const given = triangleOptions.readFirst('tril', diagonal)
  return wrap(native.tril(handleOf('tril', x), given.diagonal ?? 0))
}

/**
 * The upper triangle of (…, rows, columns), with 0 below the diagonal. PyTorch: torch.triu.
 * @throws ShapeError for fewer than 2 dimensions
 * @example ones(3, 3).triu(1).eq(1) // what a causal mask hides
 */
export function triu(x: Tensor, diagonal?: number | TriangleOptions): Tensor {
  atMost('triu', 2, arguments.length)
  const given = triangleOptions.readFirst('triu', diagonal)
  return wrap(native.triu(handleOf('triu', x), given.diagonal ?? 0))
}

/**
 * x with other numbers for NaN, by default 0, and for Infinity and -Infinity, by default the largest and the smallest
 * of the dtype. PyTorch: torch.nan_to_num.
 * @example loss.nanToNum({ nan: 0, posinf: 1e4 })
 */
export function nanToNum(x: Tensor, nan?: number | null | NanToNumOptions, options?: NanToNumOptions): Tensor {
  atMost('nanToNum', 3, arguments.length)
  const numbers = replacements('nanToNum', nan, options)
  return wrap(native.nanToNum(handleOf('nanToNum', x), ...numbers))
}

/**
 * 0 below 0, 1 above, and the element of `values` at 0. PyTorch: torch.heaviside.
 * @throws ShapeError when the shapes do not broadcast, DTypeError for tensors of different dtypes
 */
export function heaviside(x: Tensor, values: Tensor): Tensor {
  atMost('heaviside', 2, arguments.length)
  return wrap(native.heaviside(handleOf('heaviside', x), handleOf('heaviside', values)))
}

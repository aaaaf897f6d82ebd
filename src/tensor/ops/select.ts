// Keeping elements between bounds, and replacing or choosing those that a mask marks. Shapes broadcast.
import { native } from '../../native/load.ts'
import { handleOf, operand } from '../args.ts'
import { boundsOf, type ClampOptions, filling } from '../elementwise-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { ClampOptions }

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
  return wrap(native.clamp(handleOf('clampMin', x), operand('clampMin', min), null))
}

/** Elements that are at most `max`. PyTorch: torch.clamp_max. @throws ShapeError when the shapes do not broadcast */
export function clampMax(x: Tensor, max: Tensor | number): Tensor {
  atMost('clampMax', 2, arguments.length)
  return wrap(native.clamp(handleOf('clampMax', x), null, operand('clampMax', max)))
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

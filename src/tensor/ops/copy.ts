// Copies and casts. `to` and its short forms return the tensor itself when there is nothing to do, as in PyTorch.
import { UnsupportedError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { handleOf, refuse } from '../args.ts'
import { type DType, dtypeCode } from '../dtype.ts'
import { Tensor, wrap } from '../tensor.ts'

/** Options of `to`. */
export interface ToOptions {
  dtype?: DType
  device?: string
}

/** A copy with its own elements; gradients flow through it. PyTorch: torch.clone. */
export function clone(x: Tensor): Tensor {
  return wrap(native.clone(handleOf('clone', x)))
}

/** The tensor itself if its elements lie densely in row-major order, otherwise a copy where they do. */
export function contiguous(x: Tensor): Tensor {
  const handle = handleOf('contiguous', x)
  return native.isContiguous(handle) ? x : wrap(native.contiguous(handle))
}

/**
 * The tensor in another dtype, or itself. PyTorch: torch.Tensor.to.
 * @throws UnsupportedError for a dtype or device that is not available
 * @example labels.to('int64')
 */
export function to(x: Tensor, target: DType | 'cpu' | 'cuda' | Tensor | ToOptions): Tensor {
  const { dtype = x.dtype, device = 'cpu' } = toOptions(target)
  if (device !== 'cpu') throw new UnsupportedError(`to: device '${device}' is not available; this build has 'cpu'`)
  const code = dtypeCode(dtype)
  return dtype === x.dtype ? x : wrap(native.cast(x.handle, code))
}

function toOptions(target: DType | 'cpu' | 'cuda' | Tensor | ToOptions): ToOptions {
  if (target instanceof Tensor) return { dtype: target.dtype }
  if (typeof target === 'object' && target !== null) return target
  if (typeof target !== 'string') refuse('to', 'a dtype, a device, a tensor or options', target)
  return target === 'cpu' || target.startsWith('cuda') ? { device: target } : { dtype: target as DType }
}

/** As float32. PyTorch: torch.Tensor.float. */
export function float(x: Tensor): Tensor {
  return to(x, 'float32')
}

/** As float64. PyTorch: torch.Tensor.double. */
export function double(x: Tensor): Tensor {
  return to(x, 'float64')
}

/** As int64. PyTorch: torch.Tensor.long. */
export function long(x: Tensor): Tensor {
  return to(x, 'int64')
}

/** As uint8. PyTorch: torch.Tensor.byte. */
export function byte(x: Tensor): Tensor {
  return to(x, 'uint8')
}

/** As bool: whether not zero. PyTorch: torch.Tensor.bool. */
export function bool(x: Tensor): Tensor {
  return to(x, 'bool')
}

export const copyMethods = { clone, contiguous, to, float, double, long, byte, bool }

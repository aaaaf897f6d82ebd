// Sums with a product that write into the tensor and return it, methods only. They are recorded.
import { native } from '../../native/load.ts'
import { handleOf, named } from '../args.ts'
import { type AddmmOptions, addmmOptions } from '../matmul-options.ts'
import type { Tensor } from '../tensor.ts'

type Changing = 'addmm_' | 'addmv_' | 'addr_' | 'addbmm_' | 'baddbmm_'

function added(op: Changing, x: Tensor, a: Tensor, b: Tensor, beta?: number | AddmmOptions, options?: AddmmOptions) {
  const given = addmmOptions.readFirst(op, beta, options)
  const [left, right] = [handleOf(op, a), handleOf(op, b)]
  named(op, () => native[op](x.handle, left, right, given.beta ?? 1, given.alpha ?? 1))
  return x
}

/** `addmm` in place. PyTorch: torch.Tensor.addmm_. @throws ShapeError when it does not fit, DTypeError */
export function addmm_(x: Tensor, a: Tensor, b: Tensor, beta?: number | AddmmOptions, options?: AddmmOptions): Tensor {
  return added('addmm_', x, a, b, beta, options)
}

/** `addmv` in place. PyTorch: torch.Tensor.addmv_. @throws ShapeError when it does not fit, DTypeError */
export function addmv_(x: Tensor, a: Tensor, b: Tensor, beta?: number | AddmmOptions, options?: AddmmOptions): Tensor {
  return added('addmv_', x, a, b, beta, options)
}

/** `addr` in place. PyTorch: torch.Tensor.addr_. @throws ShapeError when it does not fit, DTypeError */
export function addr_(x: Tensor, a: Tensor, b: Tensor, beta?: number | AddmmOptions, options?: AddmmOptions): Tensor {
  return added('addr_', x, a, b, beta, options)
}

/** `addbmm` in place. PyTorch: torch.Tensor.addbmm_. @throws ShapeError when it does not fit, DTypeError */
export function addbmm_(x: Tensor, a: Tensor, b: Tensor, beta?: number | AddmmOptions, options?: AddmmOptions): Tensor {
  return added('addbmm_', x, a, b, beta, options)
}

/** `baddbmm` in place. PyTorch: torch.Tensor.baddbmm_. @throws ShapeError when it does not fit, DTypeError */
export function baddbmm_(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  beta?: number | AddmmOptions,
  options?: AddmmOptions,
): Tensor {
  return added('baddbmm_', x, a, b, beta, options)
}

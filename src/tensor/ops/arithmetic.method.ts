// Arithmetic that changes its first argument and returns it, with PyTorch's trailing underscore; methods only. It is
// recorded, so it may stand in a network. A leaf that needs a gradient may be changed only inside `noGrad`, and
// changing a tensor that backward still needs is found out by its version.
import { native } from '../../native/load.ts'
import { type AlphaOptions, alphaOf, type DivOptions, handleOf, named, operand, roundingOf } from '../args.ts'
import { factorOf, type ValueOptions } from '../elementwise-options.ts'
import type { Tensor } from '../tensor.ts'

/** `x += alpha * y`. PyTorch: torch.Tensor.add_. @throws ShapeError, DTypeError when the result does not fit in x */
export function add_(x: Tensor, y: Tensor | number | boolean, options?: AlphaOptions): Tensor {
  native.add_(x.handle, operand('add_', y), alphaOf('add_', options))
  return x
}

/**
 * `x -= alpha * y`. PyTorch: torch.Tensor.sub_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 * @example noGrad(() => w.sub_(w.grad!, { alpha: learningRate }))
 */
export function sub_(x: Tensor, y: Tensor | number | boolean, options?: AlphaOptions): Tensor {
  native.sub_(x.handle, operand('sub_', y), alphaOf('sub_', options))
  return x
}

/** `x *= y`. PyTorch: torch.Tensor.mul_. @throws ShapeError, DTypeError when the result does not fit in x */
export function mul_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.mul_(x.handle, operand('mul_', y))
  return x
}

/**
 * `x /= y`, exactly or rounded. PyTorch: torch.Tensor.div_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function div_(x: Tensor, y: Tensor | number | boolean, options?: DivOptions): Tensor {
  native.div_(x.handle, operand('div_', y), roundingOf('div_', options))
  return x
}

/** `remainder` in place. PyTorch: torch.Tensor.remainder_. @throws ShapeError, DTypeError when it does not fit in x */
export function remainder_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.remainder_(x.handle, operand('remainder_', y))
  return x
}

/** `fmod` in place. PyTorch: torch.Tensor.fmod_. @throws ShapeError, DTypeError when it does not fit in x */
export function fmod_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.fmod_(x.handle, operand('fmod_', y))
  return x
}

/** `pow` in place. PyTorch: torch.Tensor.pow_. @throws ShapeError, DTypeError when the result does not fit in x */
export function pow_(x: Tensor, exponent: Tensor | number | boolean): Tensor {
  native.pow_(x.handle, operand('pow_', exponent))
  return x
}

/** `x *= x`. PyTorch: torch.Tensor.square_. @throws DTypeError for bool */
export function square_(x: Tensor): Tensor {
  native.square_(x.handle)
  return x
}

/** `atan2` in place. PyTorch: torch.Tensor.atan2_. @throws ShapeError, DTypeError when the result does not fit in x */
export function atan2_(x: Tensor, y: Tensor): Tensor {
  native.atan2_(x.handle, handleOf('atan2_', y))
  return x
}

/** `hypot` in place. PyTorch: torch.Tensor.hypot_. @throws ShapeError, DTypeError when the result does not fit in x */
export function hypot_(x: Tensor, y: Tensor): Tensor {
  native.hypot_(x.handle, handleOf('hypot_', y))
  return x
}

/** `ldexp` in place. PyTorch: torch.Tensor.ldexp_. @throws ShapeError, DTypeError when the result does not fit in x */
export function ldexp_(x: Tensor, y: Tensor): Tensor {
  native.ldexp_(x.handle, handleOf('ldexp_', y))
  return x
}

/**
 * `copysign` in place. PyTorch: torch.Tensor.copysign_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 */
export function copysign_(x: Tensor, y: Tensor | number | boolean): Tensor {
  native.copysign_(x.handle, operand('copysign_', y))
  return x
}

/** `floatPower` in place. PyTorch: torch.Tensor.float_power_. @throws ShapeError, DTypeError unless x is float64 */
export function floatPower_(x: Tensor, exponent: Tensor | number | boolean): Tensor {
  native.floatPower_(x.handle, operand('floatPower_', exponent))
  return x
}

/** `floorDivide` in place. PyTorch: torch.Tensor.floor_divide_. @throws ShapeError, DTypeError, ArgumentError */
export function floorDivide_(x: Tensor, y: Tensor | number | boolean): Tensor {
  named('floorDivide_', () => native.div_(x.handle, operand('floorDivide_', y), 'floor'))
  return x
}

/** `addcmul` in place. PyTorch: torch.Tensor.addcmul_. @throws ShapeError, DTypeError when it does not fit in x */
export function addcmul_(x: Tensor, tensor1: Tensor, tensor2: Tensor, options?: ValueOptions): Tensor {
  const value = factorOf('addcmul_', options)
  native.addcmul_(x.handle, handleOf('addcmul_', tensor1), handleOf('addcmul_', tensor2), value)
  return x
}

/** `addcdiv` in place. PyTorch: torch.Tensor.addcdiv_. @throws ShapeError, DTypeError when it does not fit in x */
export function addcdiv_(x: Tensor, tensor1: Tensor, tensor2: Tensor, options?: ValueOptions): Tensor {
  const value = factorOf('addcdiv_', options)
  native.addcdiv_(x.handle, handleOf('addcdiv_', tensor1), handleOf('addcdiv_', tensor2), value)
  return x
}

/** `lerp` in place. PyTorch: torch.Tensor.lerp_. @throws ShapeError, DTypeError */
export function lerp_(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  native.lerp_(x.handle, handleOf('lerp_', end), operand('lerp_', weight))
  return x
}

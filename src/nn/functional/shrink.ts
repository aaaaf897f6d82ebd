// Activations that draw x towards zero, functions only.
import { native } from '../../native/load.ts'
import { atMost, handleOf, sub, type Tensor, tanh, wrap } from '../../tensor/index.ts'
import { type ShrinkOptions, shrinkOptions } from './activation-options.ts'

export type { ShrinkOptions }

/**
 * x where it is more than `lambd` away from zero, else 0. PyTorch: torch.nn.functional.hardshrink.
 * @throws DTypeError for integers
 */
export function hardshrink(x: Tensor, lambd?: number | ShrinkOptions): Tensor {
  atMost('hardshrink', 2, arguments.length)
  const given = shrinkOptions.readFirst('hardshrink', lambd)
  return wrap(native.hardshrink(handleOf('hardshrink', x), given.lambd ?? 0.5))
}

/**
 * x, `lambd` closer to zero, and 0 where it is not further from it. PyTorch: torch.nn.functional.softshrink.
 * @throws DTypeError for integers, ArgumentError for a negative `lambd`
 */
export function softshrink(x: Tensor, lambd?: number | ShrinkOptions): Tensor {
  atMost('softshrink', 2, arguments.length)
  const given = shrinkOptions.readFirst('softshrink', lambd)
  return wrap(native.softshrink(handleOf('softshrink', x), given.lambd ?? 0.5))
}

/** `x - tanh(x)`. PyTorch: torch.nn.functional.tanhshrink. */
export function tanhshrink(x: Tensor): Tensor {
  atMost('tanhshrink', 1, arguments.length)
  return sub(x, tanh(x))
}

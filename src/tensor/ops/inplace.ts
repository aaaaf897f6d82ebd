// Ops that change their first argument and return it, with PyTorch's trailing underscore; methods only. A tensor that
// needs a gradient may be changed only inside `noGrad`, and changing one that backward still needs is found out by its
// version.
import { native } from '../../native/load.ts'
import { alphaOf, firstOption, generatorOf, handleOf, operand } from '../args.ts'
import type { Generator } from '../random.ts'
import { checkFits } from '../scalar.ts'
import type { Tensor } from '../tensor.ts'
import type { AlphaOptions } from './elementwise.ts'

/** `x += alpha * y`. PyTorch: torch.Tensor.add_. @throws ShapeError, DTypeError when the result does not fit in x */
export function add_(x: Tensor, y: Tensor | number, options?: AlphaOptions): Tensor {
  native.add_(x.handle, operand('add_', y), alphaOf('add_', options))
  return x
}

/**
 * `x -= alpha * y`. PyTorch: torch.Tensor.sub_.
 * @throws ShapeError, DTypeError when the result does not fit in x
 * @example noGrad(() => w.sub_(w.grad!, { alpha: learningRate }))
 */
export function sub_(x: Tensor, y: Tensor | number, options?: AlphaOptions): Tensor {
  native.sub_(x.handle, operand('sub_', y), alphaOf('sub_', options))
  return x
}

/** `x *= y`. PyTorch: torch.Tensor.mul_. @throws ShapeError, DTypeError when the result does not fit in x */
export function mul_(x: Tensor, y: Tensor | number): Tensor {
  native.mul_(x.handle, operand('mul_', y))
  return x
}

/** `x /= y`. PyTorch: torch.Tensor.div_. @throws ShapeError, DTypeError when the result does not fit in x */
export function div_(x: Tensor, y: Tensor | number): Tensor {
  native.div_(x.handle, operand('div_', y))
  return x
}

/** Sets every element. PyTorch: torch.Tensor.fill_. @throws ArgumentError for a number that the dtype cannot hold */
export function fill_(x: Tensor, value: number): Tensor {
  checkFits('fill_', value, x.dtype)
  native.fill_(x.handle, value)
  return x
}

/** Sets every element to 0. PyTorch: torch.Tensor.zero_. */
export function zero_(x: Tensor): Tensor {
  native.zero_(x.handle)
  return x
}

/** Options of `copy_`. */
export interface CopyOptions {
  /** Do not wait for a copy from or to pinned memory. */
  nonBlocking?: boolean
}

/**
 * Copies the elements of `source`, broadcast and cast to x, also from another device. PyTorch: torch.Tensor.copy_.
 * @throws ShapeError when the shape of `source` does not broadcast to that of x
 */
export function copy_(x: Tensor, source: Tensor, nonBlocking?: boolean | CopyOptions): Tensor {
  const given = firstOption<CopyOptions>('nonBlocking', nonBlocking)
  native.copy_(x.handle, handleOf('copy_', source), given.nonBlocking ?? false)
  return x
}

/** Options of `uniform_`. */
export interface UniformOptions {
  from?: number
  to?: number
  generator?: Generator | undefined
}

/** Random numbers from [from, to), default [0, 1). PyTorch: torch.Tensor.uniform_. @throws DTypeError for integers */
export function uniform_(x: Tensor, from?: number | UniformOptions, to?: number, options?: UniformOptions): Tensor {
  const given = firstOption('from', from, to === undefined ? options : firstOption('to', to, options))
  native.uniform_(x.handle, given.from ?? 0, given.to ?? 1, generatorOf('uniform_', given.generator))
  return x
}

/** Options of `normal_`. */
export interface NormalOptions {
  mean?: number
  std?: number
  generator?: Generator | undefined
}

/** Random numbers from a normal distribution, default mean 0 and deviation 1. PyTorch: torch.Tensor.normal_. */
export function normal_(x: Tensor, mean?: number | NormalOptions, std?: number, options?: NormalOptions): Tensor {
  const given = firstOption('mean', mean, std === undefined ? options : firstOption('std', std, options))
  native.normal_(x.handle, given.mean ?? 0, given.std ?? 1, generatorOf('normal_', given.generator))
  return x
}

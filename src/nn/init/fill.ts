// One value, or numbers from a distribution whose bounds the caller gives.
import { firstOption, type Generator, noGrad, type Tensor } from '../../tensor/index.ts'

/** Options with a generator. */
export interface InitOptions {
  generator?: Generator | undefined
}

/** Options of `uniform_`. */
export interface UniformOptions extends InitOptions {
  a?: number
  b?: number
}

/** Numbers from [a, b), default [0, 1). PyTorch: torch.nn.init.uniform_. */
export function uniform_(x: Tensor, a?: number | UniformOptions, b?: number, options?: UniformOptions): Tensor {
  const given = firstOption('a', a, b === undefined ? options : firstOption('b', b, options))
  return noGrad(() => x.uniform_(given.a ?? 0, given.b ?? 1, { generator: given.generator }))
}

/** Options of `normal_`. */
export interface NormalOptions extends InitOptions {
  mean?: number
  std?: number
}

/** Numbers from a normal distribution. PyTorch: torch.nn.init.normal_. */
export function normal_(x: Tensor, mean?: number | NormalOptions, std?: number, options?: NormalOptions): Tensor {
  return noGrad(() => x.normal_(mean, std, options))
}

/** One value everywhere. PyTorch: torch.nn.init.constant_. */
export function constant_(x: Tensor, value: number): Tensor {
  return noGrad(() => x.fill_(value))
}

/** Zeros. PyTorch: torch.nn.init.zeros_. */
export function zeros_(x: Tensor): Tensor {
  return constant_(x, 0)
}

/** Ones. PyTorch: torch.nn.init.ones_. */
export function ones_(x: Tensor): Tensor {
  return constant_(x, 1)
}

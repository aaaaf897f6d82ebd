// One value, or numbers from a distribution whose bounds the caller gives.
import { atMost, checked, type Generator, named, noGrad, Options, type Tensor } from '../../tensor/index.ts'

/** Options with a generator. */
export interface InitOptions {
  generator?: Generator | undefined
}

/** Options of `uniform_`. */
export interface UniformOptions extends InitOptions {
  a?: number
  b?: number
}

const uniformOptions = new Options<UniformOptions>({ a: true, b: true, generator: true })

/** Numbers from [a, b), default [0, 1). PyTorch: torch.nn.init.uniform_. */
export function uniform_(
  x: Tensor,
  a?: number | UniformOptions,
  b?: number | UniformOptions,
  options?: UniformOptions,
): Tensor {
  atMost('uniform_', 4, arguments.length)
  const given = uniformOptions.readTwo('uniform_', a, b, options)
  checked('uniform_', x)
  return noGrad(() => x.uniform_(given.a ?? 0, given.b ?? 1, { generator: given.generator }))
}

/** Options of `normal_`. */
export interface NormalOptions extends InitOptions {
  mean?: number
  std?: number
}

const normalOptions = new Options<NormalOptions>({ mean: true, std: true, generator: true })

/** Numbers from a normal distribution. PyTorch: torch.nn.init.normal_. */
export function normal_(
  x: Tensor,
  mean?: number | NormalOptions,
  std?: number | NormalOptions,
  options?: NormalOptions,
): Tensor {
  atMost('normal_', 4, arguments.length)
  const given = normalOptions.readTwo('normal_', mean, std, options)
  checked('normal_', x)
  return noGrad(() => x.normal_(given.mean ?? 0, given.std ?? 1, { generator: given.generator }))
}

/** One value everywhere. PyTorch: torch.nn.init.constant_. */
export function constant_(x: Tensor, value: number): Tensor {
  atMost('constant_', 2, arguments.length)
  return filled('constant_', x, value)
}

/** Zeros. PyTorch: torch.nn.init.zeros_. */
export function zeros_(x: Tensor): Tensor {
  atMost('zeros_', 1, arguments.length)
  return filled('zeros_', x, 0)
}

/** Ones. PyTorch: torch.nn.init.ones_. */
export function ones_(x: Tensor): Tensor {
  atMost('ones_', 1, arguments.length)
  return filled('ones_', x, 1)
}

function filled(op: string, x: Tensor, value: number): Tensor {
  checked(op, x)
  return noGrad(() => named(op, () => x.fill_(value)))
}

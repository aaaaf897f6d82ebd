// Random numbers put into a tensor that is there, methods only. Tensors made of random numbers are in ../random.ts.
import { native } from '../../native/load.ts'
import { generatorOf, operand } from '../args.ts'
import { Options } from '../options.ts'
import type { Generator } from '../random.ts'
import type { Tensor } from '../tensor.ts'

/** Options of `uniform_`. */
export interface UniformOptions {
  from?: number
  to?: number
  generator?: Generator | undefined
}

const uniformOptions = new Options<UniformOptions>({ from: true, to: true, generator: true })

/** Random numbers from [from, to), default [0, 1). PyTorch: torch.Tensor.uniform_. @throws DTypeError for integers */
export function uniform_(
  x: Tensor,
  from?: number | UniformOptions,
  to?: number | UniformOptions,
  options?: UniformOptions,
): Tensor {
  const given = uniformOptions.readTwo('uniform_', from, to, options)
  native.uniform_(x.handle, given.from ?? 0, given.to ?? 1, generatorOf('uniform_', given.generator))
  return x
}

/** Options of `normal_`. */
export interface NormalOptions {
  mean?: number
  std?: number
  generator?: Generator | undefined
}

const normalOptions = new Options<NormalOptions>({ mean: true, std: true, generator: true })

/** Random numbers from a normal distribution, default mean 0 and deviation 1. PyTorch: torch.Tensor.normal_. */
export function normal_(
  x: Tensor,
  mean?: number | NormalOptions,
  std?: number | NormalOptions,
  options?: NormalOptions,
): Tensor {
  const given = normalOptions.readTwo('normal_', mean, std, options)
  native.normal_(x.handle, given.mean ?? 0, given.std ?? 1, generatorOf('normal_', given.generator))
  return x
}

/** Options of `bernoulli_`. */
export interface InplaceBernoulliOptions {
  /** Probability of a 1, default 0.5; or a tensor with one for each element, which broadcasts. */
  p?: number | Tensor
  generator?: Generator | undefined
}

const bernoulliOptions = new Options<InplaceBernoulliOptions>({ p: true, generator: true })

/** 1 with probability p, else 0. PyTorch: torch.Tensor.bernoulli_. @throws ArgumentError unless p is from 0 to 1 */
export function bernoulli_(
  x: Tensor,
  p?: number | Tensor | InplaceBernoulliOptions,
  options?: InplaceBernoulliOptions,
): Tensor {
  const given = bernoulliOptions.readFirst('bernoulli_', p, options)
  native.bernoulli_(x.handle, operand('bernoulli_', given.p ?? 0.5), generatorOf('bernoulli_', given.generator))
  return x
}

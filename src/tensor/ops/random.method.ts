// Random numbers put into a tensor that is there, methods only. Tensors made of random numbers are in ../random.ts.

import { ArgumentError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { generatorOf, operand } from '../args.ts'
import { Options } from '../options.ts'
import type { Generator } from '../random.ts'
import { shown } from '../repr.ts'
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

/** Options of `random_`. */
export interface RandomRangeOptions {
  /** Default 0. */
  from?: number
  /** Default all that the dtype has from 0 on; of floats up to where every integer is one. */
  to?: number | null
  generator?: Generator | undefined
}

const randomOptions = new Options<RandomRangeOptions>({ from: true, to: true, generator: true })

/**
 * Random integers from [from, to); a number alone is `to`. PyTorch: torch.Tensor.random_.
 * @throws ArgumentError when the range is empty or does not fit the dtype
 * @example empty(5, { dtype: 'uint8' }).random_(10)
 */
export function random_(
  x: Tensor,
  from?: number | RandomRangeOptions,
  to?: number | RandomRangeOptions,
  options?: RandomRangeOptions,
): Tensor {
  const given = randomOptions.readTwo('random_', from, to, options)
  const isEnd = typeof from === 'number' && given.to == null
  if (!isEnd && given.to == null && given.from !== undefined) {
    throw new ArgumentError(`random_: expected an end behind from ${shown(given.from)}: give both, or { to }`)
  }
  const [low, high] = isEnd ? [0, from] : [given.from ?? 0, given.to ?? null]
  native.random_(x.handle, low, high, generatorOf('random_', given.generator))
  return x
}

/** Options of `exponential_`. */
export interface ExponentialOptions {
  /** How often something happens in a time of 1, default 1. */
  lambd?: number
  generator?: Generator | undefined
}

const exponentialOptions = new Options<ExponentialOptions>({ lambd: true, generator: true })

/** Random times until something happens. PyTorch: torch.Tensor.exponential_. @throws ArgumentError unless lambd > 0 */
export function exponential_(x: Tensor, lambd?: number | ExponentialOptions, options?: ExponentialOptions): Tensor {
  const given = exponentialOptions.readFirst('exponential_', lambd, options)
  native.exponential_(x.handle, given.lambd ?? 1, generatorOf('exponential_', given.generator))
  return x
}

/** Options of `geometric_`. */
export interface GeometricOptions {
  generator?: Generator | undefined
}

const geometricOptions = new Options<GeometricOptions>({ generator: true })

/**
 * How many trials it takes until the first success, each with probability p. PyTorch: torch.Tensor.geometric_.
 * @throws ArgumentError unless p is between 0 and 1
 */
export function geometric_(x: Tensor, p: number, options?: GeometricOptions): Tensor {
  const { generator } = geometricOptions.read('geometric_', options)
  native.geometric_(x.handle, p, generatorOf('geometric_', generator))
  return x
}

/** Options of `cauchy_`. */
export interface CauchyOptions {
  /** Default 0. */
  median?: number
  /** Half the distance between the quartiles, default 1. */
  sigma?: number
  generator?: Generator | undefined
}

const cauchyOptions = new Options<CauchyOptions>({ median: true, sigma: true, generator: true })

/** Random numbers from a Cauchy distribution. PyTorch: torch.Tensor.cauchy_. @throws ArgumentError unless sigma > 0 */
export function cauchy_(
  x: Tensor,
  median?: number | CauchyOptions,
  sigma?: number | CauchyOptions,
  options?: CauchyOptions,
): Tensor {
  const given = cauchyOptions.readTwo('cauchy_', median, sigma, options)
  native.cauchy_(x.handle, given.median ?? 0, given.sigma ?? 1, generatorOf('cauchy_', given.generator))
  return x
}

/**
 * Random numbers whose logarithms are from a normal distribution, default mean 1 and deviation 2. PyTorch:
 * torch.Tensor.log_normal_.
 * @throws ArgumentError unless std > 0
 */
export function logNormal_(
  x: Tensor,
  mean?: number | NormalOptions,
  std?: number | NormalOptions,
  options?: NormalOptions,
): Tensor {
  const given = normalOptions.readTwo('logNormal_', mean, std, options)
  native.logNormal_(x.handle, given.mean ?? 1, given.std ?? 2, generatorOf('logNormal_', given.generator))
  return x
}

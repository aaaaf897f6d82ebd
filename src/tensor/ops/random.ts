// Random numbers whose chances are the elements of a tensor. Others are in ../random.ts.
import { native } from '../../native/load.ts'
import { checked, generatorOf, handleOf, named } from '../args.ts'
import { emptyLike } from '../create.ts'
import { Options } from '../options.ts'
import type { Generator } from '../random.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `bernoulli`. */
export interface BernoulliOptions {
  /** Probability for all elements, in place of x, of which the shape and dtype are taken. */
  p?: number
  generator?: Generator | undefined
}

const bernoulliOptions = new Options<BernoulliOptions>({ p: true, generator: true })

/**
 * 1 with the probability that is the element of x, else 0; of the dtype of x. PyTorch: torch.bernoulli.
 * @throws DTypeError for integers without p, ArgumentError for a p that is not from 0 to 1
 * @example full([4], 0.5).bernoulli() // four tosses of a coin
 */
export function bernoulli(x: Tensor, p?: number | BernoulliOptions, options?: BernoulliOptions): Tensor {
  atMost('bernoulli', 3, arguments.length)
  const given = bernoulliOptions.readFirst('bernoulli', p, options)
  const [handle, generator] = [handleOf('bernoulli', x), generatorOf('bernoulli', given.generator)]
  if (given.p === undefined) return wrap(native.bernoulli(handle, generator))
  const y = emptyLike(checked('bernoulli', x).detach())
  const chance = given.p
  named('bernoulli', () => native.bernoulli_(y.handle, chance, generator))
  return y
}

/** Options of `multinomial`. */
export interface MultinomialOptions {
  /** Whether an index may be drawn again; default false. */
  replacement?: boolean
  generator?: Generator | undefined
}

const multinomialOptions = new Options<MultinomialOptions>({ replacement: true, generator: true })

/**
 * Indices drawn in proportion to weights (n) or rows of weights (rows, n); int64, (numSamples) or (rows, numSamples).
 * PyTorch: torch.multinomial.
 * @throws ArgumentError for negative weights, or more different indices than there are, DTypeError for integers
 * @example multinomial(tensor([0, 10, 3, 0]), 4, { replacement: true })
 */
export function multinomial(
  x: Tensor,
  numSamples: number,
  replacement?: boolean | MultinomialOptions,
  options?: MultinomialOptions,
): Tensor {
  atMost('multinomial', 4, arguments.length)
  const given = multinomialOptions.readFirst('multinomial', replacement, options)
  const generator = generatorOf('multinomial', given.generator)
  return wrap(native.multinomial(handleOf('multinomial', x), numSamples, given.replacement ?? false, generator))
}

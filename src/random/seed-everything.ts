// One seed for all random numbers of a program.
import { atMost, manualSeed } from '../tensor/index.ts'
import { RandomState } from './random-state.ts'

/**
 * Seeds the default generators of all devices, and replaces `Math.random`, which has no seed, by what Python's
 * `random.random()` gives after `random.seed(seed)`. A `RandomState` has a seed of its own. Returns the seed. PyTorch
 * Lightning: seed_everything.
 * @throws ArgumentError unless it is an integer from 0 to 2^32 - 1
 * @example const random = new RandomState(seedEverything(42))
 */
export function seedEverything(seed: number): number {
  atMost('seedEverything', 1, arguments.length)
  const stream = new RandomState([seed])
  manualSeed(seed)
  Math.random = () => stream.random()
  return seed
}

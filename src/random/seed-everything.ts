// One seed for all random numbers of a program.
import { atMost, manualSeed, named } from '../tensor/index.ts'
import { RandomState, type RandomStateTuple } from './random-state.ts'

let forMath: RandomState | undefined

/**
 * Seeds the default generators of all devices, and replaces `Math.random`, which has no seed, by what Python's
 * `random.random()` gives after `random.seed(seed)`. A `RandomState` has a seed of its own. Returns the seed. PyTorch
 * Lightning: seed_everything.
 * @throws ArgumentError unless it is an integer from 0 to 2^32 - 1
 * @example const random = new RandomState(seedEverything(42))
 */
export function seedEverything(seed: number): number {
  atMost('seedEverything', 1, arguments.length)
  const stream = named('seedEverything', () => new RandomState([seed]))
  manualSeed(seed)
  replaceMathRandom(stream)
  return seed
}

function replaceMathRandom(stream: RandomState): void {
  forMath = stream
  Math.random = () => stream.random()
}

/** Where the numbers of `Math.random` are; null if it is JavaScript's own. @internal */
export function mathRandomState(): RandomStateTuple | null {
  return forMath?.getState() ?? null
}

/** Lets `Math.random` go on there. @internal */
export function setMathRandomState(state: RandomStateTuple): void {
  const stream = new RandomState(0)
  stream.setState(state)
  replaceMathRandom(stream)
}

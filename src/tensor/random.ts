// Random numbers, the very ones PyTorch draws after the same seed (MT19937 on the CPU). Every function takes a
// generator; without one they share the default generator, which `manualSeed` seeds.
import { ArgumentError } from '../errors.ts'
import type { GeneratorHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { checked, checkSizes, refuse, type ShapeArgs, shapeArgs } from './args.ts'
import { type DType, dtypeCode } from './dtype.ts'
import { type Tensor, wrap } from './tensor.ts'

/** The seed of a generator nobody has seeded, PyTorch's. */
const defaultSeed = 67280421310721

/** The seed as a signed integer of 64 bits. PyTorch takes both signed and unsigned ones. */
function signedSeed(seed: number | bigint): bigint {
  if (typeof seed !== 'number' && typeof seed !== 'bigint') refuse('manualSeed', 'an integer', seed)
  if (typeof seed === 'number' && !Number.isInteger(seed)) throw outOfRange(seed)
  const bits = BigInt(seed)
  if (bits < -(2n ** 63n) || bits >= 2n ** 64n) throw outOfRange(seed)
  return BigInt.asIntN(64, bits)
}

function outOfRange(seed: number | bigint): ArgumentError {
  return new ArgumentError(`manualSeed: expected an integer from -2^63 to 2^64 - 1, got ${seed}`)
}

/** Where a state holds the seed, its first 8 bytes. */
function seedField(state: Uint8Array): DataView {
  return new DataView(state.buffer, state.byteOffset, 8)
}

/**
 * A stream of random numbers of its own. PyTorch: torch.Generator.
 * @example const split = randomSplit(dataset, [8000, 2000], { generator: new Generator().manualSeed(0) })
 */
export class Generator {
  /** The native generator; null is the default one. @internal */
  readonly handle: GeneratorHandle | null

  /** @internal The parameter; users call `new Generator()`. */
  constructor(handle: GeneratorHandle | null = native.generator(defaultSeed)) {
    this.handle = handle
  }

  /**
   * Starts the stream of the given seed and returns this generator; -1 is the same seed as 2n ** 64n - 1n.
   * @throws ArgumentError unless it is an integer of 64 bits
   */
  manualSeed(seed: number | bigint): this {
    const signed = signedSeed(seed)
    const number = Number(signed)
    if (Number.isSafeInteger(number)) {
      native.manualSeed(this.handle, number)
      return this
    }
    // Only the low 32 bits decide the numbers; a seed that no number can hold is then written into the state whole.
    native.manualSeed(this.handle, Number(BigInt.asUintN(32, signed)))
    const state = this.getState()
    seedField(state).setBigInt64(0, signed, true)
    return this.setState(state)
  }

  /** The seed last set, from 0 to 2^64 - 1: a number, or a bigint where a number could not hold it exactly. */
  initialSeed(): number | bigint {
    const seed = native.initialSeed(this.handle)
    return Number.isSafeInteger(seed) ? seed : seedField(this.getState()).getBigUint64(0, true)
  }

  /** The state of the stream for `setState`, in the 5056 bytes of torch.get_rng_state(). */
  getState(): Uint8Array {
    return native.generatorState(this.handle)
  }

  /**
   * Continues where the stream was when `getState` was called, here or in PyTorch; returns this generator.
   * @throws ArgumentError for bytes that are no state
   */
  setState(state: Uint8Array): this {
    native.setGeneratorState(this.handle, state)
    return this
  }
}

/** The generator used where none is given. PyTorch: torch.default_generator. */
export const defaultGenerator = new Generator(null)

/**
 * Seeds the default generator and returns it. PyTorch: torch.manual_seed.
 * @example manualSeed(42)
 */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator.manualSeed(seed)
}

/** Options of the functions that make tensors of random numbers. */
export interface RandomOptions {
  dtype?: DType
  requiresGrad?: boolean
  generator?: Generator | undefined
}

function made(x: Tensor, options: RandomOptions): Tensor {
  return options.requiresGrad ? x.requiresGrad_() : x
}

/** Random numbers from [0, 1). PyTorch: torch.rand. @throws DTypeError for integers @example rand(2, 3) */
export function rand(...args: ShapeArgs<RandomOptions>): Tensor {
  const [shape, options] = shapeArgs<RandomOptions>('rand', args)
  const handle = native.rand(shape, dtypeCode(options.dtype ?? 'float32'), options.generator?.handle ?? null)
  return made(wrap(handle), options)
}

/** Random numbers from the standard normal distribution. PyTorch: torch.randn. @example randn(64, 1000) */
export function randn(...args: ShapeArgs<RandomOptions>): Tensor {
  const [shape, options] = shapeArgs<RandomOptions>('randn', args)
  const handle = native.randn(shape, dtypeCode(options.dtype ?? 'float32'), options.generator?.handle ?? null)
  return made(wrap(handle), options)
}

/** `rand` in the shape and dtype of x. PyTorch: torch.rand_like. */
export function randLike(x: Tensor, options?: RandomOptions): Tensor {
  return rand(checked('randLike', x).shape, { ...options, dtype: options?.dtype ?? x.dtype })
}

/** `randn` in the shape and dtype of x. PyTorch: torch.randn_like. */
export function randnLike(x: Tensor, options?: RandomOptions): Tensor {
  return randn(checked('randnLike', x).shape, { ...options, dtype: options?.dtype ?? x.dtype })
}

/**
 * Random integers from [low, high), int64; low defaults to 0. PyTorch: torch.randint.
 * @throws ArgumentError when the range is empty
 * @example randint(10, [64]) // or randint(0, 10, [64])
 */
export function randint(high: number, shape: readonly number[], options?: RandomOptions): Tensor
export function randint(low: number, high: number, shape: readonly number[], options?: RandomOptions): Tensor
export function randint(...args: unknown[]): Tensor {
  const [low, high, shape, options = {}] = (typeof args[1] === 'number' ? args : [0, ...args]) as [
    low: number,
    high: number,
    shape: readonly number[],
    options?: RandomOptions,
  ]
  const dtype = dtypeCode(options.dtype ?? 'int64')
  return made(wrap(native.randint(low, high, shape, dtype, options.generator?.handle ?? null)), options)
}

/** The integers 0 … n-1 in random order, int64. PyTorch: torch.randperm. */
export function randperm(n: number, options?: { generator?: Generator | undefined }): Tensor {
  return wrap(native.randperm(n, options?.generator?.handle ?? null))
}

/** Random numbers from a normal distribution. PyTorch: torch.normal. @example normal(0, 0.01, [3, 4]) */
export function normal(mean: number, std: number, shape: readonly number[], options: RandomOptions = {}): Tensor {
  const x = wrap(native.empty(checkSizes('normal', shape), dtypeCode(options.dtype ?? 'float32')))
  native.normal_(x.handle, mean, std, options.generator?.handle ?? null)
  return made(x, options)
}

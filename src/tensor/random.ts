// Random numbers, the very ones PyTorch draws after the same seed (MT19937 on the CPU, Philox on CUDA). Every function
// takes a generator; without one they use the default generator of the device, and `manualSeed` seeds all of those.
import { ArgumentError } from '../errors.ts'
import type { GeneratorHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { checked, checkSizes, flag, generatorOf, handleOf, named, operand, type ShapeArgs, shapeArgs } from './args.ts'
import { type Device, deviceCode } from './device.ts'
import { type DType, dtypeCode } from './dtype.ts'
import { Options } from './options.ts'
import { atMost, refuse } from './refuse.ts'
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

/** Options of `Generator`. */
export interface GeneratorOptions {
  /** Whose tensors it fills, default 'cpu'. */
  device?: Device
}

const generatorOptions = new Options<GeneratorOptions>({ device: true })

/**
 * A stream of random numbers of its own. PyTorch: torch.Generator.
 * @example const split = randomSplit(dataset, [8000, 2000], { generator: new Generator().manualSeed(0) })
 * @example rand(2, 3, { device: 'cuda', generator: new Generator({ device: 'cuda' }) })
 */
export class Generator {
  /** The native generator; null is the default one. @internal */
  readonly handle: GeneratorHandle | null

  /** `null` is the default generator, for internal use. */
  constructor(device?: Device | GeneratorOptions | null) {
    atMost('Generator', 1, arguments.length)
    const given = generatorOptions.readFirst('Generator', device ?? undefined)
    this.handle = device === null ? null : native.generator(defaultSeed, deviceCode('Generator', given.device))
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

  /** The state of the stream for `setState`, in the 5056 bytes of torch.get_rng_state(); 16 on CUDA. */
  getState(): Uint8Array {
    return native.generatorState(this.handle)
  }

  /**
   * Continues where the stream was when `getState` was called, here or in PyTorch; returns this generator.
   * @throws ArgumentError for bytes that are no state
   */
  setState(state: Uint8Array): this {
    named('setState', () => native.setGeneratorState(this.handle, state))
    return this
  }

  /** @throws ArgumentError always: JSON.stringify would otherwise write an empty object */
  toJSON(): never {
    throw new ArgumentError('JSON.stringify: a generator has no JSON form; give it [...generator.getState()]')
  }
}

/** The generator used where none is given. PyTorch: torch.default_generator. */
export const defaultGenerator = new Generator(null)

/**
 * Seeds the default generators of all devices and returns the CPU's. PyTorch: torch.manual_seed.
 * @example manualSeed(42)
 */
export function manualSeed(seed: number | bigint): Generator {
  atMost('manualSeed', 1, arguments.length)
  return defaultGenerator.manualSeed(seed)
}

/** Options of `randperm`. */
export type RandpermOptions = Pick<RandomOptions, 'dtype' | 'device' | 'generator'>

/** Options of the functions that make tensors of random numbers. */
export interface RandomOptions {
  dtype?: DType
  /** Default 'cpu'; for the functions ending in Like, that of the tensor given. */
  device?: Device
  requiresGrad?: boolean
  /** Of the same device. */
  generator?: Generator | undefined
}

const randomOptions = new Options<RandomOptions>({ dtype: true, device: true, requiresGrad: true, generator: true })
const randpermOptions = new Options<RandpermOptions>({ dtype: true, device: true, generator: true })

/** What the native functions take after the sizes. */
function drawn(op: string, { dtype, device, generator }: RandomOptions, usual: DType = 'float32') {
  return [dtypeCode(op, dtype ?? usual), deviceCode(op, device), generatorOf(op, generator)] as const
}

function made(op: string, x: Tensor, options: RandomOptions): Tensor {
  return flag(`${op}: requiresGrad`, options.requiresGrad ?? false) ? named(op, () => x.requiresGrad_()) : x
}

/** Random numbers from [0, 1). PyTorch: torch.rand. @throws DTypeError for integers @example rand(2, 3) */
export function rand(...args: ShapeArgs<RandomOptions>): Tensor {
  const [shape, options] = shapeArgs('rand', randomOptions, args)
  return made('rand', wrap(native.rand(shape, ...drawn('rand', options))), options)
}

/** Random numbers from the standard normal distribution. PyTorch: torch.randn. @example randn(64, 1000) */
export function randn(...args: ShapeArgs<RandomOptions>): Tensor {
  const [shape, options] = shapeArgs('randn', randomOptions, args)
  return made('randn', wrap(native.randn(shape, ...drawn('randn', options))), options)
}

function like(op: string, x: Tensor, options: RandomOptions | undefined): RandomOptions {
  const {
    dtype = checked(op, x).dtype,
    device = x.device,
    requiresGrad = false,
    generator,
  } = randomOptions.read(op, options)
  return { dtype, device, requiresGrad, generator }
}

/** `rand` in the shape, dtype and device of x. PyTorch: torch.rand_like. */
export function randLike(x: Tensor, options?: RandomOptions): Tensor {
  atMost('randLike', 2, arguments.length)
  const given = like('randLike', x, options)
  return named('randLike', () => rand(x.shape, given))
}

/** `randn` in the shape, dtype and device of x. PyTorch: torch.randn_like. */
export function randnLike(x: Tensor, options?: RandomOptions): Tensor {
  atMost('randnLike', 2, arguments.length)
  const given = like('randnLike', x, options)
  return named('randnLike', () => randn(x.shape, given))
}

/**
 * Random integers from [low, high), int64; low defaults to 0. PyTorch: torch.randint.
 * @throws ArgumentError when the range is empty
 * @example randint(10, [64]) // or randint(0, 10, [64])
 */
export function randint(high: number, shape: readonly number[], options?: RandomOptions): Tensor
export function randint(low: number, high: number, shape: readonly number[], options?: RandomOptions): Tensor
export function randint(...args: unknown[]): Tensor {
  atMost('randint', typeof args[1] === 'number' ? 4 : 3, args.length)
  const [low, high, shape, given] = (typeof args[1] === 'number' ? args : [0, ...args]) as [
    low: number,
    high: number,
    shape: readonly number[],
    options?: RandomOptions,
  ]
  const options = randomOptions.read('randint', given)
  return made('randint', wrap(native.randint(low, high, shape, ...drawn('randint', options, 'int64'))), options)
}

/** The integers 0 … n-1 in random order, int64 by default. PyTorch: torch.randperm. */
export function randperm(n: number, options?: RandpermOptions): Tensor {
  atMost('randperm', 2, arguments.length)
  return wrap(native.randperm(n, ...drawn('randperm', randpermOptions.read('randperm', options), 'int64')))
}

/**
 * Random integers from [low, high) in the shape, dtype and device of x; low defaults to 0. PyTorch: torch.randint_like.
 * @throws ArgumentError when the range is empty
 */
export function randintLike(x: Tensor, high: number, options?: RandomOptions): Tensor
export function randintLike(x: Tensor, low: number, high: number, options?: RandomOptions): Tensor
export function randintLike(...args: unknown[]): Tensor {
  atMost('randintLike', typeof args[2] === 'number' ? 4 : 3, args.length)
  const [x, low, high, options] = (typeof args[2] === 'number' ? args : [args[0], 0, ...args.slice(1)]) as [
    x: Tensor,
    low: number,
    high: number,
    options?: RandomOptions,
  ]
  const given = like('randintLike', x, options)
  return named('randintLike', () => randint(low, high, x.shape, given))
}

/** Options of `normal` with tensors, and of `poisson`. */
export type DrawOptions = Pick<RandomOptions, 'generator'>

const drawOptions = new Options<DrawOptions>({ generator: true })

/** Options of `normal` with one tensor, the means. */
export type NormalOfOptions = DrawOptions & {
  /** Default 1. */
  std?: number | Tensor
}

const normalOfOptions = new Options<NormalOfOptions>({ std: true, generator: true })

/**
 * Random numbers from a normal distribution: of a mean and a deviation for all, or of tensors with those of each
 * element, which broadcast. PyTorch: torch.normal.
 * @throws ArgumentError for negative deviations
 * @example normal(0, 0.01, [3, 4])
 * @example normal(tensor([0, 10]), 1)
 */
export function normal(mean: number, std: number, shape: readonly number[], options?: RandomOptions): Tensor
export function normal(mean: Tensor | number, std: Tensor | number, options?: DrawOptions): Tensor
export function normal(mean: Tensor, options?: NormalOfOptions): Tensor
export function normal(...args: unknown[]): Tensor {
  const [mean, std, shape] = args as [Tensor | number, Tensor | number, readonly number[]]
  if (typeof mean === 'number' && typeof std === 'number') {
    atMost('normal', 4, args.length)
    const given = randomOptions.read('normal', args[3] as RandomOptions | undefined)
    const [dtype, device, generator] = drawn('normal', given)
    const x = named('normal', () => wrap(native.empty(checkSizes('normal', shape), dtype, device)))
    named('normal', () => native.normal_(x.handle, mean, std, generator))
    return made('normal', x, given)
  }
  const isAlone = typeof std !== 'number' && std?.handle === undefined
  atMost('normal', isAlone ? 2 : 3, args.length)
  const { std: deviation, generator } = isAlone
    ? normalOfOptions.read('normal', args[1] as NormalOfOptions | undefined)
    : { std, ...drawOptions.read('normal', args[2] as DrawOptions | undefined) }
  const source = generatorOf('normal', generator)
  return wrap(native.normal(operand('normal', mean), operand('normal', deviation ?? 1), source))
}

/**
 * Random counts from Poisson distributions with the elements as their rates. PyTorch: torch.poisson.
 * @throws DTypeError for integers, ArgumentError for negative rates
 * @example poisson(full([4], 2.5))
 */
export function poisson(x: Tensor, options?: DrawOptions): Tensor {
  atMost('poisson', 2, arguments.length)
  const generator = generatorOf('poisson', drawOptions.read('poisson', options).generator)
  return wrap(native.poisson(handleOf('poisson', x), generator))
}

// Random numbers, the very ones PyTorch draws after the same seed (MT19937 on the CPU). Every function takes a
// generator; without one they share the default generator, which `manualSeed` seeds.
import type { GeneratorHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { type ShapeArgs, shapeArgs } from './args.ts'
import { type DType, dtypeCode } from './dtype.ts'
import { type Tensor, wrap } from './tensor.ts'

/** The seed of a generator nobody has seeded, PyTorch's. */
const defaultSeed = 67280421310721

/** Only the low 32 bits of a seed decide the numbers, so a seed that no number can hold is cut to them. */
function seedNumber(seed: number | bigint): number {
  if (Number.isSafeInteger(Number(seed)) && seed >= 0) return Number(seed)
  return Number(BigInt.asUintN(32, BigInt(seed)))
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

  /** Starts the stream of the given seed and returns this generator. */
  manualSeed(seed: number | bigint): this {
    native.manualSeed(this.handle, seedNumber(seed))
    return this
  }

  /** The seed last set. */
  initialSeed(): number {
    return native.initialSeed(this.handle)
  }

  /** The state of the stream, for `setState`. */
  getState(): Uint8Array {
    return native.generatorState(this.handle)
  }

  /** Continues where the stream was when `getState` was called; returns this generator. @throws ArgumentError */
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
  const [shape, options] = shapeArgs<RandomOptions>(args)
  const handle = native.rand(shape, dtypeCode(options.dtype ?? 'float32'), options.generator?.handle ?? null)
  return made(wrap(handle), options)
}

/** Random numbers from the standard normal distribution. PyTorch: torch.randn. @example randn(64, 1000) */
export function randn(...args: ShapeArgs<RandomOptions>): Tensor {
  const [shape, options] = shapeArgs<RandomOptions>(args)
  const handle = native.randn(shape, dtypeCode(options.dtype ?? 'float32'), options.generator?.handle ?? null)
  return made(wrap(handle), options)
}

/** `rand` in the shape and dtype of x. PyTorch: torch.rand_like. */
export function randLike(x: Tensor, options?: RandomOptions): Tensor {
  return rand(x.shape, { dtype: x.dtype, ...options })
}

/** `randn` in the shape and dtype of x. PyTorch: torch.randn_like. */
export function randnLike(x: Tensor, options?: RandomOptions): Tensor {
  return randn(x.shape, { dtype: x.dtype, ...options })
}

/**
 * Random integers from [low, high), int64; low defaults to 0. PyTorch: torch.randint.
 * @throws ArgumentError when the range is empty
 * @example randint(10, [64]) // or randint(0, 10, [64])
 */
export function randint(high: number, shape: readonly number[], options?: RandomOptions): Tensor
export function randint(low: number, high: number, shape: readonly number[], options?: RandomOptions): Tensor
export function randint(
  ...args:
    | [high: number, shape: readonly number[], options?: RandomOptions]
    | [low: number, high: number, shape: readonly number[], options?: RandomOptions]
): Tensor {
  const [low, high, shape, options = {}] = typeof args[1] === 'number' ? args : ([0, ...args] as const)
  const dtype = dtypeCode((options as RandomOptions).dtype ?? 'int64')
  const generator = (options as RandomOptions).generator?.handle ?? null
  return made(
    wrap(native.randint(low, high as number, shape as readonly number[], dtype, generator)),
    options as RandomOptions,
  )
}

/** The integers 0 … n-1 in random order, int64. PyTorch: torch.randperm. */
export function randperm(n: number, options?: { generator?: Generator | undefined }): Tensor {
  return wrap(native.randperm(n, options?.generator?.handle ?? null))
}

/** Random numbers from a normal distribution. PyTorch: torch.normal. @example normal(0, 0.01, [3, 4]) */
export function normal(mean: number, std: number, shape: readonly number[], options: RandomOptions = {}): Tensor {
  const x = wrap(native.empty(shape, dtypeCode(options.dtype ?? 'float32')))
  native.normal_(x.handle, mean, std, options.generator?.handle ?? null)
  return made(x, options)
}

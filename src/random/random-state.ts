// NumPy's random numbers: the stream of np.random.seed(42), which programs draw their data from. It is that of
// np.random.RandomState, not np.random.default_rng's, and not PyTorch's (`manualSeed`). Uniform numbers, integers
// and orders are NumPy's to the last bit; normal ones as far as JavaScript's logarithm is that of C: 3 % of them differ
// by one or two units in the last place.
import { ArgumentError } from '../errors.ts'
import {
  afford,
  atMost,
  checked,
  checkSizes,
  flag,
  indexSelect,
  Options,
  refuse,
  shown,
  Tensor,
  type TypedArray,
  tensor,
} from '../tensor/index.ts'
import { type Probabilities, places, shuffle } from './choice.ts'
import { Mt19937 } from './mt19937.ts'

/** Number of numbers, or sizes of a tensor of them. */
export type Size = number | readonly number[]

/** Options of `RandomState` and its method `seed`. */
export interface SeedOptions {
  /** An integer of 32 bits or several; default: a seed from the operating system. */
  seed?: number | readonly number[]
}

/** Options of `random` and `standardNormal`. */
export interface SizeOptions {
  /** Default: a single number. */
  size?: Size
}

/** Options of `uniform`. */
export interface UniformOptions extends SizeOptions {
  /** Default 0. */
  low?: number
  /** Default 1. */
  high?: number
}

/** Options of `normal`. */
export interface NormalOptions extends SizeOptions {
  /** Mean, default 0. */
  loc?: number
  /** Standard deviation, default 1. */
  scale?: number
}

/** Options of `randint`. */
export interface RandintOptions extends SizeOptions {
  /** The end of the range, which does not belong to it; without it `low` is the end, and 0 the start. */
  high?: number
}

/** Options of `choice`. */
export interface ChoiceOptions extends SizeOptions {
  /** Whether one item may be drawn several times, default true. */
  replace?: boolean
  /** The probability of each item; default: all are equal. */
  p?: Probabilities
}

/** The state of a stream, as np.random.get_state() gives it. */
export type RandomStateTuple = readonly [
  name: 'MT19937',
  key: Uint32Array,
  position: number,
  hasGauss: number,
  cachedGaussian: number,
]

type One<O extends SizeOptions> = O & { size?: undefined }

const seedOptions = new Options<SeedOptions>({ seed: true })
const sizeOptions = new Options<SizeOptions>({ size: true })
const uniformOptions = new Options<UniformOptions>({ low: true, high: true, size: true })
const normalOptions = new Options<NormalOptions>({ loc: true, scale: true, size: true })
const randintOptions = new Options<RandintOptions>({ high: true, size: true })
const choiceOptions = new Options<ChoiceOptions>({ size: true, replace: true, p: true })

const isList = (x: unknown) => Array.isArray(x) || (ArrayBuffer.isView(x) && !(x instanceof DataView))
const isWord = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32

function finite(what: string, value: number): number {
  if (typeof value !== 'number') refuse(what, 'a number', value)
  if (!Number.isFinite(value)) throw new ArgumentError(`${what}: expected a finite number, got ${value}`)
  return value
}

function integer(what: string, value: number): number {
  if (typeof value !== 'number') refuse(what, 'an integer', value)
  if (!Number.isSafeInteger(value)) throw new ArgumentError(`${what}: expected an integer, got ${value}`)
  return value
}

function shapeOf(op: string, size: Size): readonly number[] {
  const shape = checkSizes(op, typeof size === 'number' ? [size] : size)
  afford(op, shape)
  return shape
}

const product = (shape: readonly number[]) => shape.reduce((count, length) => count * length, 1)

function drawn(op: string, size: Size | undefined, next: () => number): number | Tensor {
  if (size === undefined) return next()
  const shape = shapeOf(op, size)
  const values = new Float64Array(product(shape))
  for (let i = 0; i < values.length; i++) values[i] = next()
  return tensor(values).view(shape)
}

const int64 = (values: readonly number[]) => tensor(BigInt64Array.from(values, BigInt))

/**
 * A stream of NumPy's random numbers. Where no size is given a method returns a number, else a float64 or int64 tensor.
 * NumPy: np.random.RandomState, and the functions of np.random after np.random.seed.
 * @throws ArgumentError for a seed that is not from 0 to 2^32 - 1
 * @example
 * const random = new RandomState(42)
 * const x = random.rand(100, 1)
 * const y = x.mul(2).add(1).add(random.randn(100, 1).mul(0.1))
 */
export class RandomState {
  readonly #words = new Mt19937()
  /** The second number of a pair of normal ones, which the next draw takes. */
  #waiting: number | undefined

  constructor(seed?: number | readonly number[] | SeedOptions) {
    atMost('RandomState', 1, arguments.length)
    this.#start('RandomState', seed)
  }

  /** Starts the stream anew. NumPy: np.random.seed. */
  seed(seed?: number | readonly number[] | SeedOptions): void {
    atMost('seed', 1, arguments.length)
    this.#start('seed', seed)
  }

  #start(op: string, seed?: number | readonly number[] | SeedOptions): void {
    const given = seedOptions.readFirst(op, seed).seed ?? Array.from(crypto.getRandomValues(new Uint32Array(8)))
    const seeds = typeof given === 'number' ? [given] : given
    if (!Array.isArray(seeds)) refuse(op, 'an integer or an array of them', given)
    if (seeds.length === 0 || !seeds.every(isWord)) {
      throw new ArgumentError(`${op}: expected integers from 0 to 2^32 - 1, got ${shown(seeds)}`)
    }
    if (typeof given === 'number') this.#words.seed(given)
    else this.#words.seedByArray(given)
    this.#waiting = undefined
  }

  /** Where the stream is, for `setState`. NumPy: np.random.get_state. */
  getState(): RandomStateTuple {
    const { key, position } = this.#words
    return ['MT19937', key.slice(), position, this.#waiting === undefined ? 0 : 1, this.#waiting ?? 0]
  }

  /** Goes on where a stream was, here or in NumPy. @throws ArgumentError for anything but a state of `getState` */
  setState(state: RandomStateTuple): void {
    const [name, key, position, hasGauss, cached] = Array.isArray(state) ? (state as unknown as RandomStateTuple) : []
    const keys: number[] = isList(key) ? Array.prototype.slice.call(key) : [] // not by an iterator, see `permutation`
    if (name !== 'MT19937' || keys.length !== 624 || !keys.every(isWord) || !(position! >= 0 && position! <= 624)) {
      throw new ArgumentError("setState: expected ['MT19937', 624 words, position, hasGauss, cachedGaussian]")
    }
    this.#words.key.set(keys)
    this.#words.position = position!
    this.#waiting = hasGauss ? cached : undefined
  }

  /** Numbers from [0, 1); the sizes one by one. NumPy: np.random.rand. @example random.rand(100, 1) */
  rand(): number
  rand(...shape: [number, ...number[]]): Tensor
  rand(...shape: number[]): number | Tensor {
    return drawn('rand', shape.length === 0 ? undefined : shape, () => this.#words.double())
  }

  /** Numbers of the standard normal distribution; the sizes one by one. NumPy: np.random.randn. */
  randn(): number
  randn(...shape: [number, ...number[]]): Tensor
  randn(...shape: number[]): number | Tensor {
    return drawn('randn', shape.length === 0 ? undefined : shape, () => this.#normal())
  }

  /** Numbers from [0, 1). NumPy: np.random.random. @example random.random([2, 3]) */
  random(options?: One<SizeOptions>): number
  random(size: Size | SizeOptions): Tensor
  random(size?: Size | SizeOptions): number | Tensor {
    atMost('random', 1, arguments.length)
    return drawn('random', sizeOptions.readFirst('random', size).size, () => this.#words.double())
  }

  /** Numbers of the standard normal distribution. NumPy: np.random.standard_normal. */
  standardNormal(options?: One<SizeOptions>): number
  standardNormal(size: Size | SizeOptions): Tensor
  standardNormal(size?: Size | SizeOptions): number | Tensor {
    atMost('standardNormal', 1, arguments.length)
    return drawn('standardNormal', sizeOptions.readFirst('standardNormal', size).size, () => this.#normal())
  }

  /** Numbers from [low, high). NumPy: np.random.uniform. @example random.uniform(-1, 1, { size: 5 }) */
  uniform(options: UniformOptions & { size: Size }): Tensor
  uniform(low: number, options: UniformOptions & { size: Size }): Tensor
  uniform(low: number, high: number, options: { size: Size }): Tensor
  uniform(low?: number | One<UniformOptions>, high?: number | One<UniformOptions>): number
  uniform(low?: number | UniformOptions, high?: number | UniformOptions, options?: UniformOptions): number | Tensor {
    atMost('uniform', 3, arguments.length)
    const given = uniformOptions.readTwo('uniform', low, high, options)
    const from = finite('uniform: low', given.low ?? 0)
    const range = finite('uniform: high', given.high ?? 1) - from
    return drawn('uniform', given.size, () => from + range * this.#words.double())
  }

  /** Numbers of a normal distribution. NumPy: np.random.normal. @example random.normal(0, 0.1, { size: [100, 1] }) */
  normal(options: NormalOptions & { size: Size }): Tensor
  normal(loc: number, options: NormalOptions & { size: Size }): Tensor
  normal(loc: number, scale: number, options: { size: Size }): Tensor
  normal(loc?: number | One<NormalOptions>, scale?: number | One<NormalOptions>): number
  normal(loc?: number | NormalOptions, scale?: number | NormalOptions, options?: NormalOptions): number | Tensor {
    atMost('normal', 3, arguments.length)
    const given = normalOptions.readTwo('normal', loc, scale, options)
    const mean = finite('normal: loc', given.loc ?? 0)
    const deviation = finite('normal: scale', given.scale ?? 1)
    if (deviation < 0) throw new ArgumentError(`normal: scale must not be negative, got ${deviation}`)
    return drawn('normal', given.size, () => mean + deviation * this.#normal())
  }

  /**
   * Integers from [low, high), or from [0, low). NumPy: np.random.randint.
   * @throws ArgumentError when the range is empty, or reaches beyond 2^53
   * @example random.randint(1, 7, { size: 10 })
   */
  randint(low: number, options: RandintOptions & { size: Size }): Tensor
  randint(low: number, high: number, options: { size: Size }): Tensor
  randint(low: number, high?: number | One<RandintOptions>): number
  randint(low: number, high?: number | RandintOptions, options?: RandintOptions): number | Tensor {
    atMost('randint', 3, arguments.length)
    const given = randintOptions.readFirst('randint', high, options)
    const [start, end] = given.high === undefined ? [0, low] : [low, given.high]
    if (integer('randint: low', start) >= integer('randint: high', end)) {
      throw new ArgumentError(`randint: the range from ${start} to ${end} is empty`)
    }
    const first = BigInt(start)
    const most = BigInt(end) - first - 1n
    const draw = () => this.#words.upToLarge(most) + first
    if (given.size === undefined) return Number(draw())
    const shape = shapeOf('randint', given.size)
    return tensor(BigInt64Array.from({ length: product(shape) }, draw)).view(shape)
  }

  /**
   * Items of an array, of a tensor of one dimension, or of 0 … a - 1. NumPy: np.random.choice.
   * @throws ArgumentError when there are not enough, or for probabilities that do not add up to 1
   * @example random.choice(['a', 'b', 'c'], 2, { p: [0.5, 0.25, 0.25] })
   * @example random.choice(100, { size: 10, replace: false })
   */
  choice(a: number, options?: One<ChoiceOptions>): number
  choice<T>(a: readonly T[], options?: One<ChoiceOptions>): T
  choice(a: Tensor, options?: One<ChoiceOptions>): Tensor
  choice(a: number | Tensor, size: Size | ChoiceOptions, options?: ChoiceOptions): Tensor
  choice<T>(a: readonly T[], size: number | ChoiceOptions, options?: ChoiceOptions): T[]
  choice<T>(
    a: number | Tensor | readonly T[],
    size?: Size | ChoiceOptions,
    options?: ChoiceOptions,
  ): number | Tensor | T | T[] {
    atMost('choice', 3, arguments.length)
    const given = choiceOptions.readFirst('choice', size, options)
    const replace = flag('choice: replace', given.replace ?? true)
    if (a instanceof Tensor && a.ndim !== 1) {
      throw new ArgumentError(`choice: a: expected a tensor of one dimension, got [${a.shape.join(', ')}]`)
    }
    const n =
      a instanceof Tensor
        ? a.size(0)
        : Array.isArray(a)
          ? a.length
          : shapeOf('choice', integer('choice: a', a as number))[0]!
    const shape = shapeOf('choice', given.size ?? 1)
    const found = places(this.#words, n, { count: product(shape), replace, p: given.p })
    if (Array.isArray(a)) {
      if (shape.length !== 1) throw new ArgumentError('choice: size: of an array it is a number; give a tensor instead')
      return given.size === undefined ? a[found[0]!]! : found.map(i => a[i]!)
    }
    if (given.size === undefined) return a instanceof Tensor ? a.select(0, found[0]!) : found[0]!
    const indices = int64(found)
    return (a instanceof Tensor ? indexSelect(a, 0, indices.to(a.device)) : indices).view(shape)
  }

  /**
   * The numbers 0 … x - 1 in random order, int64; or a copy of an array, or of a tensor along its first dimension.
   * NumPy: np.random.permutation.
   * @example random.permutation(5)
   */
  permutation(x: number | Tensor): Tensor
  permutation<A extends TypedArray | unknown[]>(x: A): A
  permutation(x: number | Tensor | TypedArray | unknown[]): Tensor | TypedArray | unknown[] {
    if (x instanceof Tensor) return indexSelect(x, 0, this.permutation(checked('permutation', x).size(0)).to(x.device))
    if (typeof x !== 'number' && !isList(x)) refuse('permutation', 'a number, a tensor or an array', x)
    // An array whose memory has gone to another thread has no elements, and refuses to be copied.
    const copy = () =>
      Array.isArray(x) || (x as TypedArray).length > 0 ? (x as TypedArray).slice() : (x as TypedArray)
    const items = typeof x === 'number' ? Array.from({ length: shapeOf('permutation', x)[0]! }, (_, i) => i) : copy()
    shuffle(this.#words, items)
    return typeof x === 'number' ? int64(items as number[]) : items
  }

  /**
   * Brings an array, or a tensor along its first dimension, into random order. NumPy: np.random.shuffle.
   * @example const order = arange(100); random.shuffle(order)
   */
  shuffle(x: Tensor | TypedArray | unknown[]): void {
    if (x instanceof Tensor) checked('shuffle', x).copy_(this.permutation(x))
    else if (isList(x)) shuffle(this.#words, x)
    else refuse('shuffle', 'a tensor or an array', x)
  }

  /** @throws ArgumentError always: JSON.stringify would otherwise write an empty object */
  toJSON(): never {
    throw new ArgumentError('JSON.stringify: a RandomState has no JSON form; give it its getState()')
  }

  /** The polar method, which makes two numbers at a time. */
  #normal(): number {
    if (this.#waiting !== undefined) {
      const second = this.#waiting
      this.#waiting = undefined
      return second
    }
    for (;;) {
      const x = 2 * this.#words.double() - 1
      const y = 2 * this.#words.double() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      this.#waiting = factor * x
      return factor * y
    }
  }
}

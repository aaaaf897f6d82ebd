// Filling parameters before training. Each function changes its tensor without recording, returns it, and draws the
// same numbers as PyTorch; names of modes and nonlinearities are PyTorch's strings.
import { ArgumentError, ShapeError } from '../errors.ts'
import { firstOption, type Generator, noGrad, type Tensor } from '../tensor/index.ts'

/** What follows the layer, for `calculateGain`. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu'

/** Options with a generator. */
export interface InitOptions {
  generator?: Generator | undefined
}

/** Options of `uniform_`. */
export interface UniformOptions extends InitOptions {
  a?: number
  b?: number
}

/** Options of `normal_`. */
export interface NormalOptions extends InitOptions {
  mean?: number
  std?: number
}

/** Options of the Kaiming initialisations. */
export interface KaimingOptions extends InitOptions {
  /** Negative slope of leaky_relu, default 0. */
  a?: number
  /** Which direction keeps its variance, default 'fan_in'. */
  mode?: 'fan_in' | 'fan_out'
  /** Default 'leaky_relu'. */
  nonlinearity?: Nonlinearity
}

/** Options of the Xavier initialisations. */
export interface XavierOptions extends InitOptions {
  gain?: number
}

/**
 * Numbers of inputs and outputs of a weight (out, in, …kernel). PyTorch: torch.nn.init._calculate_fan_in_and_fan_out.
 * @throws ShapeError below two dimensions
 */
export function calculateFanInAndFanOut(x: Tensor): [fanIn: number, fanOut: number] {
  if (x.ndim < 2) throw new ShapeError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions')
  const [out, input, ...kernel] = x.shape as [number, number, ...number[]]
  const field = kernel.reduce((product, size) => product * size, 1)
  return [input * field, out * field]
}

/** Recommended factor for a nonlinearity; `param` is the slope of leaky_relu. PyTorch: torch.nn.init.calculate_gain. */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3
    case 'relu':
      return Math.sqrt(2)
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + param ** 2))
    case 'selu':
      return 3 / 4
    case 'linear':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'sigmoid':
      return 1
    default:
      throw new ArgumentError(`Unsupported nonlinearity ${nonlinearity satisfies never}`)
  }
}

/** Numbers from [a, b), default [0, 1). PyTorch: torch.nn.init.uniform_. */
export function uniform_(x: Tensor, a?: number | UniformOptions, b?: number, options?: UniformOptions): Tensor {
  const given = firstOption('a', a, b === undefined ? options : firstOption('b', b, options))
  return noGrad(() => x.uniform_(given.a ?? 0, given.b ?? 1, { generator: given.generator }))
}

/** Numbers from a normal distribution. PyTorch: torch.nn.init.normal_. */
export function normal_(x: Tensor, mean?: number | NormalOptions, std?: number, options?: NormalOptions): Tensor {
  return noGrad(() => x.normal_(mean, std, options))
}

/** One value everywhere. PyTorch: torch.nn.init.constant_. */
export function constant_(x: Tensor, value: number): Tensor {
  return noGrad(() => x.fill_(value))
}

/** Zeros. PyTorch: torch.nn.init.zeros_. */
export function zeros_(x: Tensor): Tensor {
  return constant_(x, 0)
}

/** Ones. PyTorch: torch.nn.init.ones_. */
export function ones_(x: Tensor): Tensor {
  return constant_(x, 1)
}

function kaimingStd(x: Tensor, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions): number {
  if (mode !== 'fan_in' && mode !== 'fan_out') {
    throw new ArgumentError(`Mode ${mode satisfies never} not supported, please use one of fan_in, fan_out`)
  }
  const [fanIn, fanOut] = calculateFanInAndFanOut(x)
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut)
}

/**
 * Uniform, keeping the variance through rectifiers (He et al., 2015). PyTorch: torch.nn.init.kaiming_uniform_.
 * @throws ShapeError below two dimensions
 */
export function kaimingUniform_(x: Tensor, a?: number | KaimingOptions, options?: KaimingOptions): Tensor {
  const given = firstOption('a', a, options)
  if (x.numel() === 0 && x.ndim >= 2) return x // nothing to draw, and no variance to keep
  const bound = Math.sqrt(3) * kaimingStd(x, given)
  return uniform_(x, -bound, bound, { generator: given.generator })
}

/** Normal, keeping the variance through rectifiers (He et al., 2015). PyTorch: torch.nn.init.kaiming_normal_. */
export function kaimingNormal_(x: Tensor, a?: number | KaimingOptions, options?: KaimingOptions): Tensor {
  const given = firstOption('a', a, options)
  if (x.numel() === 0 && x.ndim >= 2) return x // nothing to draw, and no variance to keep
  return normal_(x, 0, kaimingStd(x, given), { generator: given.generator })
}

function xavierStd(x: Tensor, { gain = 1 }: XavierOptions): number {
  const [fanIn, fanOut] = calculateFanInAndFanOut(x)
  return gain * Math.sqrt(2 / (fanIn + fanOut))
}

/**
 * Uniform, keeping the variance both ways (Glorot and Bengio, 2010). PyTorch: torch.nn.init.xavier_uniform_.
 * @throws ShapeError below two dimensions
 */
export function xavierUniform_(x: Tensor, gain?: number | XavierOptions, options?: XavierOptions): Tensor {
  const given = firstOption('gain', gain, options)
  const bound = Math.sqrt(3) * xavierStd(x, given)
  return uniform_(x, -bound, bound, { generator: given.generator })
}

/** Normal, keeping the variance both ways (Glorot and Bengio, 2010). PyTorch: torch.nn.init.xavier_normal_. */
export function xavierNormal_(x: Tensor, gain?: number | XavierOptions, options?: XavierOptions): Tensor {
  const given = firstOption('gain', gain, options)
  return normal_(x, 0, xavierStd(x, given), { generator: given.generator })
}

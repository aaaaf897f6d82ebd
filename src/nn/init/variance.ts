// Random numbers whose spread follows from the size of the layer, so that what passes through keeps its variance. The
// names of the modes are PyTorch's strings.
import { ArgumentError } from '../../errors.ts'
import { atMost, checked, named, Options, refuse, shown, type Tensor } from '../../tensor/index.ts'
import { type InitOptions, normal_, uniform_ } from './fill.ts'
import { calculateFanInAndFanOut, calculateGain, type Nonlinearity } from './gain.ts'

/** Options of the Kaiming initialisations. */
export interface KaimingOptions extends InitOptions {
  /** Negative slope of leaky_relu, default 0. */
  a?: number
  /** Which direction keeps its variance, default 'fan_in'. */
  mode?: 'fan_in' | 'fan_out'
  /** Default 'leaky_relu'. */
  nonlinearity?: Nonlinearity
}

const kaimingOptions = new Options<KaimingOptions>({ a: true, mode: true, nonlinearity: true, generator: true })

function kaimingStd(x: Tensor, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions): number {
  if (mode !== 'fan_in' && mode !== 'fan_out') {
    throw new ArgumentError(`Mode ${shown(mode satisfies never)} not supported, please use one of fan_in, fan_out`)
  }
  const [fanIn, fanOut] = calculateFanInAndFanOut(x)
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut)
}

/**
 * Uniform, keeping the variance through rectifiers (He et al., 2015). PyTorch: torch.nn.init.kaiming_uniform_.
 * @throws ShapeError below two dimensions
 */
export function kaimingUniform_(x: Tensor, a?: number | KaimingOptions, options?: KaimingOptions): Tensor {
  atMost('kaimingUniform_', 3, arguments.length)
  const given = kaimingOptions.readFirst('kaimingUniform_', a, options)
  if (checked('kaimingUniform_', x).numel() === 0 && x.ndim >= 2) return x // nothing to draw, and no variance to keep
  return named('kaimingUniform_', () => {
    const bound = Math.sqrt(3) * kaimingStd(x, given)
    return uniform_(x, -bound, bound, { generator: given.generator })
  })
}

/** Normal, keeping the variance through rectifiers (He et al., 2015). PyTorch: torch.nn.init.kaiming_normal_. */
export function kaimingNormal_(x: Tensor, a?: number | KaimingOptions, options?: KaimingOptions): Tensor {
  atMost('kaimingNormal_', 3, arguments.length)
  const given = kaimingOptions.readFirst('kaimingNormal_', a, options)
  if (checked('kaimingNormal_', x).numel() === 0 && x.ndim >= 2) return x // nothing to draw, and no variance to keep
  return named('kaimingNormal_', () => normal_(x, 0, kaimingStd(x, given), { generator: given.generator }))
}

/** Options of the Xavier initialisations. */
export interface XavierOptions extends InitOptions {
  gain?: number
}

const xavierOptions = new Options<XavierOptions>({ gain: true, generator: true })

function xavierStd(x: Tensor, { gain = 1 }: XavierOptions): number {
  if (typeof gain !== 'number') refuse('gain', 'a number', gain)
  const [fanIn, fanOut] = calculateFanInAndFanOut(x)
  return gain * Math.sqrt(2 / (fanIn + fanOut))
}

/**
 * Uniform, keeping the variance both ways (Glorot and Bengio, 2010). PyTorch: torch.nn.init.xavier_uniform_.
 * @throws ShapeError below two dimensions
 */
export function xavierUniform_(x: Tensor, gain?: number | XavierOptions, options?: XavierOptions): Tensor {
  atMost('xavierUniform_', 3, arguments.length)
  const given = xavierOptions.readFirst('xavierUniform_', gain, options)
  return named('xavierUniform_', () => {
    const bound = Math.sqrt(3) * xavierStd(x, given)
    return uniform_(x, -bound, bound, { generator: given.generator })
  })
}

/** Normal, keeping the variance both ways (Glorot and Bengio, 2010). PyTorch: torch.nn.init.xavier_normal_. */
export function xavierNormal_(x: Tensor, gain?: number | XavierOptions, options?: XavierOptions): Tensor {
  atMost('xavierNormal_', 3, arguments.length)
  const given = xavierOptions.readFirst('xavierNormal_', gain, options)
  return named('xavierNormal_', () => normal_(x, 0, xavierStd(x, given), { generator: given.generator }))
}

// What the size of a layer and the function behind it do to the variance of what passes through. The names of the
// functions are PyTorch's strings.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { atMost, checked, Options, refuse, shown, type Tensor } from '../../tensor/index.ts'

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

/**
 * Numbers of inputs and outputs of a weight (out, in, …kernel). PyTorch: torch.nn.init._calculate_fan_in_and_fan_out.
 * @throws ShapeError below two dimensions
 */
export function calculateFanInAndFanOut(x: Tensor): [fanIn: number, fanOut: number] {
  atMost('calculateFanInAndFanOut', 1, arguments.length)
  if (checked('calculateFanInAndFanOut', x).ndim < 2) {
    throw new ShapeError(
      'calculateFanInAndFanOut: Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
    )
  }
  const [out, input, ...kernel] = x.shape as [number, number, ...number[]]
  const field = kernel.reduce((product, size) => product * size, 1)
  return [input * field, out * field]
}

/** Options of `calculateGain`. */
export interface GainOptions {
  /** Negative slope of leaky_relu, default 0.01. */
  param?: number
}

const gainOptions = new Options<GainOptions>({ param: true })

/** Recommended factor for a nonlinearity. PyTorch: torch.nn.init.calculate_gain. */
export function calculateGain(nonlinearity: Nonlinearity, param?: number | GainOptions): number {
  atMost('calculateGain', 2, arguments.length)
  const { param: slope = 0.01 } = gainOptions.readFirst('calculateGain', param)
  if (typeof slope !== 'number') refuse('calculateGain: param', 'a number', slope)
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3
    case 'relu':
      return Math.sqrt(2)
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + slope ** 2))
    case 'selu':
      return 3 / 4
    case 'linear':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'sigmoid':
      return 1
    default:
      throw new ArgumentError(`calculateGain: Unsupported nonlinearity ${shown(nonlinearity satisfies never)}`)
  }
}

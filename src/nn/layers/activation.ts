// Layers without parameters that work element by element or along one dimension.
import { ArgumentError } from '../../errors.ts'
import { atMost, logSoftmax, Options, relu, repr, type Tensor } from '../../tensor/index.ts'
import { Module } from '../module/module.ts'

/** `max(x, 0)`. PyTorch: torch.nn.ReLU. @example new nn.ReLU()(randn(2)) */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x)
  }
}

/** Options of `LogSoftmax`. */
export interface LogSoftmaxOptions {
  /** The dimension along which the result adds up to 1. */
  dim: number
}

const logSoftmaxOptions = new Options<LogSoftmaxOptions>({ dim: true })

/**
 * Logarithm of softmax along `dim`, which has to be given. PyTorch: torch.nn.LogSoftmax.
 * @throws ArgumentError without `dim`
 * @example new nn.LogSoftmax(1)(scores)
 */
export class LogSoftmax extends Module {
  readonly dim: number

  constructor(dim: number | LogSoftmaxOptions) {
    atMost('LogSoftmax', 1, arguments.length)
    super()
    const given = logSoftmaxOptions.readFirst('LogSoftmax', dim)
    if (given.dim === undefined)
      throw new ArgumentError('LogSoftmax: say along which dimension, for example { dim: 1 }')
    this.dim = given.dim
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim)
  }

  override extraRepr(): string {
    return repr(this, 'dim')
  }
}

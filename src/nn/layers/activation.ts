// Layers without parameters that work element by element or along one dimension.
import { ArgumentError, ShapeError } from '../../errors.ts'
import {
  atMost,
  checked,
  logSoftmax,
  Options,
  reals,
  repr,
  sigmoid,
  softmax,
  type Tensor,
  tanh,
} from '../../tensor/index.ts'
import { gelu, logsigmoid, softplus, softsign } from '../functional/activation.ts'
import {
  type GeluOptions,
  type GluOptions,
  geluOptions,
  gluOptions,
  type ShrinkOptions,
  type SoftplusOptions,
  shrinkOptions,
  softplusOptions,
} from '../functional/activation-options.ts'
import { glu, softmin } from '../functional/gate.ts'
import { hardshrink, softshrink, tanhshrink } from '../functional/shrink.ts'
import { Module } from '../module/module.ts'

/** Hyperbolic tangent. PyTorch: torch.nn.Tanh. @example new nn.Tanh()(randn(2)) */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x)
  }
}

/** `1 / (1 + exp(-x))`. PyTorch: torch.nn.Sigmoid. @example new nn.Sigmoid()(randn(2)) */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x)
  }
}

/** x times the part of a normal distribution that lies below it. PyTorch: torch.nn.GELU. */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh'

  constructor(options?: GeluOptions) {
    atMost('GELU', 1, arguments.length)
    super()
    this.approximate = geluOptions.read('GELU', options).approximate ?? 'none'
  }

  forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate })
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`
  }
}

/** `log(1 + exp(beta x)) / beta`. PyTorch: torch.nn.Softplus. */
export class Softplus extends Module {
  readonly beta: number
  readonly threshold: number

  constructor(beta?: number | SoftplusOptions, options?: SoftplusOptions) {
    atMost('Softplus', 2, arguments.length)
    super()
    const given = softplusOptions.readFirst('Softplus', beta, options)
    this.beta = given.beta ?? 1
    this.threshold = given.threshold ?? 20
  }

  forward(x: Tensor): Tensor {
    const { beta, threshold } = this
    return softplus(x, { beta, threshold })
  }

  override extraRepr(): string {
    return reals(this, 'beta threshold')
  }
}

/** `log(sigmoid(x))`. PyTorch: torch.nn.LogSigmoid. */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return logsigmoid(x)
  }
}

/** `x / (1 + |x|)`. PyTorch: torch.nn.Softsign. */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return softsign(x)
  }
}

/** `x - tanh(x)`. PyTorch: torch.nn.Tanhshrink. */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return tanhshrink(x)
  }
}

/** What draws x towards zero. */
abstract class Shrink extends Module {
  readonly lambd: number

  constructor(lambd?: number | ShrinkOptions) {
    super()
    this.lambd = shrinkOptions.readFirst(new.target.name, lambd).lambd ?? 0.5
  }

  override extraRepr(): string {
    return reals(this, 'lambd').replace('lambd=', '')
  }
}

/** x where it is more than `lambd` away from zero, else 0. PyTorch: torch.nn.Hardshrink. */
export class Hardshrink extends Shrink {
  constructor(lambd?: number | ShrinkOptions) {
    atMost('Hardshrink', 1, arguments.length)
    super(lambd)
  }

  forward(x: Tensor): Tensor {
    return hardshrink(x, this.lambd)
  }
}

/** x, `lambd` closer to zero. PyTorch: torch.nn.Softshrink. */
export class Softshrink extends Shrink {
  constructor(lambd?: number | ShrinkOptions) {
    atMost('Softshrink', 1, arguments.length)
    super(lambd)
  }

  forward(x: Tensor): Tensor {
    return softshrink(x, this.lambd)
  }
}

/** `a * sigmoid(b)` of the two halves along a dimension, default the last. PyTorch: torch.nn.GLU. */
export class GLU extends Module {
  readonly dim: number

  constructor(dim?: number | GluOptions) {
    atMost('GLU', 1, arguments.length)
    super()
    this.dim = gluOptions.readFirst('GLU', dim).dim ?? -1
  }

  forward(x: Tensor): Tensor {
    return glu(x, this.dim)
  }

  override extraRepr(): string {
    return repr(this, 'dim')
  }
}

/** Options of `Softmax` and `LogSoftmax`. */
export interface SoftmaxLayerOptions {
  /** The dimension along which probabilities add up to 1. */
  dim: number
}

const softmaxOptions = new Options<SoftmaxLayerOptions>({ dim: true })

function dimOfSoftmax(name: string, dim: number | SoftmaxLayerOptions): number {
  const given = softmaxOptions.readFirst(name, dim)
  if (given.dim === undefined) throw new ArgumentError(`${name}: say along which dimension, for example { dim: 1 }`)
  return given.dim
}

/** What works along one dimension. */
abstract class AlongDim extends Module {
  readonly dim: number

  constructor(dim: number) {
    super()
    this.dim = dim
  }

  override extraRepr(): string {
    return repr(this, 'dim')
  }
}

/**
 * Softmax along `dim`, which has to be given. PyTorch: torch.nn.Softmax.
 * @throws ArgumentError without `dim`
 * @example new nn.Softmax(1)(scores)
 */
export class Softmax extends AlongDim {
  constructor(dim: number | SoftmaxLayerOptions) {
    atMost('Softmax', 1, arguments.length)
    super(dimOfSoftmax('Softmax', dim))
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.dim)
  }
}

/** Softmax of -x along `dim`, which has to be given. PyTorch: torch.nn.Softmin. @throws ArgumentError without `dim` */
export class Softmin extends AlongDim {
  constructor(dim: number | SoftmaxLayerOptions) {
    atMost('Softmin', 1, arguments.length)
    super(dimOfSoftmax('Softmin', dim))
  }

  forward(x: Tensor): Tensor {
    return softmin(x, this.dim)
  }
}

/**
 * Softmax over the channels of (N, C, H, W) or (C, H, W), at each place. PyTorch: torch.nn.Softmax2d.
 * @throws ShapeError for another number of dimensions
 */
export class Softmax2d extends Module {
  forward(x: Tensor): Tensor {
    checked('Softmax2d', x)
    if (x.dim() === 3 || x.dim() === 4) return softmax(x, -3)
    throw new ShapeError(`Softmax2d: expected a tensor of 3 or 4 dimensions, got ${x.dim()}`)
  }
}

/**
 * Logarithm of softmax along `dim`, which has to be given. PyTorch: torch.nn.LogSoftmax.
 * @throws ArgumentError without `dim`
 * @example new nn.LogSoftmax(1)(scores)
 */
export class LogSoftmax extends AlongDim {
  constructor(dim: number | SoftmaxLayerOptions) {
    atMost('LogSoftmax', 1, arguments.length)
    super(dimOfSoftmax('LogSoftmax', dim))
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim)
  }
}

// ReLU and its relatives: x itself above zero or between bounds, something else elsewhere. With `inplace` they write
// into their input, which saves memory; it must be the result of another layer.
import {
  atMost,
  checkSizes,
  type Device,
  type DType,
  empty,
  type InplaceOptions,
  inplaceOptions,
  isInplace,
  Options,
  reals,
  relu,
  repr,
  type Tensor,
} from '../../tensor/index.ts'
import { celu, elu, hardtanh, leakyRelu, prelu, rrelu, selu, silu, threshold } from '../functional/activation.ts'
import {
  type EluOptions,
  eluOptions,
  type HardtanhOptions,
  hardtanhOptions,
  type LeakyReluOptions,
  leakyReluOptions,
  type RreluOptions,
  rreluOptions,
} from '../functional/activation-options.ts'
import { hardsigmoid, hardswish, mish } from '../functional/gate.ts'
import { constant_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

/** What can work in place. */
abstract class Rectifier extends Module {
  readonly inplace: boolean

  constructor(options: InplaceOptions) {
    super()
    this.inplace = isInplace(new.target.name, options.inplace)
  }

  /** Text of the other options. `inplace` is printed only where it is true, as by PyTorch. */
  protected get others(): string {
    return ''
  }

  override extraRepr(): string {
    return [this.others, this.inplace ? repr(this, 'inplace') : ''].filter(text => text !== '').join(', ')
  }
}

/**
 * `max(x, 0)`. PyTorch: torch.nn.ReLU.
 * @example new nn.ReLU()(randn(2))
 * @example new nn.ReLU(true) // in place
 */
export class ReLU extends Rectifier {
  constructor(inplace?: boolean | InplaceOptions) {
    atMost('ReLU', 1, arguments.length)
    super(inplaceOptions.readFirst('ReLU', inplace))
  }

  forward(x: Tensor): Tensor {
    return relu(x, this.inplace)
  }
}

/** x between two numbers. PyTorch: torch.nn.Hardtanh. @throws ArgumentError when they are the wrong way round */
export class Hardtanh extends Rectifier {
  readonly minVal: number
  readonly maxVal: number

  constructor(minVal?: number | HardtanhOptions, options?: HardtanhOptions) {
    atMost('Hardtanh', 2, arguments.length)
    const given = hardtanhOptions.readFirst('Hardtanh', minVal, options)
    super(given)
    this.minVal = given.minVal ?? -1
    this.maxVal = given.maxVal ?? 1
  }

  forward(x: Tensor): Tensor {
    const { minVal, maxVal, inplace } = this
    return hardtanh(x, { minVal, maxVal, inplace })
  }

  protected override get others(): string {
    return reals(this, 'minVal maxVal')
  }
}

/** x between 0 and 6. PyTorch: torch.nn.ReLU6. */
export class ReLU6 extends Hardtanh {
  constructor(inplace?: boolean | InplaceOptions) {
    atMost('ReLU6', 1, arguments.length)
    super({ minVal: 0, maxVal: 6, ...inplaceOptions.readFirst('ReLU6', inplace) })
  }

  protected override get others(): string {
    return ''
  }
}

/** x, and below zero x times a small factor. PyTorch: torch.nn.LeakyReLU. */
export class LeakyReLU extends Rectifier {
  readonly negativeSlope: number

  constructor(negativeSlope?: number | LeakyReluOptions, options?: LeakyReluOptions) {
    atMost('LeakyReLU', 2, arguments.length)
    const given = leakyReluOptions.readFirst('LeakyReLU', negativeSlope, options)
    super(given)
    this.negativeSlope = given.negativeSlope ?? 0.01
  }

  forward(x: Tensor): Tensor {
    const { negativeSlope, inplace } = this
    return leakyRelu(x, { negativeSlope, inplace })
  }

  protected override get others(): string {
    return reals(this, 'negativeSlope')
  }
}

/** Options of `PReLU`. */
export interface PReLUOptions {
  /** 1, the default, or the number of channels. */
  numParameters?: number
  /** What the factors begin with, default 0.25. */
  init?: number
  dtype?: DType
  device?: Device
}

const preluOptions = new Options<PReLUOptions>({ numParameters: true, init: true, dtype: true, device: true })

/** x, and below zero x times a factor that is learned, for all channels or for each. PyTorch: torch.nn.PReLU. */
export class PReLU extends Module {
  readonly numParameters: number
  weight: Parameter
  protected readonly init: number

  constructor(numParameters?: number | PReLUOptions, options?: PReLUOptions) {
    atMost('PReLU', 2, arguments.length)
    super()
    const given = preluOptions.readFirst('PReLU', numParameters, options)
    const { init = 0.25, dtype = 'float32', device = 'cpu' } = given
    this.numParameters = given.numParameters ?? 1
    checkSizes('PReLU', [this.numParameters])
    this.init = init
    this.weight = new Parameter(empty([this.numParameters], { dtype, device }))
    this.resetParameters()
  }

  /** Sets all factors to the first value again. */
  resetParameters(): void {
    constant_(this.weight, this.init)
  }

  forward(x: Tensor): Tensor {
    return prelu(x, this.weight)
  }

  override extraRepr(): string {
    return repr(this, 'numParameters')
  }
}

/**
 * x, and below zero x times a factor that is drawn for each element in training, and the middle one in evaluation.
 * PyTorch: torch.nn.RReLU.
 */
export class RReLU extends Rectifier {
  readonly lower: number
  readonly upper: number

  constructor(lower?: number | RreluOptions, options?: RreluOptions) {
    atMost('RReLU', 2, arguments.length)
    const given = rreluOptions.readFirst('RReLU', lower, options)
    super(given)
    this.lower = given.lower ?? 1 / 8
    this.upper = given.upper ?? 1 / 3
  }

  forward(x: Tensor): Tensor {
    const { lower, upper, training, inplace } = this
    return rrelu(x, { lower, upper, training, inplace })
  }

  protected override get others(): string {
    return reals(this, 'lower upper')
  }
}

/** What tends to -alpha far below zero. */
abstract class Exponential extends Rectifier {
  readonly alpha: number

  constructor(options: EluOptions) {
    super(options)
    this.alpha = options.alpha ?? 1
  }

  protected override get others(): string {
    return reals(this, 'alpha')
  }
}

/** x, and below zero `alpha (exp(x) - 1)`. PyTorch: torch.nn.ELU. */
export class ELU extends Exponential {
  constructor(alpha?: number | EluOptions, options?: EluOptions) {
    atMost('ELU', 2, arguments.length)
    super(eluOptions.readFirst('ELU', alpha, options))
  }

  forward(x: Tensor): Tensor {
    const { alpha, inplace } = this
    return elu(x, { alpha, inplace })
  }
}

/** x, and below zero `alpha (exp(x / alpha) - 1)`. PyTorch: torch.nn.CELU. */
export class CELU extends Exponential {
  constructor(alpha?: number | EluOptions, options?: EluOptions) {
    atMost('CELU', 2, arguments.length)
    super(eluOptions.readFirst('CELU', alpha, options))
  }

  forward(x: Tensor): Tensor {
    const { alpha, inplace } = this
    return celu(x, { alpha, inplace })
  }
}

/** `ELU` with the two constants that keep mean 0 and variance 1. PyTorch: torch.nn.SELU. */
export class SELU extends Rectifier {
  constructor(inplace?: boolean | InplaceOptions) {
    atMost('SELU', 1, arguments.length)
    super(inplaceOptions.readFirst('SELU', inplace))
  }

  forward(x: Tensor): Tensor {
    return selu(x, this.inplace)
  }
}

/** `x * sigmoid(x)`. PyTorch: torch.nn.SiLU. */
export class SiLU extends Rectifier {
  constructor(inplace?: boolean | InplaceOptions) {
    atMost('SiLU', 1, arguments.length)
    super(inplaceOptions.readFirst('SiLU', inplace))
  }

  forward(x: Tensor): Tensor {
    return silu(x, this.inplace)
  }
}

/** `(x + 3) / 6`, between 0 and 1. PyTorch: torch.nn.Hardsigmoid. */
export class Hardsigmoid extends Rectifier {
  constructor(inplace?: boolean | InplaceOptions) {
    atMost('Hardsigmoid', 1, arguments.length)
    super(inplaceOptions.readFirst('Hardsigmoid', inplace))
  }

  forward(x: Tensor): Tensor {
    return hardsigmoid(x, this.inplace)
  }

  override extraRepr(): string {
    return ''
  }
}

/** `x * hardsigmoid(x)`. PyTorch: torch.nn.Hardswish. */
export class Hardswish extends Rectifier {
  constructor(inplace?: boolean | InplaceOptions) {
    atMost('Hardswish', 1, arguments.length)
    super(inplaceOptions.readFirst('Hardswish', inplace))
  }

  forward(x: Tensor): Tensor {
    return hardswish(x, this.inplace)
  }

  override extraRepr(): string {
    return ''
  }
}

/** `x * tanh(softplus(x))`. PyTorch: torch.nn.Mish. */
export class Mish extends Rectifier {
  constructor(inplace?: boolean | InplaceOptions) {
    atMost('Mish', 1, arguments.length)
    super(inplaceOptions.readFirst('Mish', inplace))
  }

  forward(x: Tensor): Tensor {
    return mish(x, this.inplace)
  }
}

/**
 * x where it is more than a threshold, else `value`. PyTorch: torch.nn.Threshold.
 * @example new nn.Threshold(0.1, 20)
 */
export class Threshold extends Rectifier {
  readonly threshold: number
  readonly value: number

  constructor(threshold: number, value: number, inplace?: boolean | InplaceOptions) {
    atMost('Threshold', 3, arguments.length)
    super(inplaceOptions.readFirst('Threshold', inplace))
    this.threshold = threshold
    this.value = value
  }

  forward(x: Tensor): Tensor {
    return threshold(x, this.threshold, this.value, this.inplace)
  }

  protected override get others(): string {
    return repr(this, 'threshold value')
  }
}

// Fully connected layers, of one input and of two. The weight is (out, in) as in PyTorch, so state dicts fit both ways.
import { ShapeError } from '../../errors.ts'
import {
  atMost,
  checkSizes,
  type Device,
  type DType,
  empty,
  flag,
  Options,
  python,
  repr,
  type Tensor,
} from '../../tensor/index.ts'
import { bilinear, linear } from '../functional/index.ts'
import { kaimingUniform_, uniform_ } from '../init/index.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

/** Options of `Linear`. */
export interface LinearOptions {
  /** Add a learnable bias, default true. */
  bias?: boolean
  dtype?: DType
  device?: Device
}

const linearOptions = new Options<LinearOptions>({ bias: true, dtype: true, device: true })

/**
 * `x @ weight.t() + bias`: (…, inFeatures) to (…, outFeatures). PyTorch: torch.nn.Linear.
 * @throws ShapeError when the last size of the input is not `inFeatures`, ArgumentError unless sizes are integers
 * @example new nn.Linear(20, 30)(randn(128, 20)).shape // [128, 30]
 */
export class Linear extends Module {
  readonly inFeatures: number
  readonly outFeatures: number
  /** (outFeatures, inFeatures) */
  weight: Parameter
  /** (outFeatures) */
  bias: Parameter | null

  constructor(inFeatures: number, outFeatures: number, bias?: boolean | LinearOptions, options?: LinearOptions) {
    atMost('Linear', 4, arguments.length)
    super()
    const given = linearOptions.readFirst('Linear', bias, options)
    const { bias: withBias = true, dtype = 'float32', device = 'cpu' } = given
    checkSizes('Linear', [inFeatures, outFeatures])
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    this.weight = new Parameter(empty([outFeatures, inFeatures], { dtype, device }))
    this.bias = flag('Linear: bias', withBias) ? new Parameter(empty([outFeatures], { dtype, device })) : null
    this.resetParameters()
  }

  /** Draws new parameters from U(-k, k), k = 1 / sqrt(inFeatures). */
  resetParameters(): void {
    kaimingUniform_(this.weight, Math.sqrt(5))
    if (this.bias === null) return
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0
    uniform_(this.bias, 0 - bound, bound) // of a layer without inputs from 0, not -0
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias)
  }

  override extraRepr(): string {
    return `${repr(this, 'inFeatures outFeatures')}, bias=${python(this.bias !== null)}`
  }
}

/**
 * `x1^T W_k x2 + bias_k` for each output k: (…, in1), (…, in2) to (…, out). PyTorch: torch.nn.Bilinear.
 * @throws ShapeError when sizes do not fit, ArgumentError unless they are integers
 * @example new nn.Bilinear(20, 30, 40)(randn(128, 20), randn(128, 30)).shape // [128, 40]
 */
export class Bilinear extends Module<[x1: Tensor, x2: Tensor]> {
  readonly in1Features: number
  readonly in2Features: number
  readonly outFeatures: number
  /** (outFeatures, in1Features, in2Features) */
  weight: Parameter
  /** (outFeatures) */
  bias: Parameter | null

  constructor(
    in1Features: number,
    in2Features: number,
    outFeatures: number,
    bias?: boolean | LinearOptions,
    options?: LinearOptions,
  ) {
    atMost('Bilinear', 5, arguments.length)
    super()
    const given = linearOptions.readFirst('Bilinear', bias, options)
    const { bias: withBias = true, dtype = 'float32', device = 'cpu' } = given
    const sizes = checkSizes('Bilinear', [outFeatures, in1Features, in2Features])
    if (in1Features === 0) throw new ShapeError('Bilinear: in1Features must be positive, got 0')
    this.in1Features = in1Features
    this.in2Features = in2Features
    this.outFeatures = outFeatures
    this.weight = new Parameter(empty(sizes, { dtype, device }))
    this.bias = flag('Bilinear: bias', withBias) ? new Parameter(empty([outFeatures], { dtype, device })) : null
    this.resetParameters()
  }

  /** Draws new parameters from U(-k, k), k = 1 / sqrt(in1Features). */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features)
    uniform_(this.weight, -bound, bound)
    if (this.bias !== null) uniform_(this.bias, -bound, bound)
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return bilinear(x1, x2, this.weight, this.bias)
  }

  override extraRepr(): string {
    return `${repr(this, 'in1Features in2Features outFeatures')}, bias=${python(this.bias !== null)}`
  }
}

/** Gives back its input; takes any arguments, so that it can stand in for another layer. PyTorch: torch.nn.Identity. */
export class Identity extends Module {
  constructor(..._: unknown[]) {
    super()
  }

  forward(x: Tensor): Tensor {
    return x
  }
}

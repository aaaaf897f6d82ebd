// Fully connected layers. The weight is (out, in) as in PyTorch, so state dicts fit both ways.
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
import { linear } from '../functional/index.ts'
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

/** Gives back its input; takes any arguments, so that it can stand in for another layer. PyTorch: torch.nn.Identity. */
export class Identity extends Module {
  constructor(..._: unknown[]) {
    super()
  }

  forward(x: Tensor): Tensor {
    return x
  }
}

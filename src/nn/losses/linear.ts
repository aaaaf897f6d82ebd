// Losses of scores that a linear layer of their own computes.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { atMost, checked, flag, Options, python, refuse, type Tensor } from '../../tensor/index.ts'
import { linearCrossEntropy } from '../functional/loss.ts'
import type { LinearCrossEntropyOptions } from '../functional/loss-options.ts'
import type { Place } from '../layers/affine.ts'
import { Linear } from '../layers/linear.ts'
import { Loss } from './loss.ts'

/** Options of `LinearCrossEntropyLoss`. */
export interface LinearCrossEntropyLossOptions extends Omit<LinearCrossEntropyOptions, 'linearBias'>, Place {
  /** Sizes of the targets behind the batch, by default none. */
  outFeatures?: readonly number[]
  /** Add a learnable bias, default false. */
  bias?: boolean
}

const lossOptions = new Options<LinearCrossEntropyLossOptions>({
  outFeatures: true,
  bias: true,
  device: true,
  dtype: true,
  reduction: true,
  weight: true,
  ignoreIndex: true,
  labelSmoothing: true,
})

/**
 * Cross entropy of the scores that a linear layer computes: (N, inFeatures) and classes (N), or (N, …outFeatures).
 * PyTorch: torch.nn.LinearCrossEntropyLoss.
 * @throws ShapeError, ArgumentError and IndexError as `linearCrossEntropy`
 * @example new nn.LinearCrossEntropyLoss(784, 10)(images.flatten(1), labels)
 */
export class LinearCrossEntropyLoss extends Loss {
  declare readonly weight: Tensor | null
  readonly numClasses: number
  readonly outFeatures: readonly number[]
  readonly ignoreIndex: number | null
  readonly labelSmoothing: number
  linear: Linear

  constructor(
    inFeatures: number,
    numClasses: number,
    outFeatures?: readonly number[] | LinearCrossEntropyLossOptions,
    options?: LinearCrossEntropyLossOptions,
  ) {
    const name = 'LinearCrossEntropyLoss'
    atMost('LinearCrossEntropyLoss', 4, arguments.length)
    const given = lossOptions.readFirst(name, outFeatures, options)
    const { outFeatures: sizes = [], bias = false, weight = null, labelSmoothing = 0, device, dtype } = given
    if (!(Array.isArray(sizes) && sizes.every(size => typeof size === 'number')))
      refuse(`${name}: outFeatures`, 'an array of numbers', sizes)
    if (weight !== null && String(checked(name, weight).shape) !== String([numClasses]))
      throw new ShapeError(`${name}: expected weight [${numClasses}], got [${weight.shape.join(', ')}]`)
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
      throw new ArgumentError(`${name}: labelSmoothing must be between 0 and 1, got ${labelSmoothing}`)
    super(given)
    this.registerBuffer('weight', weight)
    this.numClasses = numClasses
    this.outFeatures = Object.freeze([...sizes])
    this.ignoreIndex = given.ignoreIndex ?? null
    this.labelSmoothing = labelSmoothing
    const outputs = sizes.reduce((n, size) => n * size, numClasses)
    this.linear = new Linear(inFeatures, outputs, { bias: flag(`${name}: bias`, bias), device, dtype })
  }

  forward(x: Tensor, target: Tensor): Tensor {
    const { numClasses, outFeatures, linear, weight, reduction, ignoreIndex, labelSmoothing } = this
    const sizes = [numClasses, ...outFeatures]
    return linearCrossEntropy(x, linear.weight.reshape([...sizes, linear.inFeatures]), target, {
      ...{ linearBias: linear.bias?.reshape(sizes), weight, reduction, ignoreIndex, labelSmoothing },
    })
  }

  override extraRepr(): string {
    const { numClasses, outFeatures, linear, reduction, ignoreIndex, labelSmoothing } = this
    const sizes = outFeatures.length === 1 ? `(${outFeatures[0]},)` : python(outFeatures)
    const smoothing = Number.isInteger(labelSmoothing) ? `${labelSmoothing}.0` : labelSmoothing
    return (
      `in_features=${linear.inFeatures}, num_classes=${numClasses}, out_features=${sizes}, ` +
      `bias=${python(linear.bias !== null)}, reduction=${reduction}, ignore_index=${python(ignoreIndex)}, ` +
      `label_smoothing=${smoothing}, options=None`
    )
  }
}

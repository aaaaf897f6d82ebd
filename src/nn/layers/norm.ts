// Layers that normalize channels, over batches or over the positions of each sample. Running statistics are buffers, so
// they are saved; their names are PyTorch's, as in state dicts.
import { ShapeError } from '../../errors.ts'
import { atMost, flag, noGrad, Options, ones, python, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { batchNorm, instanceNorm } from '../functional/norm.ts'
import { Affine, type Place } from './affine.ts'

/** Options of `BatchNorm1d`, `InstanceNorm1d` and their relatives. */
export interface NormLayerOptions extends Place {
  /** Added to the variance, default 1e-5. */
  eps?: number
  /** By how much the running statistics move, default 0.1; null: they are the mean of all batches. */
  momentum?: number | null
  /** Weight and bias of each channel: default true for batches, false for instances. */
  affine?: boolean
  /** Running mean and variance for evaluation: default true for batches, false for instances. */
  trackRunningStats?: boolean
  /** Whether there is a bias, where there is a weight; default true. */
  bias?: boolean
}

const normOptions = new Options<NormLayerOptions>({
  eps: true,
  momentum: true,
  affine: true,
  trackRunningStats: true,
  bias: true,
  device: true,
  dtype: true,
})

/** Of channels, with running statistics. */
abstract class ChannelNorm extends Affine {
  readonly numFeatures: number
  readonly eps: number
  readonly momentum: number | null
  readonly affine: boolean
  readonly trackRunningStats: boolean
  declare readonly running_mean: Tensor | null
  declare readonly running_var: Tensor | null
  declare readonly num_batches_tracked: Tensor | null

  constructor(numFeatures: number, on: boolean, given: NormLayerOptions) {
    super()
    const { name } = new.target
    this.numFeatures = numFeatures
    this.eps = given.eps ?? 1e-5
    this.momentum = given.momentum === undefined ? 0.1 : given.momentum
    this.affine = flag(`${name}: affine`, given.affine ?? on)
    this.trackRunningStats = flag(`${name}: trackRunningStats`, given.trackRunningStats ?? on)
    const bias = flag(`${name}: bias`, given.bias ?? true)
    this.addAffine([numFeatures], this.affine, this.affine && bias, given)
    const { dtype = 'float32', device = 'cpu' } = given
    const kept = (make: () => Tensor) => (this.trackRunningStats ? make() : null)
    this.registerBuffer(
      'running_mean',
      kept(() => zeros(numFeatures, { dtype, device })),
    )
    this.registerBuffer(
      'running_var',
      kept(() => ones(numFeatures, { dtype, device })),
    )
    this.registerBuffer(
      'num_batches_tracked',
      kept(() => tensor(0, { dtype: 'int64', device })),
    )
    this.resetParameters()
  }

  /** Mean 0, variance 1, no batches. */
  resetRunningStats(): void {
    const { running_mean: mean, running_var: variance, num_batches_tracked: count } = this
    noGrad(() => {
      mean?.zero_()
      variance?.fill_(1)
      count?.zero_()
    })
  }

  override resetParameters(): void {
    this.resetRunningStats()
    super.resetParameters()
  }

  /** The share by which this batch moves the running statistics. */
  protected share(): number {
    if (!this.training || this.num_batches_tracked === null) return this.momentum ?? 0
    const count = this.num_batches_tracked
    noGrad(() => count.add_(1))
    return this.momentum ?? 1 / count.item()
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this
    const [text, tracks] = [python, python(trackRunningStats)]
    const bias = python(affine && this.bias !== null)
    return `${numFeatures}, eps=${text(eps)}, momentum=${text(momentum)}, affine=${text(affine)}, bias=${bias}, track_running_stats=${tracks}`
  }
}

function checkDims(name: string, x: Tensor, allowed: readonly number[]): void {
  if (allowed.includes(x.ndim)) return
  throw new ShapeError(`${name}: expected a tensor of ${allowed.join(' or ')} dimensions, got ${x.ndim}`)
}

/** Not for programs, which have one for each number of dimensions. */
export abstract class BatchNorm extends ChannelNorm {
  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    super(numFeatures, true, normOptions.readFirst(new.target.name, eps, options))
  }

  /** @throws ShapeError for other shapes than those of the class */
  protected abstract checkInput(x: Tensor): void

  forward(x: Tensor): Tensor {
    this.checkInput(x)
    const { running_mean: mean, running_var: variance } = this
    const momentum = this.share()
    const moves = !this.training || this.trackRunningStats
    return this.normalized(x, moves ? mean : null, moves ? variance : null, momentum)
  }

  /** By the batch's own statistics in training, and where there are no running ones. */
  protected normalized(x: Tensor, mean: Tensor | null, variance: Tensor | null, momentum: number): Tensor {
    const { weight, bias, eps } = this
    const training = this.training || this.running_mean === null
    return batchNorm(x, mean, variance, { weight, bias, training, momentum, eps })
  }
}

/**
 * Normalizes each channel of (N, C) or (N, C, L) over the batch. In training by the batch's own mean and variance, in
 * evaluation by running ones. PyTorch: torch.nn.BatchNorm1d. Source: https://arxiv.org/abs/1502.03167.
 * @throws ShapeError for other shapes, or one value per channel in training
 */
export class BatchNorm1d extends BatchNorm {
  protected checkInput(x: Tensor): void {
    checkDims(this.constructor.name, x, [2, 3])
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('BatchNorm1d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, H, W). PyTorch: torch.nn.BatchNorm2d. @throws ShapeError for other shapes */
export class BatchNorm2d extends BatchNorm {
  protected checkInput(x: Tensor): void {
    checkDims(this.constructor.name, x, [4])
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('BatchNorm2d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, D, H, W). PyTorch: torch.nn.BatchNorm3d. @throws ShapeError for other shapes */
export class BatchNorm3d extends BatchNorm {
  protected checkInput(x: Tensor): void {
    checkDims(this.constructor.name, x, [5])
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('BatchNorm3d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

abstract class InstanceNorm extends ChannelNorm {
  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    super(numFeatures, false, normOptions.readFirst(new.target.name, eps, options))
  }

  /** Dimensions of one sample. */
  protected abstract readonly dims: number

  forward(x: Tensor): Tensor {
    checkDims(this.constructor.name, x, [this.dims, this.dims + 1])
    if (x.ndim === this.dims) return this.forward(x.unsqueeze(0)).squeeze(0)
    const { running_mean: runningMean, running_var: runningVar, weight, bias, eps } = this
    const useInputStats = this.training || !this.trackRunningStats
    const momentum = this.momentum ?? 0
    return instanceNorm(x, { runningMean, runningVar, weight, bias, useInputStats, momentum, eps })
  }
}

/**
 * Normalizes each channel of each sample of (N, C, L) or (C, L). PyTorch: torch.nn.InstanceNorm1d.
 * Source: https://arxiv.org/abs/1607.08022.
 * @throws ShapeError for other shapes, or one value per channel
 */
export class InstanceNorm1d extends InstanceNorm {
  protected get dims(): number {
    return 2
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('InstanceNorm1d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, H, W) or (C, H, W). PyTorch: torch.nn.InstanceNorm2d. @throws ShapeError for other shapes */
export class InstanceNorm2d extends InstanceNorm {
  protected get dims(): number {
    return 3
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('InstanceNorm2d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

/** The same of (N, C, D, H, W) or (C, D, H, W). PyTorch: torch.nn.InstanceNorm3d. @throws ShapeError */
export class InstanceNorm3d extends InstanceNorm {
  protected get dims(): number {
    return 4
  }

  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('InstanceNorm3d', 3, arguments.length)
    super(numFeatures, eps, options)
  }
}

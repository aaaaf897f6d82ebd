// Batch normalization over the batches of all ranks. Each rank sends the mean, the variance and the number of its
// elements, in float64, so ranks may bring different numbers of them, or none; backward sends two sums. Gradients of
// weight and bias are this rank's, which a wrapper averages. It is not among the layers since it needs collectives.
import { Function as Differentiable, type FunctionCtx, onceDifferentiable } from '../autograd/index.ts'
import { allGather, allReduce } from '../distributed/collectives.ts'
import { countOfPass, getWorldSize } from '../distributed/group.ts'
import { ShapeError } from '../errors.ts'
import { atMost, full, named, refuse, stack, type Tensor, varMean, zeros } from '../tensor/index.ts'
import { BatchNorm, type NormLayerOptions } from './layers/norm.ts'
import { type AnyModule, Module } from './module/module.ts'

interface Moments {
  mean: Tensor
  variance: Tensor
  /** Elements of a channel. */
  count: Tensor
}

/** All dimensions but that of channels. */
const others = (x: Tensor) => x.shape.map((_, dim) => dim).filter(dim => dim !== 1)

/** Of halves everything is computed in float32, and rounded once. */
const wide = (x: Tensor) => (x.dtype === 'float64' ? x : x.float())

/** Of each channel, over the elements of all ranks, in float64: the same bits on every rank. */
function momentsOf(x: Tensor): Moments {
  const channels = x.size(1)
  const { device } = x
  const count = x.numel() / channels
  const own = () => {
    const [variance, mean] = varMean(wide(x), others(x), { correction: 0 })
    return stack([mean.double(), variance.double(), full([channels], count, { dtype: 'float64', device })])
  }
  const parts = allGather(count === 0 ? zeros([3, channels], { dtype: 'float64', device }) : own())
  const [means, variances, counts] = stack(parts, 1).unbind() as [Tensor, Tensor, Tensor]
  const total = counts.sum(0)
  const mean = means.mul(counts).sum(0).div(total)
  const within = variances.add(means.sub(mean).square())
  return { mean, variance: within.mul(counts).sum(0).div(total), count: total }
}

class SyncBatchNormFunction extends Differentiable {
  static forward(
    ctx: FunctionCtx,
    x: Tensor,
    weight: Tensor | null,
    bias: Tensor | null,
    runningMean: Tensor | null,
    runningVar: Tensor | null,
    momentum: number,
    eps: number,
  ): Tensor {
    const { mean, variance, count } = momentsOf(x)
    // Fewer than two of all ranks are fewer than two here: others need not wait for the device to know.
    const together = x.numel() / x.size(1) < 2 ? count.max().item() : 2
    if (together === 1)
      throw new ShapeError('SyncBatchNorm: expected more than 1 value per channel when training, got 1 on all ranks')
    if (together > 0 && runningMean !== null && runningVar !== null) {
      const unbiased = variance.mul(count).div(count.sub(1))
      runningMean.copy_(
        runningMean
          .double()
          .mul(1 - momentum)
          .add(mean, { alpha: momentum }),
      )
      runningVar.copy_(
        runningVar
          .double()
          .mul(1 - momentum)
          .add(unbiased, { alpha: momentum }),
      )
    }
    const xs = wide(x)
    const shaped = (v: Tensor) => v.to(xs.dtype).reshape([-1, ...x.shape.slice(2).fill(1)])
    const [centre, scale] = [shaped(mean), shaped(variance.add(eps).rsqrt())]
    ctx.count = countOfPass()
    ctx.saveForBackward(x, weight, centre, scale, count)
    const y = xs.sub(centre).mul_(weight === null ? scale : scale.mul(shaped(weight)))
    return (bias === null ? y : y.add_(shaped(bias))).to(x.dtype)
  }

  static backward = onceDifferentiable((ctx: FunctionCtx, dy: Tensor) => {
    const [x, weight, centre, scale, count] = ctx.savedTensors as [Tensor, Tensor | null, Tensor, Tensor, Tensor]
    const [d, dims] = [wide(dy), others(x)]
    const xhat = wide(x).sub(centre).mul_(scale)
    const [ofBias, ofWeight] = [d.sum(dims), d.mul(xhat).sum(dims)]
    const [wanted, ...ofParameters] = ctx.needsInputGrad
    const parameters = [ofWeight, ofBias].map((v, i) => (ofParameters[i] ? v.to(weight!.dtype) : null))
    const rest = [...parameters, null, null, null, null]
    if (!wanted) return [null, ...rest]
    // dx = (dy - mean(dy) - xhat mean(dy xhat)) weight / sqrt(variance + eps), means over all ranks. Where a wrapper
    // lets ranks count by their rows, these are means of what counts so much.
    const sums = stack([ofBias, ofWeight]).double().mul_(ctx.count)
    allReduce(sums)
    const [first, second] = sums
      .div_(count.mul(ctx.count || 1))
      .to(d.dtype)
      .unbind() as [Tensor, Tensor]
    const shaped = (v: Tensor) => v.reshape(centre.shape)
    const slope = weight === null ? scale : scale.mul(shaped(weight.to(d.dtype)))
    const dx = d
      .sub(shaped(first))
      .sub_(xhat.mul_(shaped(second)))
      .mul_(slope)
    return [dx.to(x.dtype), ...rest]
  })
}

/**
 * Batch normalization of (N, C, …) by the mean and variance of all ranks' batches together, in training; each element
 * counts the same, whatever rank it is on. In evaluation, and with one rank, it is `BatchNorm`. All ranks must call it,
 * one without samples with N = 0. PyTorch: torch.nn.SyncBatchNorm.
 * @throws ShapeError for other shapes, or one value per channel of all ranks; DistributedError as `allGather`
 * @example new DistributedDataParallel(nn.SyncBatchNorm.convertSyncBatchnorm(model))
 */
export class SyncBatchNorm extends BatchNorm {
  constructor(numFeatures: number, eps?: number | NormLayerOptions, options?: NormLayerOptions) {
    atMost('SyncBatchNorm', 3, arguments.length)
    super(numFeatures, eps, options)
  }

  protected checkInput(x: Tensor): void {
    if (x.ndim < 2) throw new ShapeError(`SyncBatchNorm: expected at least 2 dimensions, got ${x.ndim}`)
    const channels = x.size(1)
    const expected = (this.weight ?? this.running_mean)?.size(0) ?? channels
    if (channels === 0 || channels !== expected)
      throw new ShapeError(
        `SyncBatchNorm: expected ${expected || 'some'} channels, got ${channels}: [${x.shape.join(', ')}]`,
      )
  }

  protected override normalized(x: Tensor, mean: Tensor | null, variance: Tensor | null, momentum: number): Tensor {
    if (!this.training || getWorldSize() === 1) return super.normalized(x, mean, variance, momentum)
    return named(`SyncBatchNorm of ${x.size(1)} channels`, () =>
      SyncBatchNormFunction.apply(x, this.weight, this.bias, mean, variance, momentum, this.eps),
    )
  }

  /**
   * The module with each `BatchNorm1d`, `2d` and `3d` in it replaced by a `SyncBatchNorm` with its parameters and
   * statistics; a new module, if it is one of these itself. PyTorch: SyncBatchNorm.convert_sync_batchnorm.
   */
  static convertSyncBatchnorm<M extends AnyModule>(module: M): M extends BatchNorm ? SyncBatchNorm : M {
    atMost('SyncBatchNorm.convertSyncBatchnorm', 1, arguments.length)
    if (!(module instanceof Module)) refuse('SyncBatchNorm.convertSyncBatchnorm', 'a module', module)
    for (const [name, child] of module.namedChildren()) {
      const converted = SyncBatchNorm.convertSyncBatchnorm(child)
      if (converted !== child) module.registerModule(name, converted)
    }
    const made: AnyModule = module instanceof BatchNorm ? synchronized(module) : module
    return made as M extends BatchNorm ? SyncBatchNorm : M
  }
}

function synchronized(module: BatchNorm): SyncBatchNorm {
  const { numFeatures, eps, momentum, affine, trackRunningStats, bias } = module
  const made = new SyncBatchNorm(numFeatures, { eps, momentum, affine, trackRunningStats, bias: bias !== null })
  made.registerParameter('weight', module.weight)
  made.registerParameter('bias', bias)
  made.registerBuffer('running_mean', module.running_mean)
  made.registerBuffer('running_var', module.running_var)
  made.registerBuffer('num_batches_tracked', module.num_batches_tracked)
  made.training = module.training
  return made
}

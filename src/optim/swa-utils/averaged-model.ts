// A second model whose parameters are averages of those that a training goes through: the mean of all (SWA), or one
// that forgets (EMA). What batch normalization remembers must be found again for it, by `updateBn`.
import { ArgumentError } from '../../errors.ts'
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../../nn/layers/norm.ts'
import { copyModule } from '../../nn/module/copy.ts'
import { type AnyModule, Module } from '../../nn/module/module.ts'
import {
  atMost,
  type Device,
  flag,
  isFloatingPoint,
  noGrad,
  Options,
  refuse,
  Tensor,
  tensor,
  tidy,
} from '../../tensor/index.ts'

/** Gives the next average, after so many models. */
export type AverageFn = (averaged: Tensor, current: Tensor, numAveraged: number) => Tensor
/** The same for all tensors of one dtype on one device, in place. */
export type MultiAverageFn = (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged: number) => void

/** Options of `AveragedModel`. */
export interface AveragedModelOptions {
  /** Where the averages are, by default where the model is. */
  device?: Device
  /** How one average is found; default the mean of all. */
  avgFn?: AverageFn
  /** How all are found. */
  multiAvgFn?: MultiAverageFn
  /** Average the buffers too, instead of taking over those of the last model; default false. */
  useBuffers?: boolean
}

/** Options of averages that forget. */
export interface EmaOptions {
  /** What part of the average stays, default 0.999. */
  decay?: number
}

/** Options of `updateBn`. */
export interface UpdateBnOptions {
  /** Where batches are moved to before the model gets them. */
  device?: Device
}

const averagedModelOptions = new Options<AveragedModelOptions>({
  device: true,
  avgFn: true,
  multiAvgFn: true,
  useBuffers: true,
})
const emaOptions = new Options<EmaOptions>({ decay: true })
const updateBnOptions = new Options<UpdateBnOptions>({ device: true })

function decayOf(op: string, given?: number | EmaOptions): number {
  const { decay = 0.999 } = emaOptions.readFirst(op, given)
  if (typeof decay !== 'number') refuse(`${op}: decay`, 'a number', decay)
  if (decay >= 0 && decay <= 1) return decay
  throw new ArgumentError(`${op}: Invalid decay value ${decay} provided. Please provide a value in [0,1] range.`)
}

/** Averages that keep `decay` of what they were. PyTorch: torch.optim.swa_utils.get_ema_multi_avg_fn. */
export function getEmaMultiAvgFn(decay?: number | EmaOptions): MultiAverageFn {
  atMost('getEmaMultiAvgFn', 1, arguments.length)
  const kept = decayOf('getEmaMultiAvgFn', decay)
  return (averaged, current) => {
    for (const [i, x] of averaged.entries()) {
      if (isFloatingPoint(x.dtype)) x.lerp_(current[i]!, 1 - kept)
      else x.copy_(x.mul(kept).add(current[i]!.mul(1 - kept)))
    }
  }
}

/** The mean of all models. PyTorch: torch.optim.swa_utils.get_swa_multi_avg_fn. */
export function getSwaMultiAvgFn(): MultiAverageFn {
  atMost('getSwaMultiAvgFn', 0, arguments.length)
  return (averaged, current, numAveraged) => {
    for (const [i, x] of averaged.entries()) {
      if (isFloatingPoint(x.dtype)) x.lerp_(current[i]!, 1 / (numAveraged + 1))
      else x.copy_(x.add(current[i]!.sub(x).div(numAveraged + 1)))
    }
  }
}

/** As `getEmaMultiAvgFn`, of one tensor. PyTorch: torch.optim.swa_utils.get_ema_avg_fn. */
export function getEmaAvgFn(decay?: number | EmaOptions): AverageFn {
  atMost('getEmaAvgFn', 1, arguments.length)
  const kept = decayOf('getEmaAvgFn', decay)
  return (averaged, current) => averaged.mul(kept).add(current.mul(1 - kept))
}

/** As `getSwaMultiAvgFn`, of one tensor. PyTorch: torch.optim.swa_utils.get_swa_avg_fn. */
export function getSwaAvgFn(): AverageFn {
  atMost('getSwaAvgFn', 0, arguments.length)
  return (averaged, current, numAveraged) => averaged.add(current.sub(averaged).div(numAveraged + 1))
}

/**
 * A copy of a model, in `module`, whose parameters are averages of the models that `updateParameters` gets. PyTorch:
 * torch.optim.swa_utils.AveragedModel.
 * @throws ArgumentError for two functions, or where a class of the model has #private members, which cannot be copied
 * @example
 * const averaged = new optim.swaUtils.AveragedModel(model, { multiAvgFn: optim.swaUtils.getEmaMultiAvgFn(0.99) })
 * optimizer.step()
 * averaged.updateParameters(model)
 */
export class AveragedModel<A extends unknown[], R> extends Module<A, R> {
  readonly module: Module<A, R>
  declare readonly n_averaged: Tensor
  readonly avgFn: AverageFn | undefined
  readonly multiAvgFn: MultiAverageFn | undefined
  readonly useBuffers: boolean

  constructor(model: Module<A, R>, device?: Device | AveragedModelOptions, options?: AveragedModelOptions) {
    super()
    atMost('AveragedModel', 3, arguments.length)
    if (!(model instanceof Module)) refuse('AveragedModel', 'a module', model)
    const given = averagedModelOptions.readFirst('AveragedModel', device, options)
    if (given.avgFn !== undefined && given.multiAvgFn !== undefined) {
      throw new ArgumentError('Only one of avgFn and multiAvgFn should be provided')
    }
    this.module = copyModule('AveragedModel', model)
    if (given.device !== undefined) this.module.to(given.device)
    this.registerBuffer('n_averaged', tensor(0, { dtype: 'int64', device: given.device }))
    this.avgFn = given.avgFn
    this.multiAvgFn = given.multiAvgFn
    this.useBuffers = flag('AveragedModel: useBuffers', given.useBuffers ?? false)
  }

  forward(...args: A): R {
    return this.module(...args)
  }

  /** Takes the parameters of the model, in the state they are in, into the averages. */
  updateParameters(model: AnyModule): void {
    atMost('updateParameters', 1, arguments.length)
    if (!(model instanceof Module)) refuse('updateParameters', 'a module', model)
    noGrad(() => tidy(() => this.update(model)))
  }

  private update(model: AnyModule): void {
    const membersOf = (one: AnyModule) => [...one.parameters(), ...(this.useBuffers ? one.buffers() : [])]
    const averaged = membersOf(this.module).map(x => x.detach())
    const current = membersOf(model).map((x, i) => x.detach().to(averaged[i]!.device))
    const count = this.n_averaged.item()
    if (count === 0) for (const [i, x] of averaged.entries()) x.copy_(current[i]!)
    else if (this.avgFn !== undefined) {
      for (const [i, x] of averaged.entries()) x.copy_(this.avgFn(x, current[i]!, count))
    } else {
      const average = this.multiAvgFn ?? getSwaMultiAvgFn()
      const kinds = averaged.map(x => `${x.device} ${x.dtype}`)
      for (const kind of new Set(kinds)) {
        const [mine, theirs] = [averaged, current].map(all => all.filter((_, i) => kinds[i] === kind))
        average(mine!, theirs!, count)
      }
    }
    if (!this.useBuffers) {
      const buffers = model.buffers()
      for (const [i, x] of this.module.buffers().entries()) x.copy_(buffers[i]!)
    }
    this.n_averaged.add_(1)
  }
}

/**
 * Finds mean and variance of all batch normalization anew, as the means over the batches of a loader; of a batch that
 * is a list the model gets the first. PyTorch: torch.optim.swa_utils.update_bn.
 * @example await optim.swaUtils.updateBn(loader, model)
 */
export async function updateBn(
  loader: AsyncIterable<unknown> | Iterable<unknown>,
  model: AnyModule,
  device?: Device | UpdateBnOptions,
): Promise<void> {
  atMost('updateBn', 3, arguments.length)
  if (!(model instanceof Module)) refuse('updateBn', 'a module', model)
  const given = updateBnOptions.readFirst('updateBn', device)
  const layers = model
    .modules()
    .filter(one => [BatchNorm1d, BatchNorm2d, BatchNorm3d].some(Kind => (one as object) instanceof Kind))
    .map(one => one as unknown as BatchNorm2d)
  if (layers.length === 0) return
  const momenta = layers.map(layer => layer.momentum)
  const wasTraining = model.training
  model.train()
  for (const layer of layers) {
    layer.resetRunningStats()
    Reflect.set(layer, 'momentum', null)
  }
  for await (const batch of loader) {
    const first = Array.isArray(batch) ? batch[0] : batch
    noGrad(() => void model(given.device !== undefined && first instanceof Tensor ? first.to(given.device) : first))
  }
  for (const [i, layer] of layers.entries()) Reflect.set(layer, 'momentum', momenta[i]!)
  model.train(wasTraining)
}

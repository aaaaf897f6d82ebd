// Schedules that are functions of the epoch. A state dict does not hold them: make the scheduler with the same ones
// before it loads its state.
import { ArgumentError } from '../../errors.ts'
import { atMost, refuse } from '../../tensor/index.ts'
import {
  checkOptimizer,
  LRScheduler,
  type LRSchedulerOptions,
  lrSchedulerOptions,
  type ScheduledOptimizer,
} from './lr-scheduler.ts'

/** A factor for an epoch, counted from 0. */
export type LrLambda = (epoch: number) => number

function lambdas(op: string, optimizer: ScheduledOptimizer, lrLambda: LrLambda | readonly LrLambda[]): LrLambda[] {
  checkOptimizer(op, optimizer)
  const groups = optimizer.paramGroups
  const all = Array.isArray(lrLambda) ? [...lrLambda] : groups.map(() => lrLambda as LrLambda)
  if (all.length !== groups.length) {
    throw new ArgumentError(`${op}: expected ${groups.length} functions, one for each group, got ${all.length}`)
  }
  for (const one of all) if (typeof one !== 'function') refuse(`${op}: lrLambda`, 'a function', one)
  return all
}

/** What takes functions of the epoch. */
abstract class ByFunction extends LRScheduler {
  declare readonly lrLambdas: readonly LrLambda[]

  constructor(
    op: string,
    optimizer: ScheduledOptimizer,
    lrLambda: LrLambda | readonly LrLambda[],
    lastEpoch: number | LRSchedulerOptions | undefined,
  ) {
    const given = lrSchedulerOptions.readFirst(op, lastEpoch)
    super(optimizer, given.lastEpoch, { fields: { lrLambdas: lambdas(op, optimizer, lrLambda) } })
  }
}

/**
 * The initial rate times a function of the epoch, one for all groups or one for each. PyTorch:
 * torch.optim.lr_scheduler.LambdaLR.
 * @example const scheduler = new optim.lrScheduler.LambdaLR(optimizer, epoch => 0.95 ** epoch)
 */
export class LambdaLR extends ByFunction {
  constructor(
    optimizer: ScheduledOptimizer,
    lrLambda: LrLambda | readonly LrLambda[],
    lastEpoch?: number | LRSchedulerOptions,
  ) {
    atMost('LambdaLR', 3, arguments.length)
    super('LambdaLR', optimizer, lrLambda, lastEpoch)
  }

  protected override getLr(): number[] {
    return this.baseLrs.map((lr, i) => lr * this.lrLambdas[i]!(this.lastEpoch))
  }
}

/**
 * The rate of the epoch before times a function of the epoch. PyTorch: torch.optim.lr_scheduler.MultiplicativeLR.
 * @example const scheduler = new optim.lrScheduler.MultiplicativeLR(optimizer, () => 0.95)
 */
export class MultiplicativeLR extends ByFunction {
  constructor(
    optimizer: ScheduledOptimizer,
    lrLambda: LrLambda | readonly LrLambda[],
    lastEpoch?: number | LRSchedulerOptions,
  ) {
    atMost('MultiplicativeLR', 3, arguments.length)
    super('MultiplicativeLR', optimizer, lrLambda, lastEpoch)
  }

  protected override getLr(): number[] {
    if (this._isInitial) return this.lrs
    return this.lrs.map((lr, i) => lr * this.lrLambdas[i]!(this.lastEpoch))
  }
}

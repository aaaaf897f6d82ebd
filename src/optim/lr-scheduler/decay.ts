// Schedules that fall in steps or along a curve without end: every so many epochs, at milestones, or in each epoch.
import { atMost, Options, refuse } from '../../tensor/index.ts'
import {
  checkCount,
  checkNumbers,
  LRScheduler,
  type LRSchedulerOptions,
  lrSchedulerOptions,
  type ScheduledOptimizer,
} from './lr-scheduler.ts'

/** Options of `StepLR` and `MultiStepLR`. */
export interface DecayOptions extends LRSchedulerOptions {
  /** Factor of the rate, default 0.1. */
  gamma?: number
}

const decayOptions = new Options<DecayOptions>({ gamma: true, lastEpoch: true })

/**
 * The rate times gamma every `stepSize` epochs. PyTorch: torch.optim.lr_scheduler.StepLR.
 * @throws ArgumentError unless `stepSize` is a positive integer
 * @example const scheduler = new optim.lrScheduler.StepLR(optimizer, 30, { gamma: 0.1 })
 */
export class StepLR extends LRScheduler {
  declare readonly stepSize: number
  declare readonly gamma: number

  constructor(optimizer: ScheduledOptimizer, stepSize: number, gamma?: number | DecayOptions, options?: DecayOptions) {
    atMost('StepLR', 4, arguments.length)
    const given = decayOptions.readFirst('StepLR', gamma, options)
    const fields = { stepSize, gamma: given.gamma ?? 0.1 }
    checkCount('StepLR: stepSize', stepSize)
    checkNumbers('StepLR', fields)
    super(optimizer, given.lastEpoch, { fields })
  }

  protected override getLr(): number[] {
    const { lastEpoch, stepSize, gamma } = this
    return lastEpoch === 0 || lastEpoch % stepSize !== 0 ? this.lrs : this.lrs.map(lr => lr * gamma)
  }

  protected override closedFormLr(): number[] {
    return this.baseLrs.map(lr => lr * this.gamma ** Math.floor(this.lastEpoch / this.stepSize))
  }
}

/**
 * The rate times gamma at each of the milestones, as often as it stands among them. PyTorch:
 * torch.optim.lr_scheduler.MultiStepLR.
 * @example const scheduler = new optim.lrScheduler.MultiStepLR(optimizer, [30, 80], { gamma: 0.1 })
 */
export class MultiStepLR extends LRScheduler {
  /** How often each milestone was given. */
  declare readonly milestones: Readonly<Record<number, number>>
  declare readonly gamma: number

  constructor(
    optimizer: ScheduledOptimizer,
    milestones: Iterable<number>,
    gamma?: number | DecayOptions,
    options?: DecayOptions,
  ) {
    atMost('MultiStepLR', 4, arguments.length)
    const given = decayOptions.readFirst('MultiStepLR', gamma, options)
    if (typeof milestones?.[Symbol.iterator] !== 'function')
      refuse('MultiStepLR: milestones', 'an iterable', milestones)
    const all = [...milestones]
    checkNumbers('MultiStepLR', { milestones: all })
    const counts: Record<number, number> = {}
    for (const milestone of all) counts[milestone] = (counts[milestone] ?? 0) + 1
    const fields = { milestones: counts, gamma: given.gamma ?? 0.1 }
    checkNumbers('MultiStepLR', { gamma: fields.gamma })
    super(optimizer, given.lastEpoch, { fields })
  }

  protected override getLr(): number[] {
    const count = this.milestones[this.lastEpoch]
    return count === undefined ? this.lrs : this.lrs.map(lr => lr * this.gamma ** count)
  }

  protected override closedFormLr(): number[] {
    const passed = Object.entries(this.milestones).filter(([epoch]) => Number(epoch) <= this.lastEpoch)
    const count = passed.reduce((sum, [, times]) => sum + times, 0)
    return this.baseLrs.map(lr => lr * this.gamma ** count)
  }
}

/**
 * The rate times gamma in every epoch. PyTorch: torch.optim.lr_scheduler.ExponentialLR.
 * @example const scheduler = new optim.lrScheduler.ExponentialLR(optimizer, 0.95)
 */
export class ExponentialLR extends LRScheduler {
  declare readonly gamma: number

  constructor(optimizer: ScheduledOptimizer, gamma: number, lastEpoch?: number | LRSchedulerOptions) {
    atMost('ExponentialLR', 3, arguments.length)
    const given = lrSchedulerOptions.readFirst('ExponentialLR', lastEpoch)
    checkNumbers('ExponentialLR', { gamma })
    super(optimizer, given.lastEpoch, { fields: { gamma } })
  }

  protected override getLr(): number[] {
    return this._isInitial ? this.lrs : this.lrs.map(lr => lr * this.gamma)
  }

  protected override closedFormLr(): number[] {
    return this.baseLrs.map(lr => lr * this.gamma ** this.lastEpoch)
  }
}

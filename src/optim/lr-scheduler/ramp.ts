// Schedules that take a given number of epochs and then stay: a constant factor, a straight line, a power.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options } from '../../tensor/index.ts'
import { checkNumbers, LRScheduler, type LRSchedulerOptions, type ScheduledOptimizer } from './lr-scheduler.ts'

/** Options of `ConstantLR`. */
export interface ConstantLROptions extends LRSchedulerOptions {
  /** Default 1/3. */
  factor?: number
  /** Epochs with the factor, default 5. */
  totalIters?: number
}

/** Options of `LinearLR`. */
export interface LinearLROptions extends LRSchedulerOptions {
  /** Factor of the first epoch, default 1/3. */
  startFactor?: number
  /** Factor after `totalIters` epochs, default 1. */
  endFactor?: number
  /** Default 5. */
  totalIters?: number
}

/** Options of `PolynomialLR`. */
export interface PolynomialLROptions extends LRSchedulerOptions {
  /** Epochs until the rate is zero, default 5. */
  totalIters?: number
  /** Default 1: a straight line. */
  power?: number
}

const constantOptions = new Options<ConstantLROptions>({ factor: true, totalIters: true, lastEpoch: true })
const linearOptions = new Options<LinearLROptions>({
  startFactor: true,
  endFactor: true,
  totalIters: true,
  lastEpoch: true,
})
const polynomialOptions = new Options<PolynomialLROptions>({ totalIters: true, power: true, lastEpoch: true })

/**
 * The rate times a factor, until `totalIters` epochs have passed. PyTorch: torch.optim.lr_scheduler.ConstantLR.
 * @throws ArgumentError unless the factor is from 0 to 1
 * @example const scheduler = new optim.lrScheduler.ConstantLR(optimizer, { factor: 0.5, totalIters: 4 })
 */
export class ConstantLR extends LRScheduler {
  declare readonly factor: number
  declare readonly totalIters: number

  constructor(optimizer: ScheduledOptimizer, factor?: number | ConstantLROptions, options?: ConstantLROptions) {
    atMost('ConstantLR', 3, arguments.length)
    const given = constantOptions.readFirst('ConstantLR', factor, options)
    const fields = { factor: given.factor ?? 1 / 3, totalIters: given.totalIters ?? 5 }
    checkNumbers('ConstantLR', fields)
    if (!(fields.factor >= 0 && fields.factor <= 1)) {
      throw new ArgumentError('Constant multiplicative factor expected to be between 0 and 1.')
    }
    super(optimizer, given.lastEpoch, { fields })
  }

  protected override getLr(): number[] {
    const { lastEpoch, factor, totalIters } = this
    if (lastEpoch === 0) return this.lrs.map(lr => lr * factor)
    if (lastEpoch !== totalIters) return this.lrs
    if (factor === 0) throw new ArgumentError('ConstantLR: a factor of 0 cannot be undone')
    return this.lrs.map(lr => lr * (1 / factor))
  }

  protected override closedFormLr(): number[] {
    const { lastEpoch, factor, totalIters } = this
    return this.baseLrs.map(lr => lr * (factor + (lastEpoch >= totalIters ? 1 - factor : 0)))
  }
}

/**
 * The rate times a factor that goes from `startFactor` to `endFactor` in a straight line. PyTorch:
 * torch.optim.lr_scheduler.LinearLR.
 * @throws ArgumentError unless the factors are from 0 to 1, and the first is above 0
 * @example const warmup = new optim.lrScheduler.LinearLR(optimizer, { startFactor: 0.1, totalIters: 10 })
 */
export class LinearLR extends LRScheduler {
  declare readonly startFactor: number
  declare readonly endFactor: number
  declare readonly totalIters: number

  constructor(optimizer: ScheduledOptimizer, startFactor?: number | LinearLROptions, options?: LinearLROptions) {
    atMost('LinearLR', 3, arguments.length)
    const given = linearOptions.readFirst('LinearLR', startFactor, options)
    const { startFactor: start = 1 / 3, endFactor: end = 1, totalIters = 5 } = given
    checkNumbers('LinearLR', { startFactor: start, endFactor: end, totalIters })
    if (!(start > 0 && start <= 1)) {
      throw new ArgumentError('Starting multiplicative factor expected to be greater than 0 and less or equal to 1.')
    }
    if (!(end >= 0 && end <= 1)) {
      throw new ArgumentError('Ending multiplicative factor expected to be between 0 and 1.')
    }
    super(optimizer, given.lastEpoch, { fields: { startFactor: start, endFactor: end, totalIters } })
  }

  protected override getLr(): number[] {
    const { lastEpoch, startFactor, endFactor, totalIters } = this
    if (lastEpoch === 0) return this.lrs.map(lr => lr * startFactor)
    if (this._isInitial || lastEpoch > totalIters) return this.lrs
    const rise = endFactor - startFactor
    return this.lrs.map(lr => lr * (1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise)))
  }

  protected override closedFormLr(): number[] {
    const { lastEpoch, startFactor, endFactor, totalIters } = this
    const done = Math.min(totalIters, lastEpoch)
    return this.baseLrs.map(lr => lr * (startFactor + ((endFactor - startFactor) * done) / totalIters))
  }
}

/**
 * The rate falls to zero in `totalIters` epochs, as a power of what is left of them. PyTorch:
 * torch.optim.lr_scheduler.PolynomialLR.
 * @example const scheduler = new optim.lrScheduler.PolynomialLR(optimizer, { totalIters: 100, power: 0.9 })
 */
export class PolynomialLR extends LRScheduler {
  declare readonly totalIters: number
  declare readonly power: number

  constructor(optimizer: ScheduledOptimizer, totalIters?: number | PolynomialLROptions, options?: PolynomialLROptions) {
    atMost('PolynomialLR', 3, arguments.length)
    const given = polynomialOptions.readFirst('PolynomialLR', totalIters, options)
    const fields = { totalIters: given.totalIters ?? 5, power: given.power ?? 1 }
    checkNumbers('PolynomialLR', fields)
    super(optimizer, given.lastEpoch, { fields })
  }

  protected override getLr(): number[] {
    const { lastEpoch, totalIters, power } = this
    if (this._isInitial || lastEpoch > totalIters) return this.lrs
    const factor = ((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters)) ** power
    return this.lrs.map(lr => lr * factor)
  }

  protected override closedFormLr(): number[] {
    const { lastEpoch, totalIters, power } = this
    return this.baseLrs.map(lr => lr * (1 - Math.min(totalIters, lastEpoch) / totalIters) ** power)
  }
}

// The schedule of stochastic weight averaging: from the rate that there is to a constant one.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, shown } from '../../tensor/index.ts'
import {
  checkNumbers,
  checkOptimizer,
  LRScheduler,
  type LRSchedulerOptions,
  perGroup,
  type ScheduledOptimizer,
} from '../lr-scheduler/lr-scheduler.ts'

/** Options of `SWALR`. */
export interface SWALROptions extends LRSchedulerOptions {
  /** Epochs until the rate is constant, default 10. */
  annealEpochs?: number
  /** Along half a cosine (default) or a straight line. */
  annealStrategy?: 'cos' | 'linear'
}

const swalrOptions = new Options<SWALROptions>({ annealEpochs: true, annealStrategy: true, lastEpoch: true })

/**
 * The rate goes to `swaLr`, for all groups or for each, in `annealEpochs` epochs. PyTorch:
 * torch.optim.swa_utils.SWALR.
 * @throws ArgumentError for another strategy, or a negative number of epochs
 * @example const scheduler = new optim.swaUtils.SWALR(optimizer, 0.05, { annealEpochs: 5 })
 */
export class SWALR extends LRScheduler {
  declare readonly annealEpochs: number
  declare private readonly _annealStrategy: 'cos' | 'linear'

  constructor(
    optimizer: ScheduledOptimizer,
    swaLr: number | readonly number[],
    annealEpochs?: number | SWALROptions,
    options?: SWALROptions,
  ) {
    atMost('SWALR', 4, arguments.length)
    checkOptimizer('SWALR', optimizer)
    const given = swalrOptions.readFirst('SWALR', annealEpochs, options)
    const { annealEpochs: epochs = 10, annealStrategy: strategy = 'cos' } = given
    checkNumbers('SWALR', { swaLr })
    const rates = perGroup('SWALR: swaLr', optimizer, swaLr)
    if (strategy !== 'cos' && strategy !== 'linear') {
      throw new ArgumentError(`annealStrategy must be one of 'cos' or 'linear', instead got ${shown(strategy)}`)
    }
    if (!Number.isSafeInteger(epochs) || epochs < 0) {
      throw new ArgumentError(`annealEpochs must be equal or greater than 0, got ${shown(epochs)}`)
    }
    for (const [i, group] of optimizer.paramGroups.entries()) Object.assign(group, { swaLr: rates[i]! })
    super(optimizer, given.lastEpoch, { fields: { annealEpochs: epochs, _annealStrategy: strategy } })
  }

  protected override getLr(): number[] {
    const { annealEpochs, _stepCount: steps } = this
    const step = annealEpochs === 0 ? Math.max(1, steps - 1) : steps - 1
    const [before, now] = [this.share(step - 1), this.share(step)]
    return this.groups.map(({ lr, swaLr = lr }) => {
      const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before)
      return swaLr * now + start * (1 - now)
    })
  }

  /** How far the rate has come after so many steps. */
  private share(step: number): number {
    const t = Math.max(0, Math.min(1, step / Math.max(1, this.annealEpochs)))
    return this._annealStrategy === 'linear' ? t : (1 - Math.cos(Math.PI * t)) / 2
  }
}

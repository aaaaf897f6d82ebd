// Schedules along half a cosine, down and up again, or down and from the start again. The names begin with T as in
// PyTorch's T_max.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, shown } from '../../tensor/index.ts'
import {
  checkCount,
  checkNumbers,
  LRScheduler,
  type LRSchedulerOptions,
  type ScheduledOptimizer,
} from './lr-scheduler.ts'

/** Options of `CosineAnnealingLR`. */
export interface CosineAnnealingLROptions extends LRSchedulerOptions {
  /** The lowest rate, default 0. */
  etaMin?: number
}

/** Options of `CosineAnnealingWarmRestarts`. */
export interface CosineAnnealingWarmRestartsOptions extends LRSchedulerOptions {
  /** How many times longer each run is than the one before, default 1. */
  TMult?: number
  /** The lowest rate, default 0. */
  etaMin?: number
}

const cosineOptions = new Options<CosineAnnealingLROptions>({ etaMin: true, lastEpoch: true })
const restartOptions = new Options<CosineAnnealingWarmRestartsOptions>({ TMult: true, etaMin: true, lastEpoch: true })

/**
 * From the initial rate down to `etaMin` in `TMax` epochs, and up again in as many. PyTorch:
 * torch.optim.lr_scheduler.CosineAnnealingLR.
 * @throws ArgumentError unless `TMax` is a positive integer
 * @example const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, 50, { etaMin: 1e-4 })
 */
export class CosineAnnealingLR extends LRScheduler {
  declare readonly TMax: number
  declare readonly etaMin: number

  constructor(
    optimizer: ScheduledOptimizer,
    TMax: number,
    etaMin?: number | CosineAnnealingLROptions,
    options?: CosineAnnealingLROptions,
  ) {
    atMost('CosineAnnealingLR', 4, arguments.length)
    const given = cosineOptions.readFirst('CosineAnnealingLR', etaMin, options)
    const fields = { TMax, etaMin: given.etaMin ?? 0 }
    checkCount('CosineAnnealingLR: TMax', TMax)
    checkNumbers('CosineAnnealingLR', fields)
    super(optimizer, given.lastEpoch, { fields })
  }

  protected override getLr(): number[] {
    const { lastEpoch, TMax, etaMin, baseLrs } = this
    if (this._isInitial) return this.lrs
    if (this._stepCount === 1 && lastEpoch > 0) {
      return baseLrs.map(lr => etaMin + ((lr - etaMin) * (1 + Math.cos((lastEpoch * Math.PI) / TMax))) / 2)
    }
    if ((lastEpoch - 1 - TMax) % (2 * TMax) === 0) {
      return this.lrs.map((lr, i) => lr + ((baseLrs[i]! - etaMin) * (1 - Math.cos(Math.PI / TMax))) / 2)
    }
    const factor = (1 + Math.cos((Math.PI * lastEpoch) / TMax)) / (1 + Math.cos((Math.PI * (lastEpoch - 1)) / TMax))
    return this.lrs.map(lr => factor * (lr - etaMin) + etaMin)
  }

  protected override closedFormLr(): number[] {
    const { lastEpoch, TMax, etaMin } = this
    return this.baseLrs.map(lr => etaMin + ((lr - etaMin) * (1 + Math.cos((Math.PI * lastEpoch) / TMax))) / 2)
  }
}

/**
 * From the initial rate down to `etaMin` in `T0` epochs, then from the start again, each time in `TMult` times as many.
 * `step` takes an epoch too, also a part of one. PyTorch: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.
 * @throws ArgumentError unless `T0` and `TMult` are positive integers
 * @example
 * const scheduler = new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, 10)
 * scheduler.step(epoch + batch / batches)
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<[epoch?: number]> {
  declare readonly T0: number
  declare readonly TMult: number
  declare readonly etaMin: number
  /** Epochs of the present run, and how many have passed. */
  declare TI: number
  declare TCur: number

  constructor(
    optimizer: ScheduledOptimizer,
    T0: number,
    TMult?: number | CosineAnnealingWarmRestartsOptions,
    options?: CosineAnnealingWarmRestartsOptions,
  ) {
    atMost('CosineAnnealingWarmRestarts', 4, arguments.length)
    const given = restartOptions.readFirst('CosineAnnealingWarmRestarts', TMult, options)
    const { TMult: factor = 1, etaMin = 0, lastEpoch = -1 } = given
    checkCount('CosineAnnealingWarmRestarts: T0', T0)
    checkCount('CosineAnnealingWarmRestarts: TMult', factor)
    checkNumbers('CosineAnnealingWarmRestarts', { etaMin })
    super(optimizer, given.lastEpoch, { fields: { T0, TI: T0, TMult: factor, etaMin, TCur: lastEpoch } })
  }

  protected override getLr(): number[] {
    const { TCur, TI, etaMin } = this
    return this.baseLrs.map(lr => etaMin + ((lr - etaMin) * (1 + Math.cos((Math.PI * TCur) / TI))) / 2)
  }

  /** Sets the rates of the next epoch, or of the one given. @throws ArgumentError for a negative epoch */
  override step(...given: [epoch?: number]): void {
    atMost('step', 1, arguments.length)
    const epoch = given[0] ?? (this.lastEpoch < 0 ? 0 : undefined)
    if (epoch === undefined) this.next()
    else this.goTo(epoch)
    this.lastEpoch = Math.floor(epoch ?? this.lastEpoch + 1)
    this.setLrs(this.getLr())
  }

  private next(): void {
    this.TCur += 1
    if (this.TCur < this.TI) return
    this.TCur %= this.TI
    this.TI *= this.TMult
  }

  private goTo(epoch: number): void {
    const { T0, TMult } = this
    checkNumbers('step', { epoch })
    if (!(epoch >= 0)) throw new ArgumentError(`Expected non-negative epoch, but got ${shown(epoch)}`)
    if (epoch < T0) {
      this.TI = T0
      this.TCur = epoch
    } else if (TMult === 1) this.TCur = epoch % T0
    else {
      const runs = Math.trunc(Math.log((epoch / T0) * (TMult - 1) + 1) / Math.log(TMult))
      this.TCur = epoch - (T0 * (TMult ** runs - 1)) / (TMult - 1)
      this.TI = T0 * TMult ** runs
    }
  }
}

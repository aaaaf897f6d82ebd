// A schedule that waits for a metric to get no better.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, refuse, shown, Tensor } from '../../tensor/index.ts'
import {
  checkNumbers,
  checkOptimizer,
  LRScheduler,
  type LRSchedulerState,
  perGroup,
  type ScheduledOptimizer,
} from './lr-scheduler.ts'

/** Options of `ReduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions {
  /** Whether the metric should fall (default) or rise. */
  mode?: 'min' | 'max'
  /** Factor of the rate, default 0.1. */
  factor?: number
  /** Steps without progress that are allowed, default 10. */
  patience?: number
  /** What counts as progress, default 1e-4. */
  threshold?: number
  /** Whether the threshold is a part of the best value (default) or a difference. */
  thresholdMode?: 'rel' | 'abs'
  /** Steps after a reduction in which nothing is counted, default 0. */
  cooldown?: number
  /** The lowest rate, for all groups or for each, default 0. */
  minLr?: number | readonly number[]
  /** A change of the rate that is not above this is not made, default 1e-8. */
  eps?: number
}

const plateauOptions = new Options<ReduceLROnPlateauOptions>({
  mode: true,
  factor: true,
  patience: true,
  threshold: true,
  thresholdMode: true,
  cooldown: true,
  minLr: true,
  eps: true,
})

/** What every metric is better than. */
function worst(mode: 'min' | 'max'): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/**
 * The rate times a factor when a metric has not got better for a while. PyTorch:
 * torch.optim.lr_scheduler.ReduceLROnPlateau.
 * @throws ArgumentError for an unknown mode, or a factor that is not below 1
 * @example
 * const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { mode: 'min', patience: 4 })
 * scheduler.step(validationLoss)
 */
export class ReduceLROnPlateau extends LRScheduler<[metrics: number | Tensor]> {
  declare readonly factor: number
  declare readonly defaultMinLr: number | null
  declare minLrs: readonly number[]
  declare readonly patience: number
  declare readonly cooldown: number
  declare readonly eps: number
  declare modeWorse: number
  declare readonly mode: 'min' | 'max'
  declare readonly threshold: number
  declare readonly thresholdMode: 'rel' | 'abs'
  declare best: number
  declare cooldownCounter: number
  declare numBadEpochs: number

  constructor(
    optimizer: ScheduledOptimizer,
    mode?: 'min' | 'max' | ReduceLROnPlateauOptions,
    options?: ReduceLROnPlateauOptions,
  ) {
    atMost('ReduceLROnPlateau', 3, arguments.length)
    checkOptimizer('ReduceLROnPlateau', optimizer)
    const given = plateauOptions.readFirst('ReduceLROnPlateau', mode, options)
    const { mode: direction = 'min', factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = 'rel' } = given
    const { cooldown = 0, minLr = 0, eps = 1e-8 } = given
    checkNumbers('ReduceLROnPlateau', { factor, patience, threshold, cooldown, minLr, eps })
    if (!(factor < 1)) throw new ArgumentError('Factor should be < 1.0.')
    if (direction !== 'min' && direction !== 'max') throw new ArgumentError(`mode ${shown(direction)} is unknown!`)
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs') {
      throw new ArgumentError(`threshold mode ${shown(thresholdMode)} is unknown!`)
    }
    super(optimizer, -1, {
      fields: {
        factor,
        defaultMinLr: typeof minLr === 'number' ? minLr : null,
        minLrs: perGroup('ReduceLROnPlateau: minLr', optimizer, minLr),
        patience,
        cooldown,
        eps,
        modeWorse: worst(direction),
        mode: direction,
        threshold,
        thresholdMode,
        best: worst(direction),
        cooldownCounter: 0,
        numBadEpochs: 0,
      },
    })
  }

  protected override start(): void {
    this.lastEpoch = 0
    this.rememberLrs()
  }

  get inCooldown(): boolean {
    return this.cooldownCounter > 0
  }

  /** Looks at the metric of an epoch, a number or a tensor with one element, and lowers the rates if it is time. */
  override step(...given: [metrics: number | Tensor]): void {
    atMost('step', 1, arguments.length)
    const [metrics] = given
    const current = metrics instanceof Tensor ? metrics.item() : metrics
    if (typeof current !== 'number') refuse('step: metrics', 'a number', current)
    this.lastEpoch += 1
    if (this.isBetter(current)) {
      this.best = current
      this.numBadEpochs = 0
    } else this.numBadEpochs += 1
    if (this.inCooldown) {
      this.cooldownCounter -= 1
      this.numBadEpochs = 0
    }
    if (this.numBadEpochs > this.patience) {
      this.reduce()
      this.cooldownCounter = this.cooldown
      this.numBadEpochs = 0
    }
    this.rememberLrs()
  }

  /** As of all schedulers; a value that JSON could not write, that before the first step, is the worst again. */
  override loadStateDict(state: LRSchedulerState): void {
    super.loadStateDict(state)
    this.modeWorse = worst(this.mode)
    this.best ??= this.modeWorse
  }

  private isBetter(metric: number): boolean {
    const { best, threshold, thresholdMode, mode } = this
    if (mode === 'min') return metric < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold)
    return metric > (thresholdMode === 'rel' ? best * (threshold + 1) : best + threshold)
  }

  private reduce(): void {
    if (this.minLrs.length !== this.groups.length) {
      this.minLrs = perGroup('ReduceLROnPlateau: minLr', this.optimizer, this.defaultMinLr ?? this.minLrs)
    }
    for (const [i, group] of this.groups.entries()) {
      const lr = Math.max(group.lr * this.factor, this.minLrs[i]!)
      if (group.lr - lr > this.eps) group.lr = lr
    }
  }
}

// Schedules made of others: one after the other, or all at once. Their rates are those of PyTorch also where others are
// inside which are such schedules themselves.
import { ArgumentError } from '../../errors.ts'
import { atMost, Options, refuse } from '../../tensor/index.ts'
import {
  checkNumbers,
  LRScheduler,
  type LRSchedulerOptions,
  type LRSchedulerState,
  lrSchedulerOptions,
  type ScheduledOptimizer,
} from './lr-scheduler.ts'
import { ReduceLROnPlateau } from './plateau.ts'

/** Options of `ChainedScheduler`. */
export interface ChainedSchedulerOptions {
  /** Default: that of the first scheduler. */
  optimizer?: ScheduledOptimizer
}

const chainedOptions = new Options<ChainedSchedulerOptions>({ optimizer: true })

/** @throws ArgumentError unless there are schedulers of that optimizer which need no metric */
function check(op: string, schedulers: readonly LRScheduler[], optimizer: ScheduledOptimizer | undefined): void {
  if (!Array.isArray(schedulers)) refuse(op, 'an array of schedulers', schedulers)
  if (schedulers.length === 0) throw new ArgumentError(`${op} expects at least one scheduler, but got no scheduler.`)
  for (const [i, scheduler] of schedulers.entries()) {
    if (!(scheduler instanceof LRScheduler)) refuse(`${op}: schedulers[${i}]`, 'a scheduler', scheduler)
    if ((scheduler as object) instanceof ReduceLROnPlateau) {
      throw new ArgumentError(
        `${op} does not support \`ReduceLROnPlateau\` scheduler as it needs a metric when calling \`step\`, ` +
          `but got one at index ${i} in the given schedulers sequence.`,
      )
    }
    if (scheduler.optimizer !== (optimizer ?? schedulers[0].optimizer)) {
      throw new ArgumentError(
        `${op} expects all schedulers to belong to the same optimizer, but got scheduler ` +
          `${scheduler.constructor.name} at index ${i} of another one.`,
      )
    }
  }
}

/** What both have in common: their state is that of the schedulers too. */
abstract class Combined extends LRScheduler {
  declare readonly _schedulers: readonly LRScheduler[]

  override stateDict(): LRSchedulerState {
    return { ...super.stateDict(), _schedulers: this._schedulers.map(scheduler => scheduler.stateDict()) }
  }

  override loadStateDict(state: LRSchedulerState): void {
    const { _schedulers: states, ...rest } = state
    super.loadStateDict(rest)
    for (const [i, one] of ((states ?? []) as LRSchedulerState[]).entries()) this._schedulers[i]!.loadStateDict(one)
  }
}

/** Takes back the step that each scheduler took when it was made. */
function undo(scheduler: LRScheduler): void {
  if (scheduler instanceof Combined) scheduler._schedulers.forEach(undo)
  else scheduler.lastEpoch -= 1
}

/**
 * One schedule after the other; each begins at its milestone, from the initial rates. PyTorch:
 * torch.optim.lr_scheduler.SequentialLR.
 * @throws ArgumentError unless there is one milestone less than there are schedulers, all of them of this optimizer
 * @example
 * const warmup = new optim.lrScheduler.LinearLR(optimizer, { totalIters: 5 })
 * const cosine = new optim.lrScheduler.CosineAnnealingLR(optimizer, 95)
 * const scheduler = new optim.lrScheduler.SequentialLR(optimizer, [warmup, cosine], [5])
 */
export class SequentialLR extends Combined {
  declare private readonly _milestones: readonly number[]

  constructor(
    optimizer: ScheduledOptimizer,
    schedulers: readonly LRScheduler[],
    milestones: readonly number[],
    lastEpoch?: number | LRSchedulerOptions,
  ) {
    atMost('SequentialLR', 4, arguments.length)
    const given = lrSchedulerOptions.readFirst('SequentialLR', lastEpoch)
    check('SequentialLR', schedulers, optimizer)
    if (!Array.isArray(milestones)) refuse('SequentialLR: milestones', 'an array of numbers', milestones)
    checkNumbers('SequentialLR', { milestones })
    if (milestones.length !== schedulers.length - 1) {
      throw new ArgumentError(
        'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone ' +
          `points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ` +
          `${milestones.length}`,
      )
    }
    super(optimizer, given.lastEpoch, { fields: { _schedulers: [...schedulers], _milestones: [...milestones] } })
  }

  protected override start(lastEpoch: number): void {
    this.lastEpoch = lastEpoch + 1
    for (const group of this.groups) group.lr = group.initialLr!
    this._schedulers.forEach(undo)
    this._schedulers[this.passed(0)]!.initialStep()
    this.rememberLrs()
  }

  /** How many milestones are not after the epoch. */
  private passed(epoch: number): number {
    return this._milestones.filter(milestone => milestone <= epoch).length
  }

  override step(): void {
    atMost('step', 0, arguments.length)
    this.lastEpoch += 1
    const passed = this.passed(this.lastEpoch)
    const scheduler = this._schedulers[passed]!
    if (passed > 0 && this._milestones[passed - 1] === this.lastEpoch) scheduler.updateLr(0)
    else scheduler.step()
    this.rememberLrs()
  }
}

/**
 * Several schedules at once, each of which changes the rates that the one before has left. PyTorch:
 * torch.optim.lr_scheduler.ChainedScheduler.
 * @throws ArgumentError unless all schedulers are of one optimizer
 * @example const scheduler = new optim.lrScheduler.ChainedScheduler([warmup, decay])
 */
export class ChainedScheduler extends Combined {
  constructor(schedulers: readonly LRScheduler[], options?: ChainedSchedulerOptions) {
    atMost('ChainedScheduler', 2, arguments.length)
    const { optimizer } = chainedOptions.read('ChainedScheduler', options)
    check('ChainedScheduler', schedulers, optimizer)
    super(schedulers[0]!.optimizer, -1, { fields: { _schedulers: [...schedulers] } })
  }

  protected override start(): void {
    this.rememberLrs()
  }

  override step(): void {
    atMost('step', 0, arguments.length)
    for (const scheduler of this._schedulers) scheduler.step()
    this.rememberLrs()
  }
}

// One cycle over a whole training: the rate goes up to its highest value and then down to far below where it began.
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, Options, shown } from '../../tensor/index.ts'
import {
  checkCount,
  checkNumbers,
  checkOptimizer,
  LRScheduler,
  type LRSchedulerOptions,
  perGroup,
  type ScheduledOptimizer,
  type ScheduledOptions,
} from './lr-scheduler.ts'
import { type MomentumOptions, setMomentum, startMomentum } from './momentum.ts'

/** Options of `OneCycleLR`. */
export interface OneCycleLROptions extends LRSchedulerOptions, MomentumOptions {
  /** Steps of the cycle; default: `epochs` times `stepsPerEpoch`. */
  totalSteps?: number
  epochs?: number
  stepsPerEpoch?: number
  /** Part of the steps in which the rate goes up, default 0.3. */
  pctStart?: number
  /** Default 'cos'. */
  annealStrategy?: 'cos' | 'linear'
  /** The initial rate is `maxLr` divided by this, default 25. */
  divFactor?: number
  /** The last rate is the initial one divided by this, default 1e4. */
  finalDivFactor?: number
  /** Go down to the initial rate first, in as many steps as up, default false. */
  threePhase?: boolean
}

const oneCycleOptions = new Options<OneCycleLROptions>({
  totalSteps: true,
  epochs: true,
  stepsPerEpoch: true,
  pctStart: true,
  annealStrategy: true,
  cycleMomentum: true,
  baseMomentum: true,
  maxMomentum: true,
  divFactor: true,
  finalDivFactor: true,
  threePhase: true,
  lastEpoch: true,
})

/** Where the fields that a phase names, as PyTorch spells them, stand in a group. */
const fields = {
  initial_lr: 'initialLr',
  max_lr: 'maxLr',
  min_lr: 'minLr',
  base_momentum: 'baseMomentum',
  max_momentum: 'maxMomentum',
} as const

type Field = keyof typeof fields

/** A part of the cycle, as it stands in state dicts. */
interface Phase {
  end_step: number
  start_lr: Field
  end_lr: Field
  start_momentum: Field
  end_momentum: Field
}

function phase(end: number, [lr, nextLr]: [Field, Field], [momentum, nextMomentum]: [Field, Field]): Phase {
  return { end_step: end, start_lr: lr, end_lr: nextLr, start_momentum: momentum, end_momentum: nextMomentum }
}

function phases(totalSteps: number, pctStart: number, threePhase: boolean): Phase[] {
  const up = phase(pctStart * totalSteps - 1, ['initial_lr', 'max_lr'], ['max_momentum', 'base_momentum'])
  if (!threePhase) return [up, phase(totalSteps - 1, ['max_lr', 'min_lr'], ['base_momentum', 'max_momentum'])]
  return [
    up,
    phase(2 * pctStart * totalSteps - 2, ['max_lr', 'initial_lr'], ['base_momentum', 'max_momentum']),
    phase(totalSteps - 1, ['initial_lr', 'min_lr'], ['max_momentum', 'max_momentum']),
  ]
}

function stepsOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  if (totalSteps !== undefined) {
    checkCount('OneCycleLR: totalSteps', totalSteps)
    return totalSteps
  }
  if (epochs === undefined || stepsPerEpoch === undefined) {
    throw new ArgumentError('You must define either totalSteps OR (epochs AND stepsPerEpoch)')
  }
  checkCount('OneCycleLR: epochs', epochs)
  checkCount('OneCycleLR: stepsPerEpoch', stepsPerEpoch)
  return epochs * stepsPerEpoch
}

/**
 * The one-cycle policy: up to `maxLr`, then down; momentum goes the other way, from 0.95 to 0.85 unless `baseMomentum`
 * and `maxMomentum` say otherwise. Step after each batch. PyTorch: torch.optim.lr_scheduler.OneCycleLR.
 * @throws ArgumentError without a number of steps, for an optimizer without momentum, and for a step beyond the last
 * @example new optim.lrScheduler.OneCycleLR(optimizer, 0.1, { epochs: 10, stepsPerEpoch: loader.length })
 */
export class OneCycleLR extends LRScheduler {
  declare readonly totalSteps: number
  declare readonly cycleMomentum: boolean
  declare readonly useBeta1: boolean
  declare private readonly _schedulePhases: readonly Phase[]
  declare private readonly _annealFuncType: 'cos' | 'linear'

  constructor(
    optimizer: ScheduledOptimizer,
    maxLr: number | readonly number[],
    totalSteps?: number | OneCycleLROptions,
    options?: OneCycleLROptions,
  ) {
    atMost('OneCycleLR', 4, arguments.length)
    checkOptimizer('OneCycleLR', optimizer)
    const given = oneCycleOptions.readFirst('OneCycleLR', totalSteps, options)
    const steps = stepsOf(given)
    const { pctStart = 0.3, annealStrategy = 'cos', divFactor = 25, finalDivFactor = 1e4, lastEpoch = -1 } = given
    const { baseMomentum = 0.85, maxMomentum = 0.95 } = given
    checkNumbers('OneCycleLR', { maxLr, pctStart, divFactor, finalDivFactor, baseMomentum, maxMomentum })
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new ArgumentError(`Expected float between 0 and 1 pctStart, but got ${shown(pctStart)}`)
    }
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear') {
      throw new ArgumentError(`annealStrategy must be one of 'cos' or 'linear', instead got ${shown(annealStrategy)}`)
    }
    const cycleMomentum = flag('OneCycleLR: cycleMomentum', given.cycleMomentum ?? true)
    const threePhase = flag('OneCycleLR: threePhase', given.threePhase ?? false)
    const maxLrs = perGroup('OneCycleLR: maxLr', optimizer, maxLr)
    if (lastEpoch === -1) {
      for (const [i, group] of (optimizer.paramGroups as ScheduledOptions[]).entries()) {
        group.initialLr = maxLrs[i]! / divFactor
        group.maxLr = maxLrs[i]!
        group.minLr = group.initialLr / finalDivFactor
      }
    }
    const bounds = { baseMomentum, maxMomentum }
    super(optimizer, given.lastEpoch, {
      fields: {
        totalSteps: steps,
        _schedulePhases: phases(steps, pctStart, threePhase),
        _annealFuncType: annealStrategy,
        cycleMomentum,
        ...(cycleMomentum && { useBeta1: startMomentum('OneCycleLR', optimizer, bounds, lastEpoch).useBeta1 }),
      },
    })
  }

  protected override getLr(): number[] {
    const { lastEpoch, totalSteps, _schedulePhases: all } = this
    if (lastEpoch > totalSteps) {
      throw new ArgumentError(`Tried to step ${lastEpoch} times. The specified number of total steps is ${totalSteps}`)
    }
    const found = all.findIndex(({ end_step }) => lastEpoch <= end_step)
    const i = found < 0 ? all.length - 1 : found
    const now = all[i]!
    const start = i === 0 ? 0 : all[i - 1]!.end_step
    const pct = (lastEpoch - start) / (now.end_step - start)
    return this.groups.map(group => {
      const between = (from: Field, to: Field) => this.anneal(group[fields[from]]!, group[fields[to]]!, pct)
      if (this.cycleMomentum) setMomentum(group, this.useBeta1, between(now.start_momentum, now.end_momentum))
      return between(now.start_lr, now.end_lr)
    })
  }

  private anneal(start: number, end: number, pct: number): number {
    if (this._annealFuncType === 'linear') return (end - start) * pct + start
    return end + ((start - end) / 2) * (Math.cos(Math.PI * pct) + 1)
  }
}

// A rate that goes up and down between two bounds, in straight lines.
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, Options, refuse, shown } from '../../tensor/index.ts'
import {
  checkNumbers,
  checkOptimizer,
  LRScheduler,
  type LRSchedulerOptions,
  perGroup,
  type ScheduledOptimizer,
  type ScheduledOptions,
} from './lr-scheduler.ts'
import { type MomentumOptions, setMomentum, startMomentum } from './momentum.ts'

/** Options of `CyclicLR`. */
export interface CyclicLROptions extends LRSchedulerOptions, MomentumOptions {
  /** Steps upwards, default 2000. */
  stepSizeUp?: number
  /** Steps downwards, default as many. */
  stepSizeDown?: number
  /** Cycles of one height (default), of half the height each time, or that shrink by `gamma` with each step. */
  mode?: 'triangular' | 'triangular2' | 'exp_range'
  /** Default 1. */
  gamma?: number
  /** The height of a cycle in place of `mode`, from the number of the cycle or of the step. */
  scaleFn?: (x: number) => number
  /** What `scaleFn` gets, default 'cycle'. */
  scaleMode?: 'cycle' | 'iterations'
}

const cyclicOptions = new Options<CyclicLROptions>({
  stepSizeUp: true,
  stepSizeDown: true,
  mode: true,
  gamma: true,
  scaleFn: true,
  scaleMode: true,
  cycleMomentum: true,
  baseMomentum: true,
  maxMomentum: true,
  lastEpoch: true,
})

/**
 * From `baseLr` up to `maxLr` and down again; momentum goes the other way, from 0.9 to 0.8 unless `baseMomentum` and
 * `maxMomentum` say otherwise. Step after each batch. PyTorch: torch.optim.lr_scheduler.CyclicLR.
 * @throws ArgumentError for an unknown mode, or an optimizer without momentum
 * @example const scheduler = new optim.lrScheduler.CyclicLR(optimizer, 0.01, 0.1, { stepSizeUp: 500 })
 */
export class CyclicLR extends LRScheduler {
  declare readonly maxLrs: readonly number[]
  declare readonly totalSize: number
  declare readonly stepRatio: number
  declare readonly mode: string
  declare readonly gamma: number
  declare readonly scaleMode: 'cycle' | 'iterations'
  declare readonly cycleMomentum: boolean
  declare readonly useBeta1: boolean
  declare readonly baseMomentums: readonly number[]
  declare readonly maxMomentums: readonly number[]
  declare private readonly _scaleFnCustom: ((x: number) => number) | null

  constructor(
    optimizer: ScheduledOptimizer,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    stepSizeUp?: number | CyclicLROptions,
    options?: CyclicLROptions,
  ) {
    atMost('CyclicLR', 5, arguments.length)
    checkOptimizer('CyclicLR', optimizer)
    const given = cyclicOptions.readFirst('CyclicLR', stepSizeUp, options)
    const { stepSizeUp: up = 2000, mode = 'triangular', gamma = 1, scaleFn = null, lastEpoch = -1 } = given
    const { stepSizeDown: down = up, baseMomentum = 0.8, maxMomentum = 0.9 } = given
    checkNumbers('CyclicLR', { baseLr, maxLr, stepSizeUp: up, stepSizeDown: down, gamma, baseMomentum, maxMomentum })
    if (scaleFn !== null && typeof scaleFn !== 'function') refuse('CyclicLR: scaleFn', 'a function', scaleFn)
    if (scaleFn === null && !['triangular', 'triangular2', 'exp_range'].includes(mode)) {
      throw new ArgumentError(`CyclicLR: mode must be 'triangular', 'triangular2' or 'exp_range', got '${shown(mode)}'`)
    }
    const cycleMomentum = flag('CyclicLR: cycleMomentum', given.cycleMomentum ?? true)
    const ofMode = mode === 'exp_range' ? 'iterations' : 'cycle'
    const baseLrs = perGroup('CyclicLR: baseLr', optimizer, baseLr)
    const fields = {
      maxLrs: perGroup('CyclicLR: maxLr', optimizer, maxLr),
      totalSize: up + down,
      stepRatio: up / (up + down),
      mode,
      gamma,
      scaleMode: scaleFn === null ? ofMode : (given.scaleMode ?? 'cycle'),
      cycleMomentum,
      ...(cycleMomentum && startMomentum('CyclicLR', optimizer, { baseMomentum, maxMomentum }, lastEpoch)),
      _scaleFnCustom: scaleFn,
    }
    if (lastEpoch === -1) for (const [i, group] of optimizer.paramGroups.entries()) group.lr = baseLrs[i]!
    super(optimizer, given.lastEpoch, { fields })
    this.baseLrs = Object.freeze(baseLrs)
  }

  protected override getLr(): number[] {
    const { lastEpoch, totalSize, stepRatio } = this
    const cycle = Math.floor(1 + lastEpoch / totalSize)
    const x = 1 + lastEpoch / totalSize - cycle
    const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1)
    const scale = this.scale(this.scaleMode === 'cycle' ? cycle : lastEpoch)
    if (this.cycleMomentum) {
      for (const [i, group] of this.groups.entries()) {
        const [low, high] = [this.baseMomentums[i]!, this.maxMomentums[i]!]
        setMomentum(group as ScheduledOptions, this.useBeta1, high - (high - low) * height * scale)
      }
    }
    return this.baseLrs.map((low, i) => low + (this.maxLrs[i]! - low) * height * scale)
  }

  private scale(x: number): number {
    if (this._scaleFnCustom !== null) return this._scaleFnCustom(x)
    if (this.mode === 'triangular2') return 1 / 2 ** (x - 1)
    return this.mode === 'exp_range' ? this.gamma ** x : 1
  }
}

// Adam and AdamW, which differ in what weight decay does: it adds to the gradient, or it shrinks the weights beside the
// step. The update is `Adam` in native/kernels/math/optim.h.
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type OptimizerStateDict, type ParamGroup, type Params } from './optimizer.ts'
import { checkBetas, notNegative, settings } from './settings.ts'

/** Options of `AdamW`, for all parameters or for one group. */
export interface AdamWOptions {
  /** Learning rate, default 1e-3. */
  lr: number
  /** How much of the averages of gradients and of their squares each step keeps, default `[0.9, 0.999]`. */
  betas: readonly [number, number]
  /** What is added to the root of the average of squares, default 1e-8. */
  eps: number
  /** Default 0 for `Adam`, 0.01 for `AdamW`. */
  weightDecay: number
  /** Divide by the largest average of squares so far. */
  amsgrad: boolean
  /** Climb instead of descend. */
  maximize: boolean
}

/** Options of `Adam`, for all parameters or for one group. */
export interface AdamOptions extends AdamWOptions {
  /** Weight decay as in `AdamW`. */
  decoupledWeightDecay: boolean
}

const adamWOptions = new Options<Partial<AdamWOptions>>({
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  amsgrad: true,
  maximize: true,
})

const adamOptions = new Options<Partial<AdamOptions>>({
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  amsgrad: true,
  maximize: true,
  decoupledWeightDecay: true,
})

const standard: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
  decoupledWeightDecay: false,
}

function checked(op: string, defaults: AdamOptions, given: Partial<AdamOptions>): AdamOptions {
  const options = settings(op, defaults, given)
  notNegative(options, 'lr', 'eps')
  checkBetas(options.betas)
  notNegative(options, 'weightDecay')
  return options
}

/** Both optimizers. */
abstract class Moments extends Optimizer<AdamOptions> {
  protected override stepGroup(group: ParamGroup<AdamOptions>): void {
    const { lr, betas, eps, weightDecay, amsgrad, maximize, decoupledWeightDecay } = group
    const states = { expAvg: 0, expAvgSq: 0, ...(amsgrad && { maxExpAvgSq: 0 }) }
    const [decay, keep] = decoupledWeightDecay ? [0, 1 - lr * weightDecay] : [weightDecay, 1]
    // The averages start at 0, and are too small by these factors.
    for (const [step, params] of this.withGradients(group, param => this.countStep(param))) {
      const [first, second] = betas.map(beta => 1 - beta ** step) as [number, number]
      const numbers = [lr / first, ...betas, Math.sqrt(second), eps, decay, keep, maximize ? 1 : 0]
      this.update('adam', params, states, numbers)
    }
  }
}

/**
 * Adam, by averages of gradients and of their squares. PyTorch: torch.optim.Adam.
 * @throws ArgumentError for a negative option, or betas outside [0, 1)
 * @example const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 })
 */
export class Adam extends Moments {
  constructor(params: Params<AdamOptions>, lr?: number | Partial<AdamOptions>, options?: Partial<AdamOptions>) {
    atMost('Adam', 3, arguments.length)
    super(params, checked('Adam', standard, adamOptions.copy(adamOptions.readFirst('Adam', lr, options))))
  }
}

/**
 * Adam whose weight decay takes part of the weights beside the step. PyTorch: torch.optim.AdamW.
 * @throws ArgumentError for a negative option, or betas outside [0, 1)
 * @example const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.05 })
 */
export class AdamW extends Moments {
  constructor(params: Params<AdamOptions>, lr?: number | Partial<AdamWOptions>, options?: Partial<AdamWOptions>) {
    atMost('AdamW', 3, arguments.length)
    const defaults = { ...standard, weightDecay: 0.01, decoupledWeightDecay: true }
    super(params, checked('AdamW', defaults, adamWOptions.copy(adamWOptions.readFirst('AdamW', lr, options))))
  }

  /** As `Optimizer.loadStateDict`; weight decay stays decoupled, whatever was saved. */
  override loadStateDict(saved: OptimizerStateDict): void {
    super.loadStateDict(saved)
    for (const group of this.paramGroups) group.decoupledWeightDecay = true
  }
}

// RAdam. The update is `Radam` in native/kernels/math/optim.h.
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { checkBetas, notNegative, settings } from './settings.ts'

/** Options of `RAdam`, for all parameters or for one group. */
export interface RAdamOptions {
  /** Learning rate, default 1e-3. */
  lr: number
  /** How much of the averages of gradients and of their squares each step keeps, default `[0.9, 0.999]`. */
  betas: readonly [number, number]
  /** What is added to the root of the average of squares, default 1e-8. */
  eps: number
  weightDecay: number
  /** Weight decay as in `AdamW`. */
  decoupledWeightDecay: boolean
  /** Climb instead of descend. */
  maximize: boolean
}

const radamOptions = new Options<Partial<RAdamOptions>>({
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  decoupledWeightDecay: true,
  maximize: true,
})

const standard: RAdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  maximize: false,
}

/**
 * Adam whose first steps trust the average of squares as little as it tells. PyTorch: torch.optim.RAdam.
 * @throws ArgumentError for a negative option, or betas outside [0, 1)
 * @example const optimizer = new optim.RAdam(model.parameters(), { lr: 1e-3 })
 */
export class RAdam extends Optimizer<RAdamOptions> {
  constructor(params: Params<RAdamOptions>, lr?: number | Partial<RAdamOptions>, options?: Partial<RAdamOptions>) {
    atMost('RAdam', 3, arguments.length)
    const given = radamOptions.copy(radamOptions.readFirst('RAdam', lr, options))
    const defaults = settings('RAdam', standard, given)
    notNegative(defaults, 'lr', 'eps')
    checkBetas(defaults.betas)
    notNegative(defaults, 'weightDecay')
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<RAdamOptions>): void {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay, maximize } = group
    const [decay, keep] = decoupledWeightDecay ? [0, 1 - lr * weightDecay] : [weightDecay, 1]
    for (const [step, params] of this.withGradients(group, param => this.countStep(param))) {
      const rest = 1 - betas[1] ** step
      // How many steps the average of squares is as good as, at the end and now.
      const most = 2 / (1 - betas[1]) - 1
      const now = most - (2 * step * betas[1] ** step) / rest
      const adaptive = now > 5
      const trust = ((now - 4) * (now - 2) * most) / ((most - 4) * (most - 2) * now)
      const rise = adaptive ? Math.sqrt(rest) * Math.sqrt(trust) : 0
      const size = lr / (1 - betas[0] ** step)
      const numbers = [size, ...betas, rise, adaptive ? 1 : 0, eps, decay, keep, maximize ? 1 : 0]
      this.update('radam', params, { expAvg: 0, expAvgSq: 0 }, numbers)
    }
  }
}

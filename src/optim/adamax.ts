// Adamax. The update is `Adamax` in native/kernels/math/optim.h.
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { checkBetas, notNegative, settings } from './settings.ts'

/** Options of `Adamax`, for all parameters or for one group. */
export interface AdamaxOptions {
  /** Learning rate, default 2e-3. */
  lr: number
  /** How much of the average of gradients and of their largest size each step keeps, default `[0.9, 0.999]`. */
  betas: readonly [number, number]
  /** What is added to the size of each gradient, default 1e-8. */
  eps: number
  /** Factor of the L2 penalty. */
  weightDecay: number
  /** Climb instead of descend. */
  maximize: boolean
}

const adamaxOptions = new Options<Partial<AdamaxOptions>>({
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  maximize: true,
})

const standard: AdamaxOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false }

/**
 * Adamax, which is Adam with the largest gradient in place of an average of squares. PyTorch: torch.optim.Adamax.
 * @throws ArgumentError for a negative option, or betas outside [0, 1)
 * @example const optimizer = new optim.Adamax(model.parameters(), { lr: 2e-3 })
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  constructor(params: Params<AdamaxOptions>, lr?: number | Partial<AdamaxOptions>, options?: Partial<AdamaxOptions>) {
    atMost('Adamax', 3, arguments.length)
    const given = adamaxOptions.copy(adamaxOptions.readFirst('Adamax', lr, options))
    const defaults = settings('Adamax', standard, given)
    notNegative(defaults, 'lr', 'eps')
    checkBetas(defaults.betas)
    notNegative(defaults, 'weightDecay')
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<AdamaxOptions>): void {
    const { lr, betas, eps, weightDecay, maximize } = group
    for (const [step, params] of this.withGradients(group, param => this.countStep(param))) {
      const numbers = [lr / (1 - betas[0] ** step), ...betas, eps, weightDecay, maximize ? 1 : 0]
      this.update('adamax', params, { expAvg: 0, expInf: 0 }, numbers)
    }
  }
}

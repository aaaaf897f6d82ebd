// Averaged stochastic gradient descent. The update is `Asgd` in native/kernels/math/optim.h. The rate and the share of
// the average fall with the steps; what they are in the next step is state, in float32 as in PyTorch.
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { notNegative, settings } from './settings.ts'

/** Options of `ASGD`, for all parameters or for one group. */
export interface ASGDOptions {
  /** Learning rate, default 1e-2. */
  lr: number
  /** How much the parameters and the rate decay, default 1e-4. */
  lambd: number
  /** Power by which the rate decays, default 0.75. */
  alpha: number
  /** Step after which the average begins, default 1e6. */
  t0: number
  /** Factor of the L2 penalty. */
  weightDecay: number
  /** Climb instead of descend. */
  maximize: boolean
}

const asgdOptions = new Options<Partial<ASGDOptions>>({
  lr: true,
  lambd: true,
  alpha: true,
  t0: true,
  weightDecay: true,
  maximize: true,
})

const standard: ASGDOptions = { lr: 1e-2, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false }

/**
 * Averaged stochastic gradient descent; the average of each parameter is `ax` in its state. PyTorch: torch.optim.ASGD.
 * @throws ArgumentError for a negative learning rate or weight decay
 * @example const optimizer = new optim.ASGD(model.parameters(), { lr: 0.1, t0: 1000 })
 */
export class ASGD extends Optimizer<ASGDOptions> {
  constructor(params: Params<ASGDOptions>, lr?: number | Partial<ASGDOptions>, options?: Partial<ASGDOptions>) {
    atMost('ASGD', 3, arguments.length)
    const given = asgdOptions.copy(asgdOptions.readFirst('ASGD', lr, options))
    const defaults = settings('ASGD', standard, given)
    notNegative(defaults, 'lr', 'weightDecay')
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<ASGDOptions>): void {
    const { lr, lambd, alpha, t0, weightDecay, maximize } = group
    const batches = this.withGradients(group, param => {
      const step = this.countStep(param)
      const state = this.state.get(param)!
      state.eta ??= Math.fround(lr)
      state.mu ??= 1
      return `${step} ${state.eta} ${state.mu}`
    })
    for (const params of batches.values()) {
      const { step, eta, mu } = this.state.get(params[0]!) as { step: number; eta: number; mu: number }
      this.update('asgd', params, { ax: 0 }, [eta, 1 - lambd * eta, mu, weightDecay, maximize ? 1 : 0])
      const next = {
        eta: Math.fround(lr / (1 + lambd * lr * step) ** alpha),
        mu: Math.fround(1 / Math.max(1, step - t0)),
      }
      for (const param of params) Object.assign(this.state.get(param)!, next)
    }
  }
}

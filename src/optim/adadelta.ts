// Adadelta. The update is `Adadelta` in native/kernels/math/optim.h.
import { ArgumentError } from '../errors.ts'
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { notNegative, settings } from './settings.ts'

/** Options of `Adadelta`, for all parameters or for one group. */
export interface AdadeltaOptions {
  /** Factor of each change, default 1. */
  lr: number
  /** How much of the averages of squares each step keeps, default 0.9. */
  rho: number
  /** What is added to the averages of squares before their roots are taken, default 1e-6. */
  eps: number
  /** Factor of the L2 penalty. */
  weightDecay: number
  /** Climb instead of descend. */
  maximize: boolean
}

const adadeltaOptions = new Options<Partial<AdadeltaOptions>>({
  lr: true,
  rho: true,
  eps: true,
  weightDecay: true,
  maximize: true,
})

const standard: AdadeltaOptions = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }

/**
 * Adadelta: the gradient times the size of past changes over the size of past gradients. PyTorch: torch.optim.Adadelta.
 * @throws ArgumentError for a negative option, or rho outside [0, 1]
 * @example const optimizer = new optim.Adadelta(model.parameters(), { rho: 0.95 })
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(
    params: Params<AdadeltaOptions>,
    lr?: number | Partial<AdadeltaOptions>,
    options?: Partial<AdadeltaOptions>,
  ) {
    atMost('Adadelta', 3, arguments.length)
    const given = adadeltaOptions.copy(adadeltaOptions.readFirst('Adadelta', lr, options))
    const defaults = settings('Adadelta', standard, given)
    notNegative(defaults, 'lr', 'rho')
    if (defaults.rho > 1) throw new ArgumentError(`Invalid rho value: ${defaults.rho}`)
    notNegative(defaults, 'eps', 'weightDecay')
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<AdadeltaOptions>): void {
    const { lr, rho, eps, weightDecay, maximize } = group
    // PyTorch counts the steps too, and saves their number.
    for (const params of this.withGradients(group, param => void this.countStep(param)).values()) {
      const numbers = [lr, rho, eps, weightDecay, maximize ? 1 : 0]
      this.update('adadelta', params, { squareAvg: 0, accDelta: 0 }, numbers)
    }
  }
}

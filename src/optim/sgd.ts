// Stochastic gradient descent. The update is `Sgd` in native/kernels/math/optim.h.
import { ArgumentError } from '../errors.ts'
import { atMost, Options, type Tensor } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { notNegative, settings } from './settings.ts'

/** Options of `SGD`, for all parameters or for one group. */
export interface SGDOptions {
  /** Learning rate, default 1e-3. */
  lr: number
  momentum: number
  dampening: number
  /** Factor of the L2 penalty. */
  weightDecay: number
  nesterov: boolean
  /** Climb instead of descend. */
  maximize: boolean
}

const sgdOptions = new Options<Partial<SGDOptions>>({
  lr: true,
  momentum: true,
  dampening: true,
  weightDecay: true,
  nesterov: true,
  maximize: true,
})

const standard: SGDOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  maximize: false,
}

/**
 * Stochastic gradient descent with momentum, Nesterov's too. PyTorch: torch.optim.SGD.
 * @throws ArgumentError for a negative option, or for Nesterov momentum with dampening
 * @example const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Params<SGDOptions>, lr?: number | Partial<SGDOptions>, options?: Partial<SGDOptions>) {
    atMost('SGD', 3, arguments.length)
    const given = sgdOptions.copy(sgdOptions.readFirst('SGD', lr, options))
    const defaults = settings('SGD', standard, given)
    notNegative(defaults, 'lr', 'momentum', 'weightDecay')
    if (defaults.nesterov && (defaults.momentum <= 0 || defaults.dampening !== 0)) {
      throw new ArgumentError('Nesterov momentum requires a momentum and zero dampening')
    }
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<SGDOptions>): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group
    const states: Record<string, number> = momentum === 0 ? {} : { momentumBuffer: 0 }
    // A momentum starts as the gradient itself, undamped.
    const batches = this.withGradients(group, param => (this.#started(param) ? dampening : 0))
    for (const [damped, params] of batches) {
      const scalars = [lr, momentum, damped, weightDecay, nesterov ? 1 : 0, maximize ? 1 : 0]
      this.update('sgd', params, states, scalars)
    }
  }

  #started(param: Tensor): boolean {
    return this.state.get(param)?.momentumBuffer !== undefined
  }
}

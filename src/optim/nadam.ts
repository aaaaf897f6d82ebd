// NAdam. The update is `Nadam` in native/kernels/math/optim.h. The product of all momenta so far is state, in float32
// as in PyTorch.
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { checkBetas, notNegative, settings } from './settings.ts'

/** Options of `NAdam`, for all parameters or for one group. */
export interface NAdamOptions {
  /** Learning rate, default 2e-3. */
  lr: number
  /** How much of the averages of gradients and of their squares each step keeps, default `[0.9, 0.999]`. */
  betas: readonly [number, number]
  /** What is added to the root of the average of squares, default 1e-8. */
  eps: number
  weightDecay: number
  /** How slowly the momentum rises to the first beta, default 4e-3. */
  momentumDecay: number
  /** Weight decay as in `AdamW`. */
  decoupledWeightDecay: boolean
  /** Climb instead of descend. */
  maximize: boolean
}

const nadamOptions = new Options<Partial<NAdamOptions>>({
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  momentumDecay: true,
  decoupledWeightDecay: true,
  maximize: true,
})

const standard: NAdamOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
  decoupledWeightDecay: false,
  maximize: false,
}

/**
 * Adam with Nesterov momentum. PyTorch: torch.optim.NAdam.
 * @throws ArgumentError for a negative option, or betas outside [0, 1)
 * @example const optimizer = new optim.NAdam(model.parameters(), { lr: 2e-3 })
 */
export class NAdam extends Optimizer<NAdamOptions> {
  constructor(params: Params<NAdamOptions>, lr?: number | Partial<NAdamOptions>, options?: Partial<NAdamOptions>) {
    atMost('NAdam', 3, arguments.length)
    const given = nadamOptions.copy(nadamOptions.readFirst('NAdam', lr, options))
    const defaults = settings('NAdam', standard, given)
    notNegative(defaults, 'lr', 'eps')
    checkBetas(defaults.betas)
    notNegative(defaults, 'weightDecay', 'momentumDecay')
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<NAdamOptions>): void {
    const { lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize } = group
    const momentum = (step: number) => betas[0] * (1 - 0.5 * 0.96 ** (step * momentumDecay))
    const [decay, keep] = decoupledWeightDecay ? [0, 1 - lr * weightDecay] : [weightDecay, 1]
    const batches = this.withGradients(group, param => {
      const step = this.countStep(param)
      const state = this.state.get(param)!
      state.muProduct = Math.fround(Number(state.muProduct ?? 1) * Math.fround(momentum(step)))
      return `${step} ${state.muProduct}`
    })
    for (const params of batches.values()) {
      const { step, muProduct } = this.state.get(params[0]!) as { step: number; muProduct: number }
      const [mu, next] = [momentum(step), momentum(step + 1)]
      const sizes = [(lr * (1 - mu)) / (1 - muProduct), (lr * next) / (1 - muProduct * next)]
      const numbers = [...sizes, ...betas, 1 - betas[1] ** step, eps, decay, keep, maximize ? 1 : 0]
      this.update('nadam', params, { expAvg: 0, expAvgSq: 0 }, numbers)
    }
  }
}

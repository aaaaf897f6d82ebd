// RMSprop. The updates are `Rmsprop` and `CenteredRmsprop` in native/kernels/math/optim.h.
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { notNegative, settings } from './settings.ts'

/** Options of `RMSprop`, for all parameters or for one group. */
export interface RMSpropOptions {
  /** Learning rate, default 1e-2. */
  lr: number
  /** How much of the average of squares each step keeps, default 0.99. */
  alpha: number
  /** What is added to the root of the average of squares, default 1e-8. */
  eps: number
  /** Factor of the L2 penalty. */
  weightDecay: number
  momentum: number
  /** Divide by an estimate of the gradient's deviation. */
  centered: boolean
  /** Climb instead of descend. */
  maximize: boolean
}

const rmspropOptions = new Options<Partial<RMSpropOptions>>({
  lr: true,
  alpha: true,
  eps: true,
  weightDecay: true,
  momentum: true,
  centered: true,
  maximize: true,
})

const standard: RMSpropOptions = {
  lr: 1e-2,
  alpha: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  momentum: 0,
  centered: false,
  maximize: false,
}

/**
 * RMSprop: the gradient divided by the root of an average of its squares. PyTorch: torch.optim.RMSprop.
 * @throws ArgumentError for a negative option
 * @example const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.01, momentum: 0.9 })
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(
    params: Params<RMSpropOptions>,
    lr?: number | Partial<RMSpropOptions>,
    options?: Partial<RMSpropOptions>,
  ) {
    atMost('RMSprop', 3, arguments.length)
    const given = rmspropOptions.copy(rmspropOptions.readFirst('RMSprop', lr, options))
    const defaults = settings('RMSprop', standard, given)
    notNegative(defaults, 'lr', 'eps', 'momentum', 'weightDecay', 'alpha')
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<RMSpropOptions>): void {
    const { lr, alpha, eps, weightDecay, momentum, centered, maximize } = group
    const states = { squareAvg: 0, ...(momentum > 0 && { momentumBuffer: 0 }), ...(centered && { gradAvg: 0 }) }
    const numbers = [lr, alpha, eps, weightDecay, momentum, maximize ? 1 : 0]
    // PyTorch counts the steps too, and saves their number.
    for (const params of this.withGradients(group, param => void this.countStep(param)).values()) {
      this.update(centered ? 'centeredRmsprop' : 'rmsprop', params, states, numbers)
    }
  }
}

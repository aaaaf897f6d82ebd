// Adagrad. The update is `Adagrad` in native/kernels/math/optim.h. Its state exists before the first step, as in
// PyTorch, which fails to continue from a saved one where it does not.
import { atMost, Options } from '../tensor/index.ts'
import { type GroupOptions, Optimizer, type ParamGroup, type Params, stateTensor } from './optimizer.ts'
import { notNegative, settings } from './settings.ts'

/** Options of `Adagrad`, for all parameters or for one group. */
export interface AdagradOptions {
  /** Learning rate, default 1e-2. */
  lr: number
  /** Step t learns by lr / (1 + (t - 1) lrDecay). */
  lrDecay: number
  /** Factor of the L2 penalty. */
  weightDecay: number
  /** Where the sums of squares start. */
  initialAccumulatorValue: number
  /** What is added to the root of the sum of squares, default 1e-10. */
  eps: number
  /** Climb instead of descend. */
  maximize: boolean
}

const adagradOptions = new Options<Partial<AdagradOptions>>({
  lr: true,
  lrDecay: true,
  weightDecay: true,
  initialAccumulatorValue: true,
  eps: true,
  maximize: true,
})

const standard: AdagradOptions = {
  lr: 1e-2,
  lrDecay: 0,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  eps: 1e-10,
  maximize: false,
}

/**
 * Adagrad: the gradient divided by the root of the sum of its squares so far. PyTorch: torch.optim.Adagrad.
 * @throws ArgumentError for a negative option
 * @example const optimizer = new optim.Adagrad(model.parameters(), { lr: 0.1 })
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(
    params: Params<AdagradOptions>,
    lr?: number | Partial<AdagradOptions>,
    options?: Partial<AdagradOptions>,
  ) {
    atMost('Adagrad', 3, arguments.length)
    const given = adagradOptions.copy(adagradOptions.readFirst('Adagrad', lr, options))
    const defaults = settings('Adagrad', standard, given)
    notNegative(defaults, 'lr', 'lrDecay', 'weightDecay', 'initialAccumulatorValue', 'eps')
    super(params, defaults)
  }

  /** As `Optimizer.addParamGroup`, with sums of squares that start at once. */
  override addParamGroup(group: GroupOptions<AdagradOptions>): void {
    super.addParamGroup(group)
    const { params, initialAccumulatorValue } = this.paramGroups.at(-1)!
    for (const param of params) {
      this.state.set(param, { step: 0, sum: stateTensor(undefined, initialAccumulatorValue, param) })
    }
  }

  protected override stepGroup(group: ParamGroup<AdagradOptions>): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize } = group
    for (const [step, params] of this.withGradients(group, param => this.countStep(param))) {
      const numbers = [lr / (1 + (step - 1) * lrDecay), weightDecay, eps, maximize ? 1 : 0]
      this.update('adagrad', params, { sum: initialAccumulatorValue }, numbers)
    }
  }
}

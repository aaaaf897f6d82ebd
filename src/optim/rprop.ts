// Rprop. The update is `Rprop` in native/kernels/math/optim.h.
import { ArgumentError } from '../errors.ts'
import { atMost, Options } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { notNegative, settings } from './settings.ts'

/** Options of `Rprop`, for all parameters or for one group. */
export interface RpropOptions {
  /** How large each element's first step is, default 1e-2. */
  lr: number
  /** What a step is multiplied by where the sign of the gradient changes, and where it stays; default `[0.5, 1.2]`. */
  etas: readonly [number, number]
  /** The smallest step and the largest, default `[1e-6, 50]`. */
  stepSizes: readonly [number, number]
  /** Climb instead of descend. */
  maximize: boolean
}

const rpropOptions = new Options<Partial<RpropOptions>>({ lr: true, etas: true, stepSizes: true, maximize: true })

const standard: RpropOptions = { lr: 1e-2, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false }

/**
 * Resilient backpropagation, by the signs of gradients only; for gradients of all data. PyTorch: torch.optim.Rprop.
 * @throws ArgumentError for a negative learning rate, or etas that are not on either side of 1
 * @example const optimizer = new optim.Rprop(model.parameters(), { lr: 0.01 })
 */
export class Rprop extends Optimizer<RpropOptions> {
  constructor(params: Params<RpropOptions>, lr?: number | Partial<RpropOptions>, options?: Partial<RpropOptions>) {
    atMost('Rprop', 3, arguments.length)
    const given = rpropOptions.copy(rpropOptions.readFirst('Rprop', lr, options))
    const defaults = settings('Rprop', standard, given)
    notNegative(defaults, 'lr')
    const [minus, plus] = defaults.etas
    if (!(minus > 0 && minus < 1 && plus > 1)) throw new ArgumentError(`Invalid eta values: ${minus}, ${plus}`)
    super(params, defaults)
  }

  protected override stepGroup(group: ParamGroup<RpropOptions>): void {
    const { lr, etas, stepSizes, maximize } = group
    // PyTorch counts the steps too, and saves their number.
    for (const params of this.withGradients(group, param => void this.countStep(param)).values()) {
      this.update('rprop', params, { prev: 0, stepSize: lr }, [...etas, ...stepSizes, maximize ? 1 : 0])
    }
  }
}

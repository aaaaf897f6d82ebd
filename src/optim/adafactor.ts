// Adafactor. The update is `adafactorStep` in native/ops/optim.cc; what it keeps of a matrix is one factor by rows and
// one by columns.
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { atMost, Options, refuse, type Tensor } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { settings } from './settings.ts'

/** Options of `Adafactor`, for all parameters or for one group. */
export interface AdafactorOptions {
  /** The largest learning rate, relative to the size of the parameter; default 1e-2. */
  lr: number
  /** Power of the step by which the averages change less and less, default -0.8. */
  beta2Decay: number
  /** The least root of a variance, null for that of the dtype; and the least size of a parameter; `[null, 1e-3]`. */
  eps: readonly [number | null, number]
  /** How large the root of the mean square of a change may be, default 1. */
  d: number
  /** What part of the learning rate the parameters shrink by. */
  weightDecay: number
  /** Climb instead of descend. */
  maximize: boolean
}

const adafactorOptions = new Options<Partial<AdafactorOptions>>({
  lr: true,
  beta2Decay: true,
  eps: true,
  d: true,
  weightDecay: true,
  maximize: true,
})

const standard = { lr: 1e-2, beta2Decay: -0.8, d: 1, weightDecay: 0, maximize: false }

function checked(given: Partial<AdafactorOptions>): AdafactorOptions {
  const { eps = [null, 1e-3], ...others } = given
  const options = settings('Adafactor', standard, others)
  const two = Array.isArray(eps) && eps.length === 2
  if (!two || !(eps[0] === null || typeof eps[0] === 'number') || typeof eps[1] !== 'number') {
    refuse('Adafactor: eps', 'a number or null, and a number', eps)
  }
  const rules: [name: string, value: number, rule: string, held: boolean][] = [
    ['Learning rate', options.lr, '>= 0', options.lr >= 0],
    ['beta2Decay', options.beta2Decay, '<= 0', options.beta2Decay <= 0],
    ['epsilon1', eps[0] ?? 0, '>= 0', (eps[0] ?? 0) >= 0],
    ['epsilon2', eps[1], '>= 0', eps[1] >= 0],
    ['Clipping threshold d', options.d, '>= 1', options.d >= 1],
    ['weightDecay', options.weightDecay, '>= 0', options.weightDecay >= 0],
  ]
  for (const [name, value, rule, held] of rules) {
    if (!held) throw new ArgumentError(`${name} should be ${rule} but is: ${value}`)
  }
  const { lr, beta2Decay, ...rest } = options
  return { lr, beta2Decay, eps: [eps[0], eps[1]], ...rest }
}

/**
 * Adafactor: Adam without momentum, whose state of a matrix is as large as one row and one column. PyTorch:
 * torch.optim.Adafactor.
 * @throws ArgumentError for an option out of its range
 * @example const optimizer = new optim.Adafactor(model.parameters(), { lr: 1e-2 })
 */
export class Adafactor extends Optimizer<AdafactorOptions> {
  constructor(
    params: Params<AdafactorOptions>,
    lr?: number | Partial<AdafactorOptions>,
    options?: Partial<AdafactorOptions>,
  ) {
    atMost('Adafactor', 3, arguments.length)
    super(params, checked(adafactorOptions.copy(adafactorOptions.readFirst('Adafactor', lr, options))))
  }

  protected override stepGroup(group: ParamGroup<AdafactorOptions>): void {
    const { lr, beta2Decay, eps, d, weightDecay, maximize } = group
    for (const [step, params] of this.withGradients(group, param => this.countStep(param))) {
      const states = params.map(param => this.#factors(param).map(state => state.handle))
      const rate = Math.min(lr, 1 / Math.sqrt(step))
      const numbers = [
        step ** beta2Decay,
        rate,
        eps[0] ?? Number.NaN,
        eps[1],
        d,
        1 - lr * weightDecay,
        maximize ? 1 : 0,
      ]
      const handles = params.map(param => param.handle)
      native.adafactorStep(handles, states, numbers)
    }
  }

  #factors(param: Tensor): Tensor[] {
    const { shape } = param
    if (shape.length < 2) return [this.stateOf(param, 'variance')]
    const [rows, columns] = [-1, -2].map(dim => shape.with(dim, 1))
    return [this.stateOf(param, 'rowVar', rows), this.stateOf(param, 'colVar', columns)]
  }
}

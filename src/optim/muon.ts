// Muon, for matrices. The update is `muonStep` in native/ops/optim.cc.
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { atMost, Options, refuse, type Tensor } from '../tensor/index.ts'
import { type GroupOptions, Optimizer, type ParamGroup, type Params } from './optimizer.ts'
import { settings } from './settings.ts'

/** Options of `Muon`, for all parameters or for one group. */
export interface MuonOptions {
  /** Learning rate, default 1e-3. */
  lr: number
  /** What part of the learning rate the parameters shrink by, default 0.1. */
  weightDecay: number
  /** How much of the average of gradients each step keeps, default 0.95. */
  momentum: number
  /** Default true. */
  nesterov: boolean
  /** Of Newton's and Schulz's iteration. */
  nsCoefficients: readonly [number, number, number]
  /** What the length of a change is at least, default 1e-7. */
  eps: number
  /** Iterations, default 5. */
  nsSteps: number
  /** How the rate depends on the shape: by the ratio of its sides, the default, or so that rates of `AdamW` serve. */
  adjustLrFn: 'original' | 'match_rms_adamw' | null
}

const muonOptions = new Options<Partial<MuonOptions>>({
  lr: true,
  weightDecay: true,
  momentum: true,
  nesterov: true,
  nsCoefficients: true,
  eps: true,
  nsSteps: true,
  adjustLrFn: true,
})

const standard: Omit<MuonOptions, 'adjustLrFn'> = {
  lr: 1e-3,
  weightDecay: 0.1,
  momentum: 0.95,
  nesterov: true,
  nsCoefficients: [3.4445, -4.775, 2.0315],
  eps: 1e-7,
  nsSteps: 5,
}

/**
 * Muon: the average of gradients made orthogonal, in bfloat16. Vectors and such need another optimizer. PyTorch:
 * torch.optim.Muon.
 * @throws ArgumentError for a negative option, or a parameter that is no matrix
 * @example const optimizer = new optim.Muon([model.fc.weight], { lr: 0.02 })
 */
export class Muon extends Optimizer<MuonOptions> {
  constructor(params: Params<MuonOptions>, lr?: number | Partial<MuonOptions>, options?: Partial<MuonOptions>) {
    atMost('Muon', 3, arguments.length)
    const { adjustLrFn = null, ...given } = muonOptions.copy(muonOptions.readFirst('Muon', lr, options))
    const defaults = { ...settings('Muon', standard, given), adjustLrFn }
    const named = { 'Learning rate': defaults.lr, momentum: defaults.momentum, 'weight decay': defaults.weightDecay }
    for (const [name, value] of Object.entries(named)) {
      if (!(value >= 0)) throw new ArgumentError(`${name} should be >= 0 but is: ${value}`)
    }
    if (adjustLrFn !== null && adjustLrFn !== 'original' && adjustLrFn !== 'match_rms_adamw') {
      throw new ArgumentError(`Adjust learning rate function ${adjustLrFn} is not supported`)
    }
    if (!(Number.isSafeInteger(defaults.nsSteps) && defaults.nsSteps >= 0)) {
      refuse('Muon: nsSteps', 'an integer that is not negative', defaults.nsSteps)
    }
    super(params, defaults)
  }

  /** As `Optimizer.addParamGroup`, of matrices only. */
  override addParamGroup(group: GroupOptions<MuonOptions>): void {
    super.addParamGroup(group)
    const other = this.paramGroups.at(-1)!.params.find(param => param.ndim !== 2)
    if (other === undefined) return
    this.paramGroups.pop()
    throw new ArgumentError(
      `Muon only supports 2D parameters whereas we found a parameter with size: ${JSON.stringify(other.shape)}`,
    )
  }

  protected override stepGroup(group: ParamGroup<MuonOptions>): void {
    const { lr, weightDecay, momentum, nesterov, nsCoefficients, eps, nsSteps, adjustLrFn } = group
    if (nsSteps >= 100) throw new ArgumentError('Number of steps must be less than 100 for computational efficiency')
    for (const params of this.withGradients(group, () => undefined).values()) {
      const states = params.map(param => [this.stateOf(param, 'momentumBuffer').handle])
      const numbers = [lr, 1 - lr * weightDecay, momentum, nesterov ? 1 : 0, ...nsCoefficients, eps, nsSteps]
      const handles = params.map((param: Tensor) => param.handle)
      native.muonStep(handles, states, [...numbers, adjustLrFn === 'match_rms_adamw' ? 1 : 0])
    }
  }
}

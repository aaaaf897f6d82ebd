// Stochastic gradient descent. The whole update of a group is one native call; a second one is needed only in a step in
// which some momentum buffers are new, because a new buffer starts as the gradient itself.
import { ArgumentError } from '../errors.ts'
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { copyOptions, dtypeCode, firstOption, flag, refuse, Tensor } from '../tensor/index.ts'
import { Optimizer, type ParamGroup, type Params } from './optimizer.ts'

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

interface Batch {
  params: Handle[]
  buffers: Handle[]
}

/**
 * Stochastic gradient descent with momentum, Nesterov's too. PyTorch: torch.optim.SGD.
 * @throws ArgumentError for a negative option, or for Nesterov momentum with dampening
 * @example const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Params<SGDOptions>, lr?: number | Partial<SGDOptions>, options?: Partial<SGDOptions>) {
    const given = copyOptions(firstOption('lr', lr, options))
    const defaults = { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false, ...given }
    for (const name of ['lr', 'momentum', 'dampening', 'weightDecay'] as const) {
      if (typeof defaults[name] !== 'number') refuse(`SGD: ${name}`, 'a number', defaults[name])
    }
    for (const name of ['nesterov', 'maximize'] as const) flag(`SGD: ${name}`, defaults[name])
    if (!(defaults.lr >= 0)) throw new ArgumentError(`Invalid learning rate: ${defaults.lr}`)
    if (!(defaults.momentum >= 0)) throw new ArgumentError(`Invalid momentum value: ${defaults.momentum}`)
    if (!(defaults.weightDecay >= 0)) throw new ArgumentError(`Invalid weightDecay value: ${defaults.weightDecay}`)
    if (defaults.nesterov && (defaults.momentum <= 0 || defaults.dampening !== 0)) {
      throw new ArgumentError('Nesterov momentum requires a momentum and zero dampening')
    }
    super(params, defaults)
  }

  /**
   * The momentum buffer of a parameter in the parameter's dtype, and whether it has just been made, without contents.
   */
  #buffer(param: Tensor): [buffer: Tensor, fresh: boolean] {
    const buffer = this.state.get(param)?.momentumBuffer
    const code = dtypeCode(param.dtype)
    if (!(buffer instanceof Tensor)) return [new Tensor(native.empty(param.shape, code, param.device)), true]
    if (buffer.dtype === param.dtype && buffer.device === param.device) return [buffer, false]
    // The model has been cast or moved since the last step.
    const moved = new Tensor(native.to(native.cast(buffer.handle, code), param.device, false))
    this.state.set(param, { momentumBuffer: moved })
    return [moved, false]
  }

  protected override stepGroup(group: ParamGroup<SGDOptions>): void {
    const started: Batch = { params: [], buffers: [] }
    const fresh: Batch = { params: [], buffers: [] }
    const made: [Tensor, Tensor][] = []
    for (const param of group.params) {
      const grad = native.grad(param.handle)
      if (grad === null) continue
      native.dispose(grad)
      if (group.momentum === 0) {
        started.params.push(param.handle)
        continue
      }
      const [buffer, isFresh] = this.#buffer(param)
      const batch = isFresh ? fresh : started
      batch.params.push(param.handle)
      batch.buffers.push(buffer.handle)
      if (isFresh) made.push([param, buffer])
    }
    this.#update(started, false, group)
    this.#update(fresh, true, group)
    // Only now do they hold something.
    for (const [param, momentumBuffer] of made) this.state.set(param, { momentumBuffer })
  }

  #update({ params, buffers }: Batch, fresh: boolean, group: ParamGroup<SGDOptions>): void {
    if (params.length === 0) return
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group
    native.sgd(params, buffers, fresh, lr, momentum, dampening, weightDecay, nesterov, maximize)
  }
}

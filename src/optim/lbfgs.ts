// L-BFGS, in ops of tensors: one call of `step` runs up to `maxIter` iterations, each of which may call the closure
// several times. All parameters together are one vector; what is remembered of it is the state of the first parameter,
// as in PyTorch, but for its scratch memory `al`.
import { ArgumentError } from '../errors.ts'
import { atMost, cat, keep, noGrad, Options, refuse, Tensor, tidy, zerosLike } from '../tensor/index.ts'
import { Optimizer, type OptimizerStateDict, type ParamGroup, type ParamState } from './optimizer.ts'
import { notNegative, settings } from './settings.ts'
import { type Point, strongWolfe } from './strong-wolfe.ts'

/** Options of `LBFGS`. */
export interface LBFGSOptions {
  /** Length of a step, or the first that the line search tries; default 1. */
  lr: number
  /** Most iterations of a step, default 20. */
  maxIter: number
  /** Most calls of the closure in a step; default 1.25 times `maxIter`. */
  maxEval: number
  /** A step ends when no element of the gradient is larger; default 1e-7. */
  toleranceGrad: number
  /** A step ends when neither the loss nor a parameter changes by more; default 1e-9. */
  toleranceChange: number
  /** How many of the last iterations the curvature is estimated from, default 100. */
  historySize: number
  /** How the length of an iteration is found; null, the default, always takes `lr`. */
  lineSearchFn: 'strong_wolfe' | null
}

const lbfgsOptions = new Options<Partial<LBFGSOptions>>({
  lr: true,
  maxIter: true,
  maxEval: true,
  toleranceGrad: true,
  toleranceChange: true,
  historySize: true,
  lineSearchFn: true,
})

const standard = { lr: 1, maxIter: 20, maxEval: 25, toleranceGrad: 1e-7, toleranceChange: 1e-9, historySize: 100 }

/** What is remembered, under PyTorch's names. The last ones are there from the first iteration on. */
interface Memory {
  funcEvals: number
  nIter: number
  /** The last direction, and how far along it the last iteration went. */
  d: Tensor
  t: number
  /** Changes of the gradient and of the parameters, and one by their products. */
  oldDirs: Tensor[]
  oldStps: Tensor[]
  ro: number[]
  /** The inverse of the curvature that everything starts from. */
  H_diag: number
  prevFlatGrad: Tensor
  prevLoss: number
}

/**
 * Limited-memory BFGS, for functions that are evaluated on all data. PyTorch: torch.optim.LBFGS.
 * @throws ArgumentError for a negative learning rate, another line search, or several groups of parameters
 * @example
 * const optimizer = new optim.LBFGS(params, { lineSearchFn: 'strong_wolfe' })
 * optimizer.step(() => {
 *   optimizer.zeroGrad()
 *   const loss = criterion(model(x), y)
 *   loss.backward()
 *   return loss
 * })
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  /** Computes the loss and its gradients again. */
  #evaluate: () => number = () => Number.NaN
  #loss = Number.NaN

  constructor(params: Iterable<Tensor>, lr?: number | Partial<LBFGSOptions>, options?: Partial<LBFGSOptions>) {
    atMost('LBFGS', 3, arguments.length)
    const { lineSearchFn = null, ...given } = lbfgsOptions.copy(lbfgsOptions.readFirst('LBFGS', lr, options))
    const maxEval = Math.floor((Number(given.maxIter ?? standard.maxIter) * 5) / 4)
    const defaults = { ...settings('LBFGS', { ...standard, maxEval }, given), lineSearchFn }
    notNegative(defaults, 'lr')
    if (lineSearchFn !== null && lineSearchFn !== 'strong_wolfe') {
      throw new ArgumentError(`LBFGS: only 'strong_wolfe' is supported as lineSearchFn, or null: ${lineSearchFn}`)
    }
    super(params, defaults)
    if (this.paramGroups.length !== 1) {
      throw new ArgumentError("LBFGS doesn't support per-parameter options (parameter groups)")
    }
  }

  /**
   * Runs iterations until one of the limits is met, and returns the loss of the first evaluation. The closure clears
   * the gradients, computes the loss, calls `backward` on it and returns it.
   * @throws ArgumentError without a closure
   */
  override step(): undefined
  override step<T>(closure: () => T): T
  override step<T>(closure?: () => T): T | undefined {
    atMost('step', 1, arguments.length)
    if (typeof closure !== 'function') refuse('LBFGS: step', 'a closure that returns the loss', closure)
    return super.step(closure)
  }

  protected override evaluate<T>(closure: () => T): T {
    const evaluate = () => {
      const loss = super.evaluate(closure)
      const value = loss instanceof Tensor ? loss.item() : loss
      if (typeof value !== 'number') refuse('LBFGS: step', 'a closure that returns the loss', value)
      this.#loss = value
      return loss
    }
    this.#evaluate = () => {
      evaluate()
      return this.#loss
    }
    return evaluate()
  }

  protected override stepGroup(group: ParamGroup<LBFGSOptions>): void {
    noGrad(() => this.#iterate(group))
  }

  #iterate(group: ParamGroup<LBFGSOptions>): void {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize } = group
    const memory = this.#memory(group.params[0]!)
    let [loss, evaluations] = [this.#loss, 1]
    memory.funcEvals++
    let gradient = this.#gradient()
    if (largest(gradient) <= toleranceGrad) return
    for (let i = 1; i <= maxIter; i++) {
      memory.nIter++
      if (memory.nIter === 1)
        Object.assign(memory, { d: keep(gradient.neg()), oldDirs: [], oldStps: [], ro: [], H_diag: 1 })
      else {
        remember(memory, gradient, historySize)
        memory.d = direction(memory, gradient)
      }
      memory.prevFlatGrad = gradient
      memory.prevLoss = loss
      memory.t = memory.nIter === 1 ? Math.min(1, 1 / gradient.abs().sum().item()) * lr : lr
      const start: Point = { at: 0, value: loss, slope: dot(gradient, memory.d), gradient }
      if (start.slope > -toleranceChange) break

      let more = 0
      if (group.lineSearchFn !== null) {
        const along = this.#along(memory.d)
        const reach = largest(memory.d)
        const found = strongWolfe(along, start, memory.t, reach, toleranceChange, maxEval - evaluations)
        ;({ at: memory.t, value: loss, gradient } = found.point)
        more = found.evaluations
        this.#move(memory.d, memory.t)
      } else {
        this.#move(memory.d, memory.t)
        if (i < maxIter) {
          loss = this.#evaluate()
          gradient = this.#gradient()
          more = 1
        }
      }
      evaluations += more
      memory.funcEvals += more
      if (evaluations >= maxEval || largest(gradient) <= toleranceGrad) break
      if (largest(memory.d) * Math.abs(memory.t) <= toleranceChange) break
      if (Math.abs(loss - memory.prevLoss) < toleranceChange) break
    }
  }

  #memory(first: Tensor): Memory {
    const known = this.state.get(first) ?? { funcEvals: 0, nIter: 0 }
    this.state.set(first, known)
    return known as unknown as Memory
  }

  /** The gradients of all parameters as one vector. */
  #gradient(): Tensor {
    const flat = this.paramGroups[0]!.params.map(param => (param.grad ?? zerosLike(param)).detach().reshape(-1))
    return keep(cat(flat))
  }

  /** Moves the parameters along a vector. */
  #move(d: Tensor, t: number): void {
    tidy(() => {
      let at = 0
      for (const param of this.paramGroups[0]!.params) {
        param.add_(d.narrow(0, at, param.numel()).view([...param.shape]), { alpha: t })
        at += param.numel()
      }
    })
  }

  /** The function along a direction from here; the parameters are where they were after each evaluation. */
  #along(d: Tensor): (at: number) => Point {
    const params = this.paramGroups[0]!.params
    const here = params.map(param => param.clone())
    return at => {
      this.#move(d, at)
      const value = this.#evaluate()
      const gradient = this.#gradient()
      for (const [i, param] of params.entries()) param.copy_(here[i]!)
      return { at, value, slope: dot(gradient, d), gradient }
    }
  }

  /** As `Optimizer.loadStateDict`; numbers that are tensors in PyTorch become numbers. */
  override loadStateDict(saved: OptimizerStateDict): void {
    super.loadStateDict(saved)
    const plain = (value: unknown) => (value instanceof Tensor && value.ndim === 0 ? value.item() : value)
    for (const [param, { al: _, ...values }] of this.state) {
      const entries = Object.entries(values).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map(plain) : plain(value),
      ])
      this.state.set(param, Object.fromEntries(entries) as ParamState)
    }
  }
}

function dot(x: Tensor, y: Tensor): number {
  return tidy(() => x.matmul(y).item())
}

/** The largest absolute value. */
function largest(x: Tensor): number {
  return tidy(() => x.abs().max().item())
}

/** Adds how the gradient changed over the last iteration, unless that says nothing of the curvature. */
function remember(memory: Memory, gradient: Tensor, historySize: number): void {
  const { oldDirs, oldStps, ro } = memory
  const y = keep(gradient.sub(memory.prevFlatGrad))
  const s = keep(memory.d.mul(memory.t))
  const ys = dot(y, s)
  if (!(ys > 1e-10)) return
  if (oldDirs.length === historySize) for (const list of [oldDirs, oldStps, ro]) list.shift()
  oldDirs.push(y)
  oldStps.push(s)
  ro.push(1 / ys)
  memory.H_diag = ys / dot(y, y)
}

/** The gradient, downhill, times the estimated inverse of the curvature. */
function direction({ oldDirs, oldStps, ro, H_diag }: Memory, gradient: Tensor): Tensor {
  const d = gradient.neg()
  const parts: number[] = []
  for (let i = ro.length - 1; i >= 0; i--) {
    parts[i] = dot(oldStps[i]!, d) * ro[i]!
    d.add_(oldDirs[i]!, { alpha: -parts[i]! })
  }
  d.mul_(H_diag)
  for (let i = 0; i < ro.length; i++) d.add_(oldStps[i]!, { alpha: parts[i]! - dot(oldDirs[i]!, d) * ro[i]! })
  return keep(d)
}

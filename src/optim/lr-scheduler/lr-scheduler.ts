// What all schedulers share: the learning rates they started from, counting steps, saving and loading. The rates are
// computed as PyTorch computes them, most of them from the rate of the step before, so they round as PyTorch's do.
//
// The first step is part of the constructor, which therefore gets the fields of a subclass and sets them before it.
// A subclass only declares them, `declare readonly gamma: number`, and has no #private members, which come later.
import { ArgumentError, UnsupportedError } from '../../errors.ts'
import { atMost, isOptions, Options, refuse, shown } from '../../tensor/index.ts'
import { Optimizer, type ParamGroup, snake } from '../optimizer.ts'

/** What a schedule may read and set in a group of parameters. */
export interface ScheduledOptions {
  lr: number
  /** The rate before any scheduler changed it. */
  initialLr?: number
  maxLr?: number
  minLr?: number
  swaLr?: number
  momentum?: number
  betas?: readonly number[]
  baseMomentum?: number
  maxMomentum?: number
}

/** An optimizer with learning rates. */
export type ScheduledOptimizer = Optimizer<{ lr: number }>

/** Options of all schedulers that count epochs. */
export interface LRSchedulerOptions {
  /** The epoch that was the last before, when training goes on; default -1. */
  lastEpoch?: number
}

/** Options of the constructor that subclasses call. */
export interface LRSchedulerBaseOptions extends LRSchedulerOptions {
  /** The fields of the subclass, which stand in its state dict. */
  fields?: object
}

const baseOptions = new Options<LRSchedulerBaseOptions>({ lastEpoch: true, fields: true })

/** Options of schedulers that have no others. */
export const lrSchedulerOptions = new Options<LRSchedulerOptions>({ lastEpoch: true })

/** State of a scheduler with PyTorch's keys. */
export type LRSchedulerState = Record<string, unknown>

let warned = false

function warnOfOrder(): void {
  if (warned) return
  warned = true
  const text =
    'Detected call of `scheduler.step()` before `optimizer.step()`. You should call them in the opposite order: ' +
    '`optimizer.step()` before `scheduler.step()`. Failure to do this skips the first value of the learning rate schedule.'
  process.emitWarning(text, { code: 'DTRAIN_SCHEDULER_ORDER' })
}

/** PyTorch's key of a field: `TMax` is T_max. */
function keyOf(field: string): string {
  return /^T[A-Z0-9]/.test(field) ? `T_${field.slice(1).toLowerCase()}` : snake(field)
}

const isFunction = (value: unknown) => typeof value === 'function'

/**
 * Base class of schedulers; `Step` are the arguments of `step`. One of your own overrides `getLr`. PyTorch:
 * torch.optim.lr_scheduler.LRScheduler.
 * @throws ArgumentError for no optimizer, or when training goes on with an optimizer that has not been scheduled
 * @example
 * class InverseSqrt extends optim.lrScheduler.LRScheduler {
 *   protected override getLr() {
 *     return this.baseLrs.map(lr => lr / Math.sqrt(this.lastEpoch + 1))
 *   }
 * }
 */
export class LRScheduler<Step extends unknown[] = []> {
  declare readonly optimizer: ScheduledOptimizer
  declare baseLrs: readonly number[]
  declare lastEpoch: number
  declare protected _stepCount: number
  /** During the step of the constructor. */
  declare protected _isInitial: boolean
  declare protected _lastLr: readonly number[]

  constructor(
    optimizer: ScheduledOptimizer,
    lastEpoch?: number | LRSchedulerBaseOptions,
    options?: LRSchedulerBaseOptions,
  ) {
    atMost(new.target.name, 3, arguments.length)
    const given = baseOptions.readFirst(new.target.name, lastEpoch, options)
    checkOptimizer(new.target.name, optimizer)
    this.optimizer = optimizer
    Object.assign(this, given.fields)
    this.start(given.lastEpoch ?? -1)
  }

  /** Remembers where the rates start, and takes the first step. */
  protected start(lastEpoch: number): void {
    for (const [i, group] of this.groups.entries()) {
      if (lastEpoch === -1) group.initialLr ??= group.lr
      else if (group.initialLr === undefined) {
        throw new ArgumentError(
          `param 'initialLr' is not specified in paramGroups[${i}] when resuming scheduler with lastEpoch >= 0; ` +
            'load the state dict of the optimizer first',
        )
      }
    }
    this.baseLrs = Object.freeze(this.groups.map(group => group.initialLr!))
    this.lastEpoch = lastEpoch
    this.initialStep()
  }

  /** The groups of the optimizer, with what schedulers set there. */
  protected get groups(): ParamGroup<ScheduledOptions>[] {
    return this.optimizer.paramGroups
  }

  /** The rates of the groups as they are. */
  protected get lrs(): number[] {
    return this.groups.map(group => group.lr)
  }

  /** The rates for `lastEpoch`, from those that the groups have. */
  protected getLr(): number[] {
    throw new UnsupportedError(`${this.constructor.name}: it does not compute learning rates for an epoch`)
  }

  /** The rates for `lastEpoch`, where they do not depend on those before. */
  protected closedFormLr?(): number[]

  /** Counts from zero, and steps. @internal */
  initialStep(): void {
    this._stepCount = 0
    this._isInitial = true
    this.step(...([] as unknown as Step))
    this._isInitial = false
  }

  /**
   * Sets the rates of the next epoch; call it after `optimizer.step()`.
   * @example for (let epoch = 0; epoch < 10; epoch++) { train(); scheduler.step() }
   */
  step(..._: Step): void {
    atMost('step', 0, arguments.length)
    if (this._stepCount === 1 && !this.optimizer.stepped) warnOfOrder()
    this._stepCount += 1
    this.updateLr()
  }

  /** Sets the rates of the next epoch, or of the one given. @internal */
  updateLr(epoch?: number): void {
    this.lastEpoch = epoch ?? this.lastEpoch + 1
    this.setLrs(epoch === undefined || !this.closedFormLr ? this.getLr() : this.closedFormLr())
  }

  /** Gives each group its rate. @throws ArgumentError when the optimizer has got more groups */
  protected setLrs(lrs: readonly number[]): void {
    if (lrs.length !== this.groups.length) {
      throw new ArgumentError(
        `${this.constructor.name}: made for ${lrs.length} parameter groups, but the optimizer has ${this.groups.length}`,
      )
    }
    for (const [i, group] of this.groups.entries()) group.lr = lrs[i]!
    this.rememberLrs()
  }

  /** What `getLastLr` gives from now on. */
  protected rememberLrs(): void {
    this._lastLr = Object.freeze(this.lrs)
  }

  /** The rate of each group after the last step. */
  getLastLr(): readonly number[] {
    return this._lastLr
  }

  /**
   * State with PyTorch's keys; functions are null in it. Save the state of the optimizer beside it. PyTorch's
   * `_get_lr_called_within_step`, which is always false there, is left out.
   */
  stateDict(): LRSchedulerState {
    const { optimizer: _, ...fields } = this
    const saved = ([name, value]: [string, unknown]) => {
      if (Array.isArray(value) && value.some(isFunction)) return [keyOf(name), value.map(() => null)]
      return [keyOf(name), isFunction(value) ? null : value]
    }
    return Object.fromEntries(Object.entries(fields).map(saved))
  }

  /**
   * Takes over the state of a scheduler of the same kind, but its functions.
   * @throws ArgumentError for anything but a state dict
   */
  loadStateDict(state: LRSchedulerState): void {
    if (!isOptions(state)) refuse('loadStateDict', "a scheduler's state dict", state)
    for (const [name, value] of Object.entries(this)) {
      const key = keyOf(name)
      if (!(key in state) || isFunction(value) || (Array.isArray(value) && value.some(isFunction))) continue
      Reflect.set(this, name, state[key])
    }
  }
}

/** @throws ArgumentError for anything but an optimizer */
export function checkOptimizer(op: string, optimizer: ScheduledOptimizer): void {
  if (!(optimizer instanceof Optimizer)) refuse(op, 'an optimizer', optimizer, checkOptimizer)
}

/** One value for each group: `value` itself, or for all of them. @throws ArgumentError for another number of values */
export function perGroup<T>(what: string, { paramGroups }: ScheduledOptimizer, value: T | readonly T[]): T[] {
  const values = Array.isArray(value) ? [...value] : paramGroups.map(() => value as T)
  if (values.length === paramGroups.length) return values
  throw new ArgumentError(`${what} has ${values.length} values, but the optimizer has ${paramGroups.length} groups`)
}

/** @throws ArgumentError unless all values are numbers, or arrays of them */
export function checkNumbers(op: string, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) if (typeof one !== 'number') refuse(`${op}: ${name}`, 'a number', one)
  }
}

/** @throws ArgumentError unless a count is a positive integer */
export function checkCount(what: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new ArgumentError(`${what}: expected a positive integer, got ${shown(value)}`)
  }
}

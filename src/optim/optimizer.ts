// What all optimizers share: groups of parameters with their options, state per parameter, saving and loading. Options
// and state are camelCase in the program and get PyTorch's keys in state dicts and printed text.
import { inspect } from 'node:util'
import { ArgumentError } from '../errors.ts'
import type { Addon, Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { traced, tracing } from '../native/trace.ts'
import {
  atMost,
  dtypeCode,
  enableGrad,
  flag,
  isOptions,
  kindOf,
  Options,
  python,
  refuse,
  Tensor,
} from '../tensor/index.ts'
import { Hooked, type StepArgs } from './hooks.ts'

/** Parameters that share options. Their names are kept where they were given. */
export type ParamGroup<O extends object> = O & { params: Tensor[]; paramNames?: string[] }
/** Tensors, or all of them with names as `namedParameters` gives them. */
export type ParamList = Iterable<Tensor> | Iterable<readonly [name: string, param: Tensor]>
/** A group as it is given: with the options that differ from the defaults. */
export type GroupOptions<O extends object> = { params: Tensor | ParamList } & Partial<O>
/** Parameters, or groups of them with options that differ from the defaults. */
export type Params<O extends object> = ParamList | Iterable<{ params: ParamList } & Partial<O>>
/** What an optimizer remembers of one parameter. */
export type ParamState = Record<string, Tensor | number | readonly (Tensor | number)[]>

/** State of an optimizer with PyTorch's keys; parameters are numbered through all groups. */
export interface OptimizerStateDict {
  state: Record<number, ParamState>
  param_groups: ({ params: number[] } & Record<string, unknown>)[]
}

/** Options of `zeroGrad`. */
export interface ZeroGradOptions {
  /** Drop gradients instead of filling them with zeros, default true. */
  setToNone?: boolean
}

const zeroGradOptions = new Options<ZeroGradOptions>({ setToNone: true })

/** `weightDecay` as PyTorch spells it: weight_decay. A capital at the start stays. @internal */
export function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

function camel(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function renamed<T>(record: Record<string, T>, rename: (name: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]))
}

/**
 * Base class of optimizers; `O` are the options of a group. PyTorch: torch.optim.Optimizer.
 * @example for (const group of optimizer.paramGroups) group.lr *= 0.1
 */
export abstract class Optimizer<O extends object = object> extends Hooked<OptimizerStateDict> {
  readonly defaults: Readonly<O>
  readonly paramGroups: ParamGroup<O>[] = []
  /** What the optimizer remembers, by parameter. */
  readonly state = new Map<Tensor, ParamState>()
  /** Whether `step` has been called, which schedulers ask. @internal */
  stepped = false
  /** What a group may have. */
  readonly #groupOptions: Options<ParamGroup<O>>

  constructor(params: Params<O>, defaults: O) {
    super()
    atMost(new.target.name, 2, arguments.length)
    this.defaults = defaults
    this.#groupOptions = new Options({ params: true, ...defaults } as never)
    const given = list<Tensor | object>(new.target.name, 'an iterable of parameters or groups', params)
    if (given.length === 0) throw new ArgumentError('optimizer got an empty parameter list')
    if (given.every(isOptions)) for (const group of given) this.addParamGroup(group as never)
    else this.addParamGroup({ params: given as Tensor[] } as never)
  }

  /** Updates the parameters of one group from their gradients. */
  protected abstract stepGroup(group: ParamGroup<O>): void

  /**
   * The parameters of a group that have gradients, by what `key` gives for them: what their update depends on beside
   * the options. Those of one key are updated together.
   */
  protected withGradients<K>({ params }: ParamGroup<O>, key: (param: Tensor) => K): Map<K, Tensor[]> {
    const have = native.haveGradients(params.map(param => param.handle))
    const found = new Map<K, Tensor[]>()
    for (const [i, param] of params.entries()) {
      if (have[i] === 0) continue
      const its = key(param)
      const others = found.get(its)
      if (others === undefined) found.set(its, [param])
      else others.push(param)
    }
    return found
  }

  /** Counts the steps of a parameter in its state, and gives the number of this one, from 1. */
  protected countStep(param: Tensor): number {
    const state = this.state.get(param) ?? {}
    this.state.set(param, state)
    state.step = Number(state.step ?? 0) + 1
    return state.step
  }

  /** A tensor of a parameter's state, which is made of zeros at its first step, by default in the same shape. */
  protected stateOf(param: Tensor, key: string, shape?: readonly number[]): Tensor {
    const state = this.state.get(param) ?? {}
    this.state.set(param, state)
    const value = stateTensor(state[key], 0, param, shape)
    state[key] = value
    return value
  }

  /** The loss, with gradients recorded. */
  protected evaluate<T>(closure: () => T): T {
    return enableGrad(closure)
  }

  /**
   * Updates parameters from their gradients, all by one native call, by the optimizer of that name in
   * native/kernels/optim.h. `states` has the tensors it keeps of each, and the value with which they start.
   */
  protected update(
    name: Parameters<Addon['optimStep']>[0],
    params: readonly Tensor[],
    states: Readonly<Record<string, number>>,
    scalars: number[],
  ): void {
    const made: [param: Tensor, key: string, value: Tensor][] = []
    const tensors: Handle[][] = []
    for (const key in states) {
      const its = params.map(param => {
        const known = this.state.get(param)?.[key]
        const value = stateTensor(known, states[key]!, param)
        if (value !== known) made.push([param, key, value])
        return value.handle
      })
      tensors.push(its)
    }
    const handles = params.map(param => param.handle)
    native.optimStep(name, handles, tensors, scalars)
    // Only now, because a step that fails must not count as the first.
    for (const [param, key, value] of made) this.state.set(param, { ...this.state.get(param), [key]: value })
  }

  /**
   * Updates all parameters that have gradients. A closure, if given, computes the loss again, and is returned.
   * @example loss.backward(); optimizer.step()
   */
  step(): undefined
  step<T>(closure: () => T): T
  step<T>(closure?: () => T): T | undefined {
    atMost('step', 1, arguments.length)
    this.stepped = true
    return this.hookedStep(closure === undefined ? [] : [closure], ([closure]: StepArgs) => {
      const loss = closure === undefined ? undefined : this.evaluate(closure)
      if (tracing) traced('compute', 'optimizer', this.paramGroups[0]!.params[0]!.device, () => this.#stepGroups())
      else this.#stepGroups()
      return loss as T | undefined
    })
  }

  #stepGroups(): void {
    for (const group of this.paramGroups) this.stepGroup(group)
  }

  /** Drops the gradients of all parameters, or fills them with zeros with `{ setToNone: false }`. */
  zeroGrad(setToNone?: boolean | ZeroGradOptions): void {
    atMost('zeroGrad', 1, arguments.length)
    const given = zeroGradOptions.readFirst('zeroGrad', setToNone)
    const drop = flag('zeroGrad: setToNone', given.setToNone ?? true)
    for (const { params } of this.paramGroups) {
      for (const param of params) {
        if (drop) native.setGrad(param.handle, null)
        else param.grad?.detach().zero_()
      }
    }
  }

  /**
   * Adds parameters with options of their own.
   * @throws ArgumentError for anything but leaf tensors, or for parameters that are in a group already
   */
  addParamGroup(group: GroupOptions<O>): void {
    atMost('addParamGroup', 1, arguments.length)
    const options = this.#groupOptions.read(this.constructor.name, group as never)
    if (!isOptions(group)) refuse('addParamGroup', 'a group of parameters', group)
    const given: (Tensor | readonly [string, Tensor])[] =
      group.params instanceof Tensor
        ? [group.params]
        : list('addParamGroup', 'an iterable of parameters', group.params as Iterable<Tensor>)
    const names = given.filter(one => Array.isArray(one)).map(([name]) => name as string)
    if (names.length > 0 && names.length < given.length) {
      throw new ArgumentError('all optimizer params should be with/without names. Some param names are missing')
    }
    const params = given.map(one => (Array.isArray(one) ? one[1] : one) as Tensor)
    const here = new Set<Tensor>()
    const present = new Set(this.paramGroups.flatMap(other => other.params))
    for (const param of params) {
      if (!(param instanceof Tensor)) {
        throw new ArgumentError(`optimizer can only optimize Tensors, but one of the params is ${kindOf(param)}`)
      }
      if (!param.isLeaf) throw new ArgumentError("can't optimize a non-leaf Tensor")
      if (here.has(param)) throw new ArgumentError('some parameters appear more than once in a group')
      if (present.has(param)) throw new ArgumentError('some parameters appear in more than one parameter group')
      here.add(param)
    }
    const named = names.length > 0
    if (this.paramGroups.some(({ paramNames }) => (paramNames !== undefined) !== named)) {
      throw new ArgumentError(
        'all optimizer param groups should be with/without names. ' +
          `cannot add param group ${named ? 'with' : 'without'} names to the optimizer`,
      )
    }
    const others = this.#groupOptions.copy(options)
    this.paramGroups.push({ ...this.defaults, ...others, params, ...(named && { paramNames: names }) })
  }

  /** Options and state under PyTorch's keys; the state tensors are shared. */
  stateDict(): OptimizerStateDict {
    return this.hookedSave(() => this.#save())
  }

  #save(): OptimizerStateDict {
    const numbers = new Map(this.paramGroups.flatMap(group => group.params).map((param, i) => [param, i]))
    const state = Array.from(this.state, ([param, values]) => [numbers.get(param), renamed(values, snake)])
    const groups = this.paramGroups.map(({ params, ...options }) => ({
      ...renamed(options as Record<string, unknown>, snake),
      params: params.map(param => numbers.get(param)!),
    }))
    return { state: Object.fromEntries(state), param_groups: groups }
  }

  /**
   * Takes over options and copies of the state of a state dict.
   * @throws ArgumentError when the groups or their sizes differ
   */
  loadStateDict(saved: OptimizerStateDict): void {
    this.hookedLoad(saved, state => this.#load(state))
  }

  #load(saved: OptimizerStateDict): void {
    if (!Array.isArray(saved?.param_groups) || !isOptions(saved.state)) {
      refuse('loadStateDict', "an optimizer's state dict", saved)
    }
    if (saved.param_groups.length !== this.paramGroups.length) {
      throw new ArgumentError('loaded state dict has a different number of parameter groups')
    }
    if (saved.param_groups.some((group, i) => group?.params?.length !== this.paramGroups[i]!.params.length)) {
      throw new ArgumentError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      )
    }
    this.state.clear()
    this.stepped = true // before it was saved
    for (const [i, { params: numbers, ...options }] of saved.param_groups.entries()) {
      const group = this.paramGroups[i]!
      Object.assign(group, renamed(options, camel))
      for (const [j, number] of numbers.entries()) {
        const values = saved.state[number]
        if (values !== undefined) this.state.set(group.params[j]!, copyState(values, group.params[j]!))
      }
    }
  }

  /** The text PyTorch prints, with the options that exist here. */
  override toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, i) => {
      const lines = Object.entries(renamed(options as Record<string, unknown>, snake)).sort(([a], [b]) =>
        a < b ? -1 : 1,
      )
      return `Parameter Group ${i}\n${lines.map(([name, value]) => `    ${name}: ${python(value)}\n`).join('')}`
    })
    return `${this.constructor.name} (\n${groups.join('\n')})`
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

/** What an iterable gives. @throws ArgumentError when the value is none */
function list<T>(op: string, expected: string, value: Iterable<T>): T[] {
  const given = value instanceof Tensor ? undefined : value?.[Symbol.iterator]
  if (typeof given !== 'function' || ArrayBuffer.isView(value)) refuse(op, expected, value)
  return [...value]
}

/** State that is a number here, and a tensor in PyTorch. */
const numbers = new Set(['step', 'eta', 'mu', 'mu_product'])

/** State tensors outlive every scope, so they are made without `wrap`. */
function copyState(values: ParamState, param: Tensor): ParamState {
  const copy = <T>(value: T): T | Tensor => {
    if (!(value instanceof Tensor)) return value
    const copy = new Tensor(native.empty(value.shape, dtypeCode('loadStateDict', param.dtype), param.device))
    native.copy_(copy.handle, value.handle, false)
    return copy
  }
  const copies = Object.entries(values).map(([name, value]) => {
    if (numbers.has(name)) return [camel(name), value instanceof Tensor ? value.item() : value]
    return [camel(name), Array.isArray(value) ? value.map(copy) : copy(value)]
  })
  return Object.fromEntries(copies)
}

/** A tensor of state in the dtype and on the device of its parameter, like `copyState` without `wrap`. @internal */
export function stateTensor(
  known: ParamState[string] | undefined,
  start: number,
  param: Tensor,
  shape: readonly number[] = param.shape,
): Tensor {
  const code = dtypeCode('loadStateDict', param.dtype)
  if (!(known instanceof Tensor)) return new Tensor(native.full(shape, start, code, param.device))
  if (known.dtype === param.dtype && known.device === param.device) return known
  // The model has been cast or moved since the last step.
  return new Tensor(native.to(native.cast(known.handle, code), param.device, false))
}

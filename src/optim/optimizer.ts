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

/** Parameters that share options. */
export type ParamGroup<O extends object> = O & { params: Tensor[] }
/** Parameters, or groups of them with options that differ from the defaults. */
export type Params<O extends object> = Iterable<Tensor> | Iterable<{ params: Iterable<Tensor> } & Partial<O>>
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
  return name.replace(/(?<=[a-z])[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

function camel(name: string): string {
  return name.replace(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function renamed<T>(record: Record<string, T>, rename: (name: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]))
}

/**
 * Base class of optimizers; `O` are the options of a group. PyTorch: torch.optim.Optimizer.
 * @example for (const group of optimizer.paramGroups) group.lr *= 0.1
 */
export abstract class Optimizer<O extends object = object> {
  readonly defaults: Readonly<O>
  readonly paramGroups: ParamGroup<O>[] = []
  /** What the optimizer remembers, by parameter. */
  readonly state = new Map<Tensor, ParamState>()
  /** Whether `step` has been called, which schedulers ask. @internal */
  stepped = false
  /** What a group may have. */
  readonly #groupOptions: Options<ParamGroup<O>>

  constructor(params: Params<O>, defaults: O) {
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
    const found = new Map<K, Tensor[]>()
    for (const param of params) {
      const grad = native.grad(param.handle)
      if (grad === null) continue
      native.dispose(grad)
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
    const loss = closure === undefined ? undefined : enableGrad(closure)
    if (tracing) traced('compute', 'optimizer', this.paramGroups[0]!.params[0]!.device, () => this.#stepGroups())
    else this.#stepGroups()
    return loss
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
  addParamGroup(group: { params: Tensor | Iterable<Tensor> } & Partial<O>): void {
    const given = this.#groupOptions.read(this.constructor.name, group as never)
    if (!isOptions(group)) refuse('addParamGroup', 'a group of parameters', group)
    const params =
      group.params instanceof Tensor ? [group.params] : list('addParamGroup', 'an iterable of parameters', group.params)
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
    this.paramGroups.push({ ...this.defaults, ...this.#groupOptions.copy(given), params })
  }

  /** Options and state under PyTorch's keys; the state tensors are shared. */
  stateDict(): OptimizerStateDict {
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
  toString(): string {
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

/** State tensors outlive every scope, so they are made without `wrap`. */
function copyState(values: ParamState, param: Tensor): ParamState {
  const copy = <T>(value: T): T | Tensor => {
    if (!(value instanceof Tensor)) return value
    const copy = new Tensor(native.empty(value.shape, dtypeCode('loadStateDict', param.dtype), param.device))
    native.copy_(copy.handle, value.handle, false)
    return copy
  }
  const copies = Object.entries(values).map(([name, value]) => {
    if (name === 'step') return [name, value instanceof Tensor ? value.item() : value] // a tensor in PyTorch
    return [camel(name), Array.isArray(value) ? value.map(copy) : copy(value)]
  })
  return Object.fromEntries(copies)
}

/** A tensor of state in the dtype and on the device of its parameter, like `copyState` without `wrap`. @internal */
export function stateTensor(known: ParamState[string] | undefined, start: number, param: Tensor): Tensor {
  const code = dtypeCode('loadStateDict', param.dtype)
  if (!(known instanceof Tensor)) return new Tensor(native.full(param.shape, start, code, param.device))
  if (known.dtype === param.dtype && known.device === param.device) return known
  // The model has been cast or moved since the last step.
  return new Tensor(native.to(native.cast(known.handle, code), param.device, false))
}

// The base of all layers and models. Parameters and submodules are found by looking through a module's own fields when
// they are asked for, so plain assignment registers them and the field's name is the key. Plain tensors are not buffers
// until `registerBuffer` says so.
import { inspect } from 'node:util'
import { ArgumentError } from '../../errors.ts'
import {
  atMost,
  type CudaOptions,
  cudaArguments,
  type Device,
  type DType,
  flag,
  isFloatingPoint,
  Options,
  type RequiresGradOptions,
  refuse,
  Tensor,
  type ToOptions,
} from '../../tensor/index.ts'
import { Callable } from './callable.ts'
import { conversion } from './conversion.ts'
import { type ForwardHook, type ForwardPreHook, Hooks, type RemovableHandle } from './hooks.ts'
import { isIndex, Order } from './order.ts'
import { Parameter } from './parameter.ts'
import { type LoadOptions, type LoadResult, loadStateDict, type StateDict, stateDict } from './state-dict.ts'
import { warnOfUnregistered } from './unregistered.ts'

/** Any module, whatever it takes and gives. */
// biome-ignore lint/suspicious/noExplicitAny: hooks make a module neither co- nor contravariant in what it takes
export type AnyModule = Module<any[], any>

/** Options of `registerBuffer`. */
export interface BufferOptions {
  /** Save it in state dicts, default true. */
  persistent?: boolean
}

/** Options of `zeroGrad`. */
export interface ZeroGradOptions {
  /** Drop gradients instead of filling them with zeros, default true. */
  setToNone?: boolean
}

/** Options of `parameters`, `buffers` and their named forms. */
export interface MembersOptions {
  /** Also those of submodules, default true. */
  recurse?: boolean
}

/** Options of `train`. */
export interface TrainOptions {
  /** Default true; false is evaluation mode. */
  mode?: boolean
}

const bufferOptions = new Options<BufferOptions>({ persistent: true })
const zeroGradOptions = new Options<ZeroGradOptions>({ setToNone: true })
const membersOptions = new Options<MembersOptions>({ recurse: true })
const trainOptions = new Options<TrainOptions>({ mode: true })
const loadOptions = new Options<LoadOptions>({ strict: true })
const requiresGradOptions = new Options<RequiresGradOptions>({ requiresGrad: true })

const expectedMembers = {
  Parameter: 'a parameter or null',
  Buffer: 'a tensor or null',
  Module: 'a module',
}

export interface Module<A extends unknown[] = [Tensor], R = Tensor> {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias cannot merge with the class
  (...args: A): R
}

/**
 * Base class of all neural network modules: subclass it, assign parameters and modules to fields, define `forward`, and
 * call the object. What is in plain arrays is not registered: a `ModuleList` is. PyTorch: torch.nn.Module.
 * @example
 * class Net extends nn.Module {
 *   fc = new nn.Linear(784, 10)
 *   forward(x: Tensor) { return this.fc(x.flatten(1)) }
 * }
 * const scores = new Net()(images)
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable makes every module a function
export abstract class Module<A extends unknown[] = [Tensor], R = Tensor> extends Callable<A, R> {
  /** Whether the module is in training mode; set it with `train()` and `eval()`. */
  training = true
  #hooks: Hooks | null = null
  readonly #buffers = new Map<string, boolean>()
  /** Kept once a name is an integer. */
  #order: Order | null = null
  #examined = false

  /** What the module computes; call the module itself instead, so that hooks run. */
  abstract forward(...args: A): R

  /** @internal */
  invoke(...args: A): R {
    return this.#hooks === null ? this.forward(...args) : (this.#hooks.run(this, args) as R)
  }

  /** Runs `hook` before every forward. PyTorch: register_forward_pre_hook. */
  registerForwardPreHook(hook: ForwardPreHook<A>): RemovableHandle {
    this.#hooks ??= new Hooks()
    return this.#hooks.before(hook as unknown as ForwardPreHook)
  }

  /** Runs `hook` after every forward. PyTorch: register_forward_hook. */
  registerForwardHook(hook: ForwardHook<A, R>): RemovableHandle {
    this.#hooks ??= new Hooks()
    return this.#hooks.after(hook as unknown as ForwardHook)
  }

  #set(kind: 'Parameter' | 'Buffer' | 'Module', name: string, value: unknown, fits: boolean): void {
    if (typeof name !== 'string') refuse(`${this.constructor.name}.register${kind}`, 'a name in quotes', name)
    if (!fits) refuse(`${this.constructor.name}.register${kind}`, expectedMembers[kind], value)
    if (name === '' || name.includes('.'))
      throw new ArgumentError(`${kind.toLowerCase()} name can't be empty or contain "."`)
    if (name in this && !Object.hasOwn(this, name)) throw new ArgumentError(`attribute '${name}' already exists`)
    if (isIndex(name)) this.#order ??= new Order()
    this.#order?.add(this, name)
    ;(this as unknown as Record<string, unknown>)[name] = value
  }

  /**
   * Makes a parameter a field, by a computed name. PyTorch: register_parameter.
   * @throws ArgumentError when the name is taken by a method, or for another kind of value
   */
  registerParameter(name: string, parameter: Parameter | null): void {
    this.#set('Parameter', name, parameter, parameter === null || parameter instanceof Parameter)
  }

  /**
   * Makes a module a field, by a computed name. PyTorch: register_module.
   * @throws ArgumentError when the name is taken by a method, or for another kind of value
   */
  registerModule(name: string, module: AnyModule): void {
    this.#set('Module', name, module, module instanceof Module)
  }

  /**
   * Makes a tensor that is state but no parameter a field. PyTorch: register_buffer.
   * @throws ArgumentError when the name is taken by a method, or for another kind of value
   */
  registerBuffer(name: string, buffer: Tensor | null, persistent?: boolean | BufferOptions): void {
    atMost('registerBuffer', 3, arguments.length)
    this.#set('Buffer', name, buffer, buffer === null || buffer instanceof Tensor)
    const given = bufferOptions.readFirst('registerBuffer', persistent)
    this.#buffers.set(name, flag('registerBuffer: persistent', given.persistent ?? true))
  }

  /** Own parameters, buffers and children, by name. @internal */
  members(kind: 'parameter'): [string, Parameter][]
  members(kind: 'buffer', onlyPersistent?: boolean): [string, Tensor][]
  members(kind: 'module'): [string, AnyModule][]
  members(kind: 'parameter' | 'buffer' | 'module', onlyPersistent = false): [string, unknown][] {
    return this.#entries().filter(([name, value]) => {
      if (kind === 'parameter') return value instanceof Parameter
      if (kind === 'module') return value instanceof Module
      const persistent = this.#buffers.get(name)
      return persistent !== undefined && value instanceof Tensor && (persistent || !onlyPersistent)
    })
  }

  /** Own fields in the order of registration. @throws ArgumentError where an integer name makes that unknown */
  #entries(): [string, unknown][] {
    const entries = Object.entries(this)
    if (!isIndex(entries[0]![0])) return entries
    for (const [name, value] of entries) {
      if (this.#order?.has(name)) continue
      if (!isIndex(name)) break
      if (!(value instanceof Parameter || value instanceof Module)) continue
      throw new ArgumentError(
        `${this.constructor.name}: the place of field '${name}' among the others is not known, since JavaScript puts ` +
          `integers first; write this.register${value instanceof Module ? 'Module' : 'Parameter'}('${name}', …)`,
      )
    }
    return this.#order?.sort(entries) ?? entries
  }

  #named<T>(of: (module: AnyModule) => [string, T][], op: string, first?: boolean | MembersOptions): [string, T][] {
    const { recurse = true } = membersOptions.readFirst(op, first)
    const seen = new Set<T>()
    const found: [string, T][] = []
    for (const [prefix, module] of flag('recurse', recurse)
      ? this.namedModules()
      : ([['', this]] as [string, AnyModule][])) {
      for (const [name, member] of of(module)) {
        if (seen.has(member)) continue
        seen.add(member)
        found.push([prefix === '' ? name : `${prefix}.${name}`, member])
      }
    }
    return found
  }

  #namedParameters(op: string, recurse?: boolean | MembersOptions): [string, Parameter][] {
    if (!this.#examined) {
      this.#examined = true
      warnOfUnregistered(this)
    }
    return this.#named(module => module.members('parameter'), op, recurse)
  }

  /** All parameters with their names, each once. */
  namedParameters(recurse?: boolean | MembersOptions): [string, Parameter][] {
    atMost('namedParameters', 1, arguments.length)
    return this.#namedParameters('namedParameters', recurse)
  }

  /** All parameters, each once. @example new optim.SGD(model.parameters(), { lr: 0.1 }) */
  parameters(recurse?: boolean | MembersOptions): Parameter[] {
    atMost('parameters', 1, arguments.length)
    return this.#namedParameters('parameters', recurse).map(([, parameter]) => parameter)
  }

  /** All buffers with their names, each once. */
  namedBuffers(recurse?: boolean | MembersOptions): [string, Tensor][] {
    atMost('namedBuffers', 1, arguments.length)
    return this.#named(module => module.members('buffer'), 'namedBuffers', recurse)
  }

  /** All buffers, each once. */
  buffers(recurse?: boolean | MembersOptions): Tensor[] {
    atMost('buffers', 1, arguments.length)
    return this.#named(module => module.members('buffer'), 'buffers', recurse).map(([, buffer]) => buffer)
  }

  /** Modules that are fields of this one, with their names. */
  namedChildren(): [string, AnyModule][] {
    return this.#named(module => module.members('module'), 'children', false)
  }

  /** Modules that are fields of this one. */
  children(): AnyModule[] {
    return this.namedChildren().map(([, child]) => child)
  }

  /** This module, named '', and all below it, each once and before its children. */
  namedModules(): [string, AnyModule][] {
    const found = new Map<AnyModule, string>()
    const visit = (module: AnyModule, prefix: string) => {
      if (found.has(module)) return
      found.set(module, prefix)
      for (const [name, child] of module.members('module')) visit(child, prefix === '' ? name : `${prefix}.${name}`)
    }
    visit(this, '')
    return Array.from(found, ([module, prefix]) => [prefix, module])
  }

  /** This module and all below it, each once. */
  modules(): AnyModule[] {
    return this.namedModules().map(([, module]) => module)
  }

  /**
   * Calls `fn` on every module below this one, then on this one.
   * @example
   * net.apply(module => {
   *   if (module instanceof nn.Linear) nn.init.xavierUniform_(module.weight)
   * })
   */
  apply(fn: (module: AnyModule) => void): this {
    if (typeof fn !== 'function') refuse('apply', 'a function', fn)
    for (const child of this.children()) child.apply(fn)
    fn(this)
    return this
  }

  /** Parameters and persistent buffers, detached and sharing their elements, under PyTorch's keys. */
  stateDict(): StateDict {
    return stateDict(this)
  }

  /**
   * Copies the tensors of a state dict into this module. PyTorch: torch.nn.Module.load_state_dict.
   * @throws ArgumentError listing sizes that differ and, unless `strict` is false, missing and unexpected keys
   */
  loadStateDict(state: StateDict, strict?: boolean | LoadOptions): LoadResult {
    atMost('loadStateDict', 2, arguments.length)
    const given = loadOptions.readFirst('loadStateDict', strict)
    return loadStateDict(this, state, flag('loadStateDict: strict', given.strict ?? true))
  }

  /** Sets training mode on this module and all below it. */
  train(mode?: boolean | TrainOptions): this {
    atMost('train', 1, arguments.length)
    const on = flag('train', trainOptions.readFirst('train', mode).mode ?? true)
    for (const module of this.modules()) module.training = on
    return this
  }

  /** Sets evaluation mode: `train(false)`. */
  eval(): this {
    return this.train(false)
  }

  /** Switches gradients of all parameters on or off. */
  requiresGrad_(requiresGrad?: boolean | RequiresGradOptions): this {
    atMost('requiresGrad_', 1, arguments.length)
    const { requiresGrad: on = true } = requiresGradOptions.readFirst('requiresGrad_', requiresGrad)
    for (const parameter of this.parameters()) parameter.requiresGrad = on
    return this
  }

  /** Drops the gradients of all parameters, or fills them with zeros with `{ setToNone: false }`. */
  zeroGrad(setToNone?: boolean | ZeroGradOptions): void {
    atMost('zeroGrad', 1, arguments.length)
    const given = zeroGradOptions.readFirst('zeroGrad', setToNone)
    const drop = flag('zeroGrad: setToNone', given.setToNone ?? true)
    for (const parameter of this.parameters()) {
      if (drop) parameter.grad = null
      else parameter.grad?.detach().zero_()
    }
  }

  /**
   * Moves all parameters and buffers to a device, casts the floating point ones to a dtype, or both, in place; what
   * refers to them, such as an optimizer, sees the change. PyTorch: torch.nn.Module.to.
   * @throws ArgumentError when the dtype is no floating point type, UnsupportedError when there is no such device
   * @example model.to('cuda')
   * @example model.to('cuda:1', 'float64')
   */
  to(first: Device | DType | Tensor | ToOptions, second?: DType | Device | ToOptions, options?: ToOptions): this {
    atMost('to', 3, arguments.length)
    const wanted = conversion(first, second, options)
    for (const member of [...this.parameters(), ...this.buffers()]) {
      const { dtype, ...place } = wanted
      const data = member.detach()
      const moved = data.to(isFloatingPoint(member.dtype) ? wanted : place)
      if (moved === data) continue
      const { grad } = member
      member.replaceData(moved)
      if (grad !== null) member.grad = grad.detach().to(wanted)
    }
    return this
  }

  /** Moves to a CUDA device, by default the current one. */
  cuda(device?: number | CudaOptions, options?: CudaOptions): this {
    atMost('cuda', 2, arguments.length)
    return this.to(cudaArguments(device, options))
  }

  /** Moves to the CPU. */
  cpu(): this {
    return this.to('cpu')
  }

  /** Casts to float32. */
  float(): this {
    return this.to('float32')
  }

  /** Casts to float64. */
  double(): this {
    return this.to('float64')
  }

  /** Casts to float16. */
  half(): this {
    return this.to('float16')
  }

  /** Casts to bfloat16. */
  bfloat16(): this {
    return this.to('bfloat16')
  }

  /** What stands between the parentheses of the printed module. */
  extraRepr(): string {
    return ''
  }

  /** The text PyTorch prints. */
  override toString(): string {
    const extra = this.extraRepr()
    const children = this.members('module').map(([name, child]) => `(${name}): ${indent(child.toString())}`)
    const name = this.constructor.name
    if (children.length === 0 && !extra.includes('\n')) return `${name}(${extra})`
    const lines = [...(extra === '' ? [] : extra.split('\n')), ...children]
    return `${name}(\n  ${lines.join('\n  ')}\n)`
  }

  /** @throws ArgumentError always: JSON.stringify would otherwise leave the module out, since it is a function */
  toJSON(): never {
    throw new ArgumentError(
      'JSON.stringify: a module has no JSON form; its tensors are in stateDict(), and each of them gives numbers by toArray()',
    )
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

/** All lines but the first moved two columns to the right. @internal */
export function indent(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

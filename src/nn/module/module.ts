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
  emptyLike,
  flag,
  isFloatingPoint,
  Options,
  type RequiresGradOptions,
  refuse,
  type Tensor,
  type ToOptions,
} from '../../tensor/index.ts'
import { conversion } from './conversion.ts'
import {
  type BackwardHook,
  type BackwardPreHook,
  everywhere,
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardHookWithKwargs,
  type ForwardPreHook,
  type ForwardPreHookOptions,
  type ForwardPreHookWithKwargs,
  Hooks,
  type PrependOptions,
  type RemovableHandle,
  runHooked,
} from './hooks.ts'
import { Members, type MembersOptions } from './members.ts'
import {
  type LoadOptions,
  type LoadResult,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  loadStateDict,
  type StateDict,
  type StateDictOptions,
  type StateDictPostHook,
  type StateDictPreHook,
  stateDict,
} from './state-dict.ts'

export type { BufferOptions, MembersOptions } from './members.ts'

/** Any module, whatever it takes and gives. */
// biome-ignore lint/suspicious/noExplicitAny: hooks make a module neither co- nor contravariant in what it takes
export type AnyModule = Module<any[], any>

/** Options of `zeroGrad`. */
export interface ZeroGradOptions {
  /** Drop gradients instead of filling them with zeros, default true. */
  setToNone?: boolean
}

/** Options of `toEmpty`. */
export type ToEmptyOptions = Pick<MembersOptions, 'recurse'>

/** Options of `train`. */
export interface TrainOptions {
  /** Default true; false is evaluation mode. */
  mode?: boolean
}

const zeroGradOptions = new Options<ZeroGradOptions>({ setToNone: true })
const trainOptions = new Options<TrainOptions>({ mode: true })
const loadOptions = new Options<LoadOptions>({ strict: true, assign: true })
const stateDictOptions = new Options<StateDictOptions>({ prefix: true, keepVars: true })
const emptyOptions = new Options<ToEmptyOptions>({ recurse: true })
const requiresGradOptions = new Options<RequiresGradOptions>({ requiresGrad: true })

/** The hooks of a module, if it has had any. @internal */
export let hooksOf: (module: AnyModule) => Hooks | null

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
export abstract class Module<A extends unknown[] = [Tensor], R = Tensor> extends Members<A, R> {
  #hooks: Hooks | null = null

  /** What the module computes; call the module itself instead, so that hooks run. */
  abstract forward(...args: A): R

  static {
    hooksOf = module => module.#hooks
  }

  /** @internal */
  invoke(...args: A): R {
    const plain = this.#hooks === null && everywhere.hooks === null
    return plain ? this.forward(...args) : (runHooked(this, this.#hooks, args) as R)
  }

  #own(): Hooks {
    this.#hooks ??= new Hooks()
    return this.#hooks
  }

  /**
   * Runs `hook` before every forward, with the arguments, which it may replace; `{ withKwargs: true }`: with the
   * options of the call apart from them. PyTorch: register_forward_pre_hook.
   * @example model.registerForwardPreHook((_, [x]) => [x.mul(2)])
   */
  registerForwardPreHook(
    hook: ForwardPreHookWithKwargs,
    options: ForwardPreHookOptions & { withKwargs: true },
  ): RemovableHandle
  registerForwardPreHook(hook: ForwardPreHook<A>, options?: ForwardPreHookOptions): RemovableHandle
  registerForwardPreHook(
    hook: ForwardPreHook<A> | ForwardPreHookWithKwargs,
    options?: ForwardPreHookOptions,
  ): RemovableHandle {
    atMost('registerForwardPreHook', 2, arguments.length)
    return this.#own().before(hook, options)
  }

  /**
   * Runs `hook` after every forward, with the arguments and the output, which it may replace. PyTorch:
   * register_forward_hook.
   * @example model.registerForwardHook((_, args, y) => y.relu(), { prepend: true })
   */
  registerForwardHook(
    hook: ForwardHookWithKwargs<R>,
    options: ForwardHookOptions & { withKwargs: true },
  ): RemovableHandle
  registerForwardHook(hook: ForwardHook<A, R>, options?: ForwardHookOptions): RemovableHandle
  registerForwardHook(
    hook: ForwardHook<A, R> | ForwardHookWithKwargs<R>,
    options?: ForwardHookOptions,
  ): RemovableHandle {
    atMost('registerForwardHook', 2, arguments.length)
    return this.#own().after(hook, options)
  }

  /**
   * Runs `hook` when the gradients of the outputs are there; it may replace them. PyTorch:
   * register_full_backward_pre_hook.
   */
  registerFullBackwardPreHook(hook: BackwardPreHook, prepend?: boolean | PrependOptions): RemovableHandle {
    atMost('registerFullBackwardPreHook', 2, arguments.length)
    return this.#own().backward('registerFullBackwardPreHook', 'backwardBefore', hook, prepend)
  }

  /**
   * Runs `hook` when the gradients of the arguments that are tensors are there too; it may replace them. PyTorch:
   * register_full_backward_hook.
   * @example model.registerFullBackwardHook((_, gradInput) => gradInput.map(grad => grad && grad.mul(0.5)))
   */
  registerFullBackwardHook(hook: BackwardHook, prepend?: boolean | PrependOptions): RemovableHandle {
    atMost('registerFullBackwardHook', 2, arguments.length)
    return this.#own().backward('registerFullBackwardHook', 'backward', hook, prepend)
  }

  /** Runs `hook` before the state of this module is written down. PyTorch: register_state_dict_pre_hook. */
  registerStateDictPreHook(hook: StateDictPreHook): RemovableHandle {
    return this.#own().add('registerStateDictPreHook', 'stateBefore', hook)
  }

  /** Runs `hook` on a state dict that has got this module's state. PyTorch: register_state_dict_post_hook. */
  registerStateDictPostHook(hook: StateDictPostHook): RemovableHandle {
    return this.#own().add('registerStateDictPostHook', 'stateAfter', hook)
  }

  /** Runs `hook` before this module is loaded. PyTorch: register_load_state_dict_pre_hook. */
  registerLoadStateDictPreHook(hook: LoadStateDictPreHook): RemovableHandle {
    return this.#own().add('registerLoadStateDictPreHook', 'loadBefore', hook)
  }

  /** Runs `hook` after this module is loaded. PyTorch: register_load_state_dict_post_hook. */
  registerLoadStateDictPostHook(hook: LoadStateDictPostHook): RemovableHandle {
    return this.#own().add('registerLoadStateDictPostHook', 'loadAfter', hook)
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
  stateDict(prefix?: string | StateDictOptions): StateDict {
    atMost('stateDict', 1, arguments.length)
    const given = stateDictOptions.readFirst('stateDict', prefix)
    return stateDict(this, given.prefix ?? '', flag('stateDict: keepVars', given.keepVars ?? false))
  }

  /**
   * Copies the tensors of a state dict into this module; with `assign` it takes the tensors themselves. PyTorch:
   * torch.nn.Module.load_state_dict.
   * @throws ArgumentError listing sizes that differ and, unless `strict` is false, missing and unexpected keys
   */
  loadStateDict(state: StateDict, strict?: boolean | LoadOptions, options?: LoadOptions): LoadResult {
    atMost('loadStateDict', 3, arguments.length)
    const given = loadOptions.readFirst('loadStateDict', strict, options)
    const [exact, assign] = [given.strict ?? true, given.assign ?? false]
    return loadStateDict(this, state, flag('loadStateDict: strict', exact), flag('loadStateDict: assign', assign))
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

  /** Moves to a device without the elements, which are arbitrary then. PyTorch: torch.nn.Module.to_empty. */
  toEmpty(device: Device, recurse?: boolean | ToEmptyOptions): this {
    atMost('toEmpty', 2, arguments.length)
    const { recurse: deep = true } = emptyOptions.readFirst('toEmpty', recurse)
    for (const member of [...this.parameters(deep), ...this.buffers(deep)])
      member.replaceData(emptyLike(member.detach(), { device }))
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

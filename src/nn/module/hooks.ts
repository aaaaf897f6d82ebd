// Functions that run before and after a module's forward and backward, of one module or of all. A module without hooks
// pays two comparisons per call. What backward hooks see passes through two nodes of the graph, one before the module
// and one behind it, which hand the gradients on.
import { ArgumentError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  flag,
  isGradEnabled,
  isPlainObject,
  type NodeGradients,
  Options,
  type RemovableHandle,
  refuse,
  Tensor,
  wrap,
  zeros,
} from '../../tensor/index.ts'
import type { AnyModule } from './module.ts'

export type { RemovableHandle } from '../../tensor/index.ts'

/** The options that a call ends with; none is an empty object. */
export type CallOptions = Readonly<Record<string, unknown>>

/** Runs before forward; what it returns, if anything, replaces the arguments. */
// biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
export type ForwardPreHook<A extends unknown[] = unknown[]> = (module: AnyModule, args: A) => A | undefined | void
/** The same with the options of the call apart from its arguments; it replaces both or neither. */
export type ForwardPreHookWithKwargs = (
  module: AnyModule,
  args: unknown[],
  kwargs: CallOptions,
  // biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
) => readonly [args: unknown[], kwargs: CallOptions] | undefined | void
/** Runs after forward; what it returns, if anything, replaces the output. */
export type ForwardHook<A extends unknown[] = unknown[], R = unknown> = (
  module: AnyModule,
  args: A,
  output: R,
  // biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
) => R | undefined | void
/** The same with the options of the call apart from its arguments. */
export type ForwardHookWithKwargs<R = unknown> = (
  module: AnyModule,
  args: unknown[],
  kwargs: CallOptions,
  output: R,
  // biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
) => R | undefined | void
/** Runs when the gradients of a module's outputs are there; what it returns, if anything, replaces them. */
// biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
export type BackwardPreHook = (module: AnyModule, gradOutput: NodeGradients) => NodeGradients | undefined | void
/** Runs when those of its arguments are there too, null for what has none; what it returns replaces these. */
export type BackwardHook = (
  module: AnyModule,
  gradInput: NodeGradients,
  gradOutput: NodeGradients,
  // biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
) => NodeGradients | undefined | void

/** Options of hooks that have an order. */
export interface PrependOptions {
  /** Run it before those that are there, default false. */
  prepend?: boolean
}

/** Options of `registerForwardPreHook`. */
export interface ForwardPreHookOptions extends PrependOptions {
  /** Pass the options of the call apart from its arguments, default false. */
  withKwargs?: boolean
}

/** Options of `registerForwardHook`. */
export interface ForwardHookOptions extends ForwardPreHookOptions {
  /** Run it also when forward or another hook has thrown, default false. */
  alwaysCall?: boolean
}

const hookOptions = new Options<ForwardHookOptions>({ prepend: true, withKwargs: true, alwaysCall: true })
const preHookOptions = new Options<ForwardPreHookOptions>({ prepend: true, withKwargs: true })
const prependOptions = new Options<PrependOptions>({ prepend: true })

// biome-ignore lint/suspicious/noExplicitAny: what a hook takes and gives is known to its module only
type AnyHook = (...args: any[]) => any
type Entry = { hook: AnyHook; withKwargs: boolean; alwaysCall: boolean }
type Kind =
  | 'before'
  | 'after'
  | 'backwardBefore'
  | 'backward'
  | 'stateBefore'
  | 'stateAfter'
  | 'loadBefore'
  | 'loadAfter'

/** The hooks of one module, or of all, by what they are called for. @internal */
export class Hooks {
  readonly #lists = new Map<Kind, Entry[]>()

  add(op: string, kind: Kind, hook: AnyHook, given: ForwardHookOptions = {}): RemovableHandle {
    if (typeof hook !== 'function') refuse(op, 'a function', hook)
    const on = (name: keyof ForwardHookOptions) => flag(`${op}: ${name}`, given[name] ?? false)
    const entry = { hook, withKwargs: on('withKwargs'), alwaysCall: on('alwaysCall') }
    const list = this.#lists.get(kind) ?? []
    this.#lists.set(kind, list)
    if (on('prepend')) list.unshift(entry)
    else list.push(entry)
    return {
      remove: () => {
        const at = list.indexOf(entry)
        if (at >= 0) list.splice(at, 1)
      },
    }
  }

  /** A copy, since a hook may take itself off. */
  of(kind: Kind): Entry[] {
    return [...(this.#lists.get(kind) ?? [])]
  }

  before(hook: AnyHook, options?: ForwardPreHookOptions, op = 'registerForwardPreHook'): RemovableHandle {
    return this.add(op, 'before', hook, preHookOptions.read(op, options))
  }

  after(hook: AnyHook, options?: ForwardHookOptions, op = 'registerForwardHook'): RemovableHandle {
    return this.add(op, 'after', hook, hookOptions.read(op, options))
  }

  backward(op: string, kind: 'backward' | 'backwardBefore', hook: AnyHook, first: unknown): RemovableHandle {
    return this.add(op, kind, hook, prependOptions.readFirst(op, first))
  }
}

/** The hooks of all modules, once there have been any. @internal */
export const everywhere: { hooks: Hooks | null } = { hooks: null }

/** The arguments of a call, and the options that it ends with. */
function split(all: unknown[]): [args: unknown[], kwargs: CallOptions] {
  const last = all.at(-1)
  return isPlainObject(last) ? [all.slice(0, -1), last as CallOptions] : [all, {}]
}

function joined([args, kwargs]: readonly [unknown[], CallOptions]): unknown[] {
  return Object.keys(kwargs).length > 0 ? [...args, kwargs] : args
}

/** Calls forward with all hooks around it: those of all modules, then its own. @internal */
export function runHooked(module: AnyModule, own: Hooks | null, given: unknown[]): unknown {
  const all = (kind: Kind) => [...(everywhere.hooks?.of(kind) ?? []), ...(own?.of(kind) ?? [])]
  const called = new Set<Entry>()
  let args = given
  let output: unknown
  const after = (entry: Entry) => {
    called.add(entry)
    const seen = entry.withKwargs ? split(args) : [args]
    output = entry.hook(module, ...seen, output) ?? output
  }
  try {
    for (const { hook, withKwargs } of all('before')) {
      if (!withKwargs) args = hook(module, args) ?? args
      else args = joined(hook(module, ...split(args)) ?? split(args))
    }
    const [hooks, pre] = [all('backward'), all('backwardBefore')]
    const watch = hooks.length + pre.length > 0 ? new Watch(module, hooks, pre) : undefined
    if (watch) args = watch.input(args)
    output = module.forward(...args)
    for (const entry of all('after')) after(entry)
    return watch ? watch.output(output) : output
  } catch (error) {
    for (const entry of all('after').filter(entry => entry.alwaysCall && !called.has(entry)))
      silenced(() => after(entry))
    throw error
  }
}

function silenced(run: () => void): void {
  try {
    run()
  } catch (error) {
    process.emitWarning(`a forward hook with alwaysCall threw while another error was on its way: ${error}`)
  }
}

/** Hands gradients from the outputs of a call to its backward hooks, and from there to its inputs. */
class Watch {
  readonly #module: AnyModule
  readonly #hooks: readonly Entry[]
  readonly #before: readonly Entry[]
  #gradOutput: NodeGradients | null = null
  #inputs = 0
  #hasInputs = false

  constructor(module: AnyModule, hooks: readonly Entry[], before: readonly Entry[]) {
    this.#module = module
    this.#hooks = hooks
    this.#before = before
  }

  input(args: unknown[]): unknown[] {
    this.#inputs = args.length
    const watched = through(args, grads => this.#run(grads))
    this.#hasInputs = watched !== undefined
    return watched ?? args
  }

  output(output: unknown): unknown {
    if (!(output instanceof Tensor || Array.isArray(output))) {
      process.emitWarning(`${this.#module.constructor.name}: backward hooks need an output of tensors`)
      return output
    }
    const watched = through(Array.isArray(output) ? output : [output], grads => this.#begin(grads))
    if (watched === undefined) return output
    return Array.isArray(output) ? watched : watched[0]
  }

  #begin(grads: NodeGradients): NodeGradients {
    let gradOutput = grads
    for (const { hook } of this.#before) {
      const changed = hook(this.#module, gradOutput)
      if (changed != null) gradOutput = fitting('Backward pre hook', 'grad_output', changed, gradOutput.length)
    }
    this.#gradOutput = gradOutput
    if (this.#hasInputs) return gradOutput
    const none = Array<null>(this.#inputs).fill(null)
    for (const { hook } of this.#hooks) {
      const changed: NodeGradients | null | undefined = hook(this.#module, none, gradOutput)
      if (changed?.some(grad => grad !== null))
        throw new ArgumentError('a backward hook of a module without inputs that need gradients must return none')
    }
    return gradOutput
  }

  #run(grads: NodeGradients): NodeGradients {
    if (this.#gradOutput === null) return grads
    let gradInput = grads
    for (const { hook } of this.#hooks) {
      const changed = hook(this.#module, gradInput, this.#gradOutput)
      if (changed != null) gradInput = fitting('Backward hook', 'grad_input', changed, gradInput.length)
    }
    this.#gradOutput = null
    return gradInput
  }
}

function fitting(what: string, which: string, given: unknown, expected: number): NodeGradients {
  if (!Array.isArray(given)) return refuse(what, 'an array of tensors and null', given)
  if (given.length === expected) return given
  throw new ArgumentError(
    `${what} returned an invalid number of ${which}, got ${given.length}, but expected ${expected}`,
  )
}

/** The values with their tensors behind one node, which asks `change` for its gradients; undefined without any. */
function through(values: unknown[], change: (grads: NodeGradients) => NodeGradients): unknown[] | undefined {
  const tensors = values.filter(value => value instanceof Tensor)
  if (!isGradEnabled() || !tensors.some(x => x.requiresGrad)) return undefined
  const places = values.map(value => (value instanceof Tensor ? tensors.indexOf(value) : -1))
  // What the graph calls closes over no tensor.
  const known = tensors.map(({ shape, dtype, device, requiresGrad }) => ({ shape, dtype, device, requiresGrad }))
  const backward = (grads: readonly (unknown | null)[]) => {
    const given = known.map(({ shape, requiresGrad, ...place }, i) => {
      const grad = grads[i]
      if (grad != null) return wrap(grad as never)
      return requiresGrad ? zeros(shape, place) : null
    })
    const changed = change(places.map(place => (place < 0 ? null : given[place]!)))
    return known.map((_, i) => changed[places.indexOf(i)]?.handle ?? null)
  }
  const handles = native.recordFunction(
    'BackwardHookFunctionBackward',
    backward as never,
    tensors.map(x => x.handle),
    tensors.map(x => native.detach(x.handle)),
    known.map(({ requiresGrad }) => requiresGrad),
    known.map(() => false),
    [],
  )
  const made = handles.map(handle => wrap(handle))
  return values.map((value, i) => (places[i]! < 0 ? value : made[places[i]!]))
}

// Modules made of a list of modules. The position is the field's name, so `model[0]` works and keys are `0.weight`.
// Modules with names of their own are in an object, or in a Map where some of the names are integers (see order.ts).
import { ArgumentError } from '../../errors.ts'
import { atMost, isOptions, refuse, type Tensor } from '../../tensor/index.ts'
import { type AnyModule, indent, Module } from './module.ts'
import { isIndex } from './order.ts'

/** The name of a module that is added at the end: the number of modules, or the next one that is free. */
function nextName(module: AnyModule & { length: number }): string {
  let n = module.length
  while (Object.hasOwn(module, n)) n++
  return String(n)
}

/** The modules with their names. @throws ArgumentError for an object that has lost the order of its keys */
function named(modules: readonly unknown[]): Iterable<[string, unknown]> {
  const [first] = modules
  if (first instanceof Map) return first
  if (!isOptions(first)) return Object.entries(modules)
  const integers = Object.keys(first).filter(isIndex)
  if (integers.length === 0) return Object.entries(first)
  throw new ArgumentError(
    `Sequential: the keys ${integers.map(key => `'${key}'`).join(', ')} come first in a JavaScript object wherever they ` +
      `were written; pass the modules one by one, or new Map([['${integers[0]}', module], …])`,
  )
}

function modulesOf(sequential: AnyModule): Module[] {
  return sequential.members('module').map(([, module]) => module as unknown as Module)
}

/**
 * Applies modules one after the other. PyTorch: torch.nn.Sequential.
 * @example new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
 * @example new nn.Sequential({ fc: new nn.Linear(784, 10), act: new nn.ReLU() })
 */
export class Sequential extends Module {
  readonly [index: number]: Module

  constructor(...modules: Module[] | [Record<string, Module> | ReadonlyMap<string, Module>])
  constructor(...modules: unknown[]) {
    super()
    for (const [name, module] of named(modules)) this.registerModule(name, module as Module)
  }

  /** Number of modules. */
  override get length(): number {
    return this.members('module').length
  }

  [Symbol.iterator](): IterableIterator<Module> {
    return modulesOf(this)[Symbol.iterator]()
  }

  /** Adds a module at the end and returns this one. */
  append(module: Module): this {
    this.registerModule(nextName(this), module)
    return this
  }

  forward(x: Tensor): Tensor {
    let y = x
    for (const module of modulesOf(this)) y = module(y)
    return y
  }
}

/**
 * Holds modules in a list, so that they are registered; what to do with them is up to the user. PyTorch:
 * torch.nn.ModuleList.
 * @example
 * class Deep extends nn.Module {
 *   layers = new nn.ModuleList([8, 8, 8].map(size => new nn.Linear(size, size)))
 *   forward(x: Tensor) { return [...this.layers].reduce((y, layer) => layer(y).relu(), x) }
 * }
 */
export class ModuleList<M extends AnyModule = Module> extends Module<never[], never> {
  readonly [index: number]: M

  constructor(modules: Iterable<M> = []) {
    atMost('ModuleList', 1, arguments.length)
    super()
    if (typeof modules?.[Symbol.iterator] !== 'function') refuse('ModuleList', 'an iterable of modules', modules)
    for (const module of modules) this.append(module)
  }

  /** Number of modules. */
  override get length(): number {
    return this.members('module').length
  }

  [Symbol.iterator](): IterableIterator<M> {
    return this.members('module')
      .map(([, module]) => module as unknown as M)
      [Symbol.iterator]()
  }

  /** Adds a module at the end and returns this list. */
  append(module: M): this {
    this.registerModule(nextName(this), module)
    return this
  }

  forward(): never {
    throw new ArgumentError('ModuleList has no forward: call its modules')
  }

  override toString(): string {
    const runs: { first: number; last: number; text: string }[] = []
    for (const [i, module] of [...this].entries()) {
      const text = module.toString()
      const run = runs.at(-1)
      if (run?.text === text) run.last = i
      else runs.push({ first: i, last: i, text })
    }
    if (runs.length === 0) return `${this.constructor.name}()`
    const lines = runs.map(({ first, last, text }) =>
      indent(first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`),
    )
    return `${this.constructor.name}(\n  ${lines.join('\n  ')}\n)`
  }
}

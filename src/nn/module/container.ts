// Modules made of a list of modules. The position is the field's name, so `model[0]` works and keys are `0.weight`.
// Modules with names of their own are in an object, or in a Map where some of the names are integers (see order.ts).
import { ArgumentError, IndexError } from '../../errors.ts'
import { atMost, isOptions, Options, refuse, shown, type Tensor } from '../../tensor/index.ts'
import { type AnyModule, indent, Module } from './module.ts'
import { isIndex } from './order.ts'

/** The name of a module that is added at the end: the number of modules, or the next one that is free. */
function nextName(module: AnyModule & { length: number }): string {
  let n = module.length
  while (Object.hasOwn(module, n)) n++
  return String(n)
}

/** The modules with their names. @throws ArgumentError for an object that has lost the order of its keys */
function named(modules: readonly unknown[]): Iterable<readonly [string, unknown]> {
  const [first] = modules
  const isNamed = first instanceof Map || isOptions(first)
  return isNamed ? pairs('Sequential', first as Named<unknown>) : Object.entries(modules)
}

/**
 * The pairs of a Map, of an object, or of what gives pairs.
 * @throws ArgumentError for an object that has lost the order of its keys
 * @internal
 */
export function pairs<T>(op: string, given: Named<T>): Iterable<readonly [string, T]> {
  if (typeof given !== 'object' || given === null || ArrayBuffer.isView(given))
    refuse(op, 'an object, a Map, or pairs of a name and a value', given)
  if (Symbol.iterator in given) {
    const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2
    return Array.from(given, pair => (isPair(pair) ? pair : refuse(op, 'pairs of a name and a value', pair)))
  }
  const integers = Object.keys(given).filter(isIndex)
  if (integers.length === 0) return Object.entries(given)
  throw new ArgumentError(
    `${op}: the keys ${integers.map(key => `'${key}'`).join(', ')} come first in a JavaScript object wherever they ` +
      `were written; pass ${op === 'Sequential' ? 'the modules one by one, or ' : ''}new Map([['${integers[0]}', ` +
      `${op === 'ParameterDict' ? 'parameter' : 'module'}], …])`,
  )
}

/** Values by their names: an object, a Map, or what gives pairs. */
export type Named<T> = Readonly<Record<string, T>> | Iterable<readonly [string, T]>

/** Options of `slice`. */
export interface EntriesOptions {
  /** The first position that is left out, by default the length; negative ones count from the end. */
  end?: number
}

const entriesOptions = new Options<EntriesOptions>({ end: true })

/** The arguments of Array.slice. @internal */
export function rangeOf(
  op: string,
  start: number,
  options: number | EntriesOptions | undefined,
): [start: number, end?: number] {
  const { end } = entriesOptions.readFirst(op, options)
  if (typeof start !== 'number') refuse(op, 'a number', start)
  if (end !== undefined && typeof end !== 'number') refuse(`${op}: end`, 'a number', end)
  return [start, end]
}

/** A position from the start. @throws IndexError out of range @internal */
export function place(op: string, at: number, length: number): number {
  if (typeof at !== 'number') refuse(op, 'a number', at)
  const from = at < 0 ? at + length : at
  if (Number.isInteger(at) && from >= 0 && from < length) return from
  throw new IndexError(`${op}: index ${shown(at)} is out of range for ${length} entries`)
}

/** What can be iterated. @internal */
export function iterable<T>(op: string, values: Iterable<T>): Iterable<T> {
  const canBe = typeof values?.[Symbol.iterator] === 'function' && !ArrayBuffer.isView(values)
  return canBe ? values : refuse(op, 'an iterable of modules', values)
}

/** Modules in a row, with the methods that both containers of them have. */
abstract class Row<M extends AnyModule, A extends unknown[], R> extends Module<A, R> {
  readonly [index: number]: M

  /** Number of modules. */
  override get length(): number {
    return this.members('module').length
  }

  protected get all(): M[] {
    return this.members('module').map(([, module]) => module as unknown as M)
  }

  [Symbol.iterator](): IterableIterator<M> {
    return this.all[Symbol.iterator]()
  }

  /** The module at a position; negative ones count from the end. @throws IndexError out of range */
  at(index: number): M {
    return this.all[place(`${this.constructor.name}.at`, index, this.length)]!
  }

  /** Adds a module at the end and returns this one. */
  append(module: M): this {
    this.registerModule(nextName(this), module)
    return this
  }

  /** Adds modules at the end, one after the other, and returns this one. */
  extend(modules: Iterable<M>): this {
    for (const module of [...iterable(`${this.constructor.name}.extend`, modules)]) this.append(module)
    return this
  }

  /**
   * Puts a module before the one at a position, negative ones counting from the end, or at the end. All are named by
   * their positions then.
   */
  insert(index: number, module: M): this {
    const name = `${this.constructor.name}.insert`
    if (!(module instanceof Module)) refuse(name, 'a module', module)
    const all = this.all
    all.splice(index === all.length ? index : place(name, index, all.length), 0, module)
    become(this, all)
    return this
  }

  /** Takes the module at a position out and returns it; the others are named by their positions then. */
  pop(index: number): M {
    const all = this.all
    const [module] = all.splice(place(`${this.constructor.name}.pop`, index, all.length), 1)
    become(this, all)
    return module!
  }
}

/** The modules in the place of those that are there, named by their positions. */
function become(row: AnyModule, all: readonly AnyModule[]): void {
  for (const [name] of row.members('module')) Reflect.deleteProperty(row, name)
  for (const [i, module] of all.entries()) row.registerModule(String(i), module)
}

/**
 * Applies modules one after the other. PyTorch: torch.nn.Sequential.
 * @example new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
 * @example new nn.Sequential({ fc: new nn.Linear(784, 10), act: new nn.ReLU() })
 */
export class Sequential extends Row<Module, [x: Tensor], Tensor> {
  constructor(...modules: Module[] | [Record<string, Module> | ReadonlyMap<string, Module>])
  constructor(...modules: unknown[]) {
    super()
    for (const [name, module] of named(modules)) this.registerModule(name, module as Module)
  }

  /**
   * Some of the modules, under their names, as a Sequential.
   * @example new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU()).slice(0, -1).length // 1
   */
  slice(start: number, end?: number | EntriesOptions): Sequential {
    atMost('slice', 2, arguments.length)
    const entries = this.members('module').slice(...rangeOf('slice', start, end))
    return new Sequential(new Map(entries as unknown as [string, Module][]))
  }

  forward(x: Tensor): Tensor {
    let y = x
    for (const module of this.all) y = module(y)
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
export class ModuleList<M extends AnyModule = Module> extends Row<M, never[], never> {
  constructor(modules: Iterable<M> = []) {
    atMost('ModuleList', 1, arguments.length)
    super()
    for (const module of iterable('ModuleList', modules)) this.append(module)
  }

  /** Some of the modules as a list. */
  slice(start: number, end?: number | EntriesOptions): ModuleList<M> {
    atMost('slice', 2, arguments.length)
    return new ModuleList(this.all.slice(...rangeOf('slice', start, end)))
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

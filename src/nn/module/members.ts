// What a module consists of: the fields that are parameters, buffers and modules, their names, and their order. Found
// by looking through the fields whenever they are asked for, so that plain assignment registers them.
import { ArgumentError } from '../../errors.ts'
import { atMost, flag, Options, refuse, Tensor } from '../../tensor/index.ts'
import { Callable } from './callable.ts'
import type { AnyModule } from './module.ts'
import { isIndex, Order } from './order.ts'
import { Parameter } from './parameter.ts'
import { warnOfUnregistered } from './unregistered.ts'

/** Options of `registerBuffer`. */
export interface BufferOptions {
  /** Save it in state dicts, default true. */
  persistent?: boolean
}

/** Options of `parameters`, `buffers` and their named forms. */
export interface MembersOptions {
  /** Also those of submodules, default true. */
  recurse?: boolean
}

/** Options of `setSubmodule`. */
export interface SetSubmoduleOptions {
  /** Whether there must be a module to replace, default false. */
  strict?: boolean
}

const submoduleOptions = new Options<SetSubmoduleOptions>({ strict: true })
const bufferOptions = new Options<BufferOptions>({ persistent: true })
const membersOptions = new Options<MembersOptions>({ recurse: true })

const expectedMembers = {
  Parameter: 'a parameter or null',
  Buffer: 'a tensor or null',
  Module: 'a module',
}

/** A module as far as its members go. @internal */
export abstract class Members<A extends unknown[], R> extends Callable<A, R> {
  /** Whether the module is in training mode; set it with `train()` and `eval()`. */
  training = true
  readonly #buffers = new Map<string, boolean>()
  /** Kept once a name is an integer. */
  #order: Order | null = null
  #examined = false

  #set(kind: 'Parameter' | 'Buffer' | 'Module', name: string, value: unknown, fits: boolean): void {
    if (typeof name !== 'string') refuse(`${this.constructor.name}.register${kind}`, 'a name in quotes', name)
    if (!fits) refuse(`${this.constructor.name}.register${kind}`, expectedMembers[kind], value)
    if (name === '' || name.includes('.'))
      throw new ArgumentError(`${kind.toLowerCase()} name can't be empty or contain "."`)
    if (name in this && !Object.hasOwn(this, name)) throw new ArgumentError(`attribute '${name}' already exists`)
    if (isIndex(name)) this.#order ??= new Order()
    this.#order?.add(this, name)
    if (kind !== 'Buffer') this.#buffers.delete(name)
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
    this.#set('Module', name, module, module instanceof Callable)
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
      if (kind === 'module') return value instanceof Callable
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
      if (!(value instanceof Parameter || value instanceof Callable)) continue
      throw new ArgumentError(
        `${this.constructor.name}: the place of field '${name}' among the others is not known, since JavaScript puts ` +
          `integers first; write this.register${value instanceof Callable ? 'Module' : 'Parameter'}('${name}', …)`,
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
      : ([['', this]] as unknown as [string, AnyModule][])) {
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
      warnOfUnregistered(this as unknown as AnyModule)
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
    visit(this as unknown as AnyModule, '')
    return Array.from(found, ([module, prefix]) => [prefix, module])
  }

  /** This module and all below it, each once. */
  modules(): AnyModule[] {
    return this.namedModules().map(([, module]) => module)
  }

  /**
   * The module below this one by its path, such as `'encoder.layers.0'`; `''` is this one. PyTorch: get_submodule.
   * @throws ArgumentError when a part of it is no module
   */
  getSubmodule(target: string): AnyModule {
    let module = this as unknown as AnyModule
    for (const name of target === '' ? [] : target.split('.')) {
      const child = attribute(module, name)
      if (!(child instanceof Callable)) throw new ArgumentError(`\`${name}\` is not an nn.Module`)
      module = child as AnyModule
    }
    return module
  }

  /** Puts a module in the place of the one with that path. PyTorch: set_submodule. @throws ArgumentError */
  setSubmodule(target: string, module: AnyModule, strict?: boolean | SetSubmoduleOptions): void {
    atMost('setSubmodule', 3, arguments.length)
    const { strict: exact = false } = submoduleOptions.readFirst('setSubmodule', strict)
    if (target === '') throw new ArgumentError('Cannot set the submodule without a target name!')
    if (!(module instanceof Callable)) refuse('setSubmodule', 'a module', module)
    const [path, name] = parted(target)
    const parent = this.getSubmodule(path)
    if (flag('setSubmodule: strict', exact) || name in parent) {
      if (!(attribute(parent, name) instanceof Callable)) throw new ArgumentError(`\`${name}\` is not an nn.Module`)
    }
    parent.registerModule(name, module)
  }

  /** The parameter with that path. PyTorch: get_parameter. @throws ArgumentError when there is none */
  getParameter(target: string): Parameter {
    const [path, name] = parted(target)
    const found = attribute(this.getSubmodule(path), name)
    return found instanceof Parameter ? found : fail(`\`${name}\` is not an nn.Parameter`)
  }

  /** The buffer with that path. PyTorch: get_buffer. @throws ArgumentError when there is none */
  getBuffer(target: string): Tensor {
    const [path, name] = parted(target)
    const module = this.getSubmodule(path)
    attribute(module, name)
    const found = module.members('buffer').find(([known]) => known === name)
    return found?.[1] ?? fail(`\`${name}\` is not a buffer`)
  }
}

function fail(text: string): never {
  throw new ArgumentError(text)
}

/** What stands before the last point, and behind it. */
function parted(path: string): [before: string, name: string] {
  const at = path.lastIndexOf('.')
  return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)]
}

function attribute(module: AnyModule, name: string): unknown {
  return name in module ? Reflect.get(module, name) : fail(`${module.constructor.name} has no attribute \`${name}\``)
}

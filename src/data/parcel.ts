// Values on their way between the main thread and a worker. Tensors keep their storage, which both threads then share.
// Functions and classes go by module and name (definitions.ts), objects property by property, or as
// `new Class(...object.toWorker())`. The rest is copied as structuredClone does it. Objects that occur twice, in cycles
// too, are one object again on the other side.
import { types } from 'node:util'
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { deeper, Generator, isPlainObject, kindOf, Tensor, wrap } from '../tensor/index.ts'
import { type Definition, definitionOf } from './definitions.ts'
import type { ToWorker } from './worker-info.ts'

/** A value as threads send it: what is not a primitive is an array that says what it is. */
type Node = unknown

/** What can be posted, once its tensors have been given. */
export interface Parcel {
  readonly value: Node
  readonly definitions: readonly Definition[]
  readonly tensors: readonly Tensor[]
}

/** What is posted. */
export interface Posted {
  readonly value: Node
  readonly definitions: readonly Definition[]
  /** The numbers under which the native core keeps the tensors. */
  readonly tensors: readonly number[]
}

/** To or from this worker thread. */
export function give({ value, definitions, tensors }: Parcel, thread: number): Posted {
  return { value, definitions, tensors: tensors.map(x => native.give(x.handle, thread)) }
}

/** Frees the tensors of what nobody will unpack. */
export function discard({ tensors }: Posted): void {
  for (const number of tensors) native.dispose(native.takeGiven(number))
}

type Path = (string | number)[]
type AnyFunction = (...args: unknown[]) => unknown

function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

class Packer {
  readonly definitions: Definition[] = []
  readonly tensors: Tensor[] = []
  readonly #dataOnly: boolean
  readonly #indices = new Map<unknown, number>()
  readonly #nodes = new Map<object, Node[]>()

  constructor(dataOnly: boolean) {
    this.#dataOnly = dataOnly
  }

  node(value: unknown, path: Path): Node {
    deeper('DataLoader: a value', path.length)
    if (typeof value === 'symbol') fail(path, value, 'symbols cannot be sent')
    // An object that can be called has a class instead of Function.
    if (value instanceof Function) return ['function', this.#defined(value as AnyFunction, value, path)]
    if (!isObject(value)) return value
    const known = this.#nodes.get(value)
    if (known !== undefined) return known
    const node: Node[] = []
    this.#nodes.set(value, node)
    node.push(...this.#parts(value, path))
    return node
  }

  #parts(value: object, path: Path): Node[] {
    if (value instanceof Tensor) return this.#tensor(value, path)
    if (value instanceof Generator) return ['generator', value.handle === null ? null : value.getState()]
    if (Array.isArray(value)) return ['array', value.map((item, i) => this.node(item, [...path, i]))]
    if (isPlainObject(value)) return ['object', this.#entries(value, path)]
    if (types.isMap(value)) return ['map', this.node([...value], path)]
    if (types.isSet(value)) return ['set', this.node([...value], path)]
    if (types.isTypedArray(value)) return ['copy', compact(value)]
    if (isCopied(value)) return ['copy', value]
    if (this.#dataOnly) fail(path, value, 'a batch is made of tensors, arrays, maps, plain objects and simple values')
    return this.#instance(value, path)
  }

  #entries(value: object, path: Path): Node[] {
    return Object.entries(value).map(([key, item]) => [key, this.node(item, [...path, key])])
  }

  #tensor(x: Tensor, path: Path): Node[] {
    if (x.isCuda) fail(path, x, `it is on ${x.device}; keep it on the CPU and move the batch in the main thread`)
    if (!x.isLeaf) fail(path, x, 'it has a history of gradients; send x.detach()')
    return ['tensor', this.tensors.push(x) - 1, x.requiresGrad]
  }

  #instance(value: object, path: Path): Node[] {
    const type: unknown = Object.getPrototypeOf(value).constructor
    if (typeof type !== 'function') fail(path, value, 'it is of no class')
    const index = this.#defined(type as AnyFunction, value, path)
    const { toWorker } = value as Partial<ToWorker>
    if (typeof toWorker === 'function') return ['made', index, this.node([...toWorker.call(value)], path)]
    for (let level = type; typeof level === 'function'; level = Object.getPrototypeOf(level)) {
      const [, member] = /\bthis\.(#[\w$]+)/.exec(Function.prototype.toString.call(level)) ?? []
      if (member === undefined) continue
      fail(path, value, `${member} is private: give the class a method toWorker() that returns constructor arguments`)
    }
    return [typeof value === 'function' ? 'callable' : 'instance', index, this.#entries(value, path)]
  }

  #defined(fn: AnyFunction, value: unknown, path: Path): number {
    let index = this.#indices.get(fn)
    if (index !== undefined) return index
    if (this.#dataOnly) fail(path, value, 'a batch is made of tensors, arrays, maps, plain objects and simple values')
    const definition = definitionOf(fn)
    if (typeof definition === 'string') fail(path, value, definition)
    index = this.definitions.push(definition) - 1
    this.#indices.set(fn, index)
    return index
  }
}

/** structuredClone copies all of a buffer, whatever part of it an array shows. */
function compact(array: NodeJS.TypedArray): NodeJS.TypedArray {
  const isWhole = array.byteLength === array.buffer.byteLength || types.isSharedArrayBuffer(array.buffer)
  return isWhole ? array : (Uint8Array.prototype.slice.call(array) as NodeJS.TypedArray)
}

function isCopied(value: object): boolean {
  return (
    types.isDataView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isNativeError(value) ||
    types.isBoxedPrimitive(value)
  )
}

function fail(path: Path, value: unknown, why: string): never {
  const [first, ...rest] = path
  const where = first + rest.map(key => (/^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${key}` : `[${key}]`)).join('')
  const name = typeof value === 'function' && value.name ? ` '${value.name}'` : ''
  throw new ArgumentError(`DataLoader: ${where}, ${kindOf(value)}${name}, cannot go to another thread: ${why}`)
}

/** The values by name, which errors begin with. `dataOnly`: without functions and classes. @throws ArgumentError */
export function pack(values: object, { dataOnly = false } = {}): Parcel {
  const packer = new Packer(dataOnly)
  const node = packer.node(values, [])
  return { value: node, definitions: packer.definitions, tensors: packer.tensors }
}

type Class = new (...args: unknown[]) => object

/** The value in a parcel; `functions` are those of its definitions. */
export function unpack({ value, tensors }: Posted, functions: readonly unknown[] = []): unknown {
  const handles = tensors.map(number => wrap(native.takeGiven(number)))
  const values = new Map<Node, unknown>()
  return restored(value)

  function restored(node: Node): unknown {
    if (!Array.isArray(node)) return node
    if (values.has(node)) return values.get(node)
    const [kind, first, second] = node
    const keep = <T>(made: T): T => {
      values.set(node, made)
      return made
    }
    switch (kind) {
      case 'tensor':
        return keep(second ? handles[first]!.requiresGrad_() : handles[first]!)
      case 'generator':
        return keep(first === null ? new Generator(null) : new Generator().setState(first))
      case 'function':
        return functions[first]
      case 'array': {
        const array: unknown[] = keep([])
        for (const item of first) array.push(restored(item))
        return array
      }
      case 'object':
        return filled(keep({}), first)
      case 'instance':
        return filled(keep(Object.create((functions[first] as Class).prototype)), second)
      case 'callable':
        return filled(keep(callable((functions[first] as Class).prototype)), second)
      case 'made':
        return keep(new (functions[first] as Class)(...(restored(second) as unknown[])))
      case 'map': {
        const map = keep(new Map<unknown, unknown>())
        for (const [key, item] of restored(first) as [unknown, unknown][]) map.set(key, item)
        return map
      }
      case 'set': {
        const set = keep(new Set<unknown>())
        for (const item of restored(first) as unknown[]) set.add(item)
        return set
      }
      default:
        return first
    }
  }

  function filled(object: object, entries: [string, Node][]): object {
    for (const [key, item] of entries) Object.defineProperty(object, key, { ...data, value: restored(item) })
    return object
  }
}

/** An object that is called like a function; the call goes to its `invoke`, as in nn/module/callable.ts. */
function callable(prototype: object): object {
  const self = (...args: unknown[]): unknown => (self as unknown as { invoke: AnyFunction }).invoke(...args)
  Reflect.deleteProperty(self, 'name')
  Reflect.deleteProperty(self, 'length')
  return Object.setPrototypeOf(self, prototype)
}

const data = { configurable: true, enumerable: true, writable: true }

// Modules and parameters by names, so that they are registered; the name is the field's. Parameters in a list, too:
// beside parameters these may hold anything.
import { ArgumentError, IndexError } from '../../errors.ts'
import { atMost, kindOf, shown, Tensor } from '../../tensor/index.ts'
import { type EntriesOptions, iterable, type Named, pairs, place, rangeOf } from './container.ts'
import { type AnyModule, Module } from './module.ts'
import { Parameter } from './parameter.ts'

/** Values under names of their own. */
abstract class Dictionary<V> extends Module<never[], never> {
  /** Registers a value under its name. */
  abstract set(key: string, value: V): this

  /** The names, in order. */
  abstract keys(): string[]

  /** Forgets a name. */
  protected abstract forget(key: string): void

  has(key: string): boolean {
    return this.keys().includes(key)
  }

  /** The value under a name. @throws IndexError when there is none */
  get(key: string): V {
    if (this.has(key)) return Reflect.get(this, key) as V
    throw new IndexError(`${this.constructor.name}: there is no '${shown(key)}'`)
  }

  /** Takes the value under a name out and returns it. @throws IndexError when there is none */
  pop(key: string): V {
    const value = this.get(key)
    this.forget(key)
    Reflect.deleteProperty(this, key)
    return value
  }

  clear(): void {
    for (const key of this.keys()) this.pop(key)
  }

  /** Puts in all that an object, a Map, or pairs hold, in their order. */
  update(values: Named<V>): this {
    for (const [key, value] of pairs(this.constructor.name, values)) this.set(key, value)
    return this
  }

  /** Number of values. */
  override get length(): number {
    return this.keys().length
  }

  values(): V[] {
    return this.keys().map(key => this.get(key))
  }

  items(): [string, V][] {
    return this.keys().map(key => [key, this.get(key)])
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys()[Symbol.iterator]()
  }

  forward(): never {
    throw new ArgumentError(`${this.constructor.name} has no forward: call what it holds`)
  }
}

/**
 * Holds modules by names. PyTorch: torch.nn.ModuleDict.
 * @example
 * const heads = new nn.ModuleDict({ digit: new nn.Linear(8, 10), parity: new nn.Linear(8, 2) })
 * heads.get('parity')(randn(3, 8)).shape // [3, 2]
 */
export class ModuleDict<M extends AnyModule = Module> extends Dictionary<M> {
  constructor(modules: Named<M> = {}) {
    atMost('ModuleDict', 1, arguments.length)
    super()
    this.update(modules)
  }

  /** Puts a module under a name, in the place of one that is there. */
  set(key: string, module: M): this {
    this.registerModule(key, module)
    return this
  }

  keys(): string[] {
    return this.members('module').map(([key]) => key)
  }

  protected forget(): void {}
}

/** Makes a tensor a parameter of the module, anything else a field. */
function hold(module: AnyModule, key: string, value: unknown): void {
  if (value instanceof Tensor) module.registerParameter(key, value instanceof Parameter ? value : new Parameter(value))
  else Reflect.set(module, key, value)
}

/** A value as PyTorch prints it; `typeName` is that of a tensor. */
function described(key: string | number, value: unknown, typeName: (x: Tensor) => string): string {
  if (!(value instanceof Tensor)) return `  (${key}): Object of type: ${kindOf(value).replace(/^an? /, '')}`
  const device = value.isCuda ? ` (${value.device})` : ''
  return `  (${key}): Parameter containing: [${typeName(value)} of size ${value.shape.join('x')}${device}]`
}

/** PyTorch's names of tensor types. */
const typeNames: Partial<Record<string, string>> = {
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  float16: 'HalfTensor',
  bfloat16: 'BFloat16Tensor',
}

/**
 * Holds parameters by names; tensors become parameters, and other values are kept as they are. PyTorch:
 * torch.nn.ParameterDict.
 * @example new nn.ParameterDict({ left: randn(5, 10), right: randn(5, 10) }).get('left').shape // [5, 10]
 */
export class ParameterDict<V = Parameter> extends Dictionary<V> {
  /** As PyTorch calls it. */
  readonly _keys: string[] = []

  constructor(parameters: Named<V | Tensor> = {}) {
    atMost('ParameterDict', 1, arguments.length)
    super()
    this.update(parameters as Named<V>)
  }

  /** Puts a value under a name, in the place of one that is there. */
  set(key: string, value: V | Tensor): this {
    hold(this, key, value)
    if (!this._keys.includes(key)) this._keys.push(key)
    return this
  }

  keys(): string[] {
    return [...this._keys]
  }

  protected forget(key: string): void {
    this._keys.splice(this._keys.indexOf(key), 1)
  }

  override extraRepr(): string {
    const name = (x: Tensor) => `torch.${x.isCuda ? 'cuda.' : ''}${typeNames[x.dtype]}`
    return this.items()
      .map(([key, value]) => described(key, value, name))
      .join('\n')
  }
}

/**
 * Holds parameters in a list; tensors become parameters, and other values are kept as they are. PyTorch:
 * torch.nn.ParameterList.
 * @example new nn.ParameterList([randn(2, 2), randn(3)]).length // 2
 */
export class ParameterList<V = Parameter> extends Module<never[], never> {
  readonly [index: number]: V
  /** As PyTorch calls it. */
  _size = 0

  constructor(values: Iterable<V | Tensor> = []) {
    atMost('ParameterList', 1, arguments.length)
    super()
    this.extend(values)
  }

  /** Number of values. */
  override get length(): number {
    return this._size
  }

  [Symbol.iterator](): IterableIterator<V> {
    return Array.from({ length: this._size }, (_, i) => this[i] as V)[Symbol.iterator]()
  }

  /** The value at a position; negative ones count from the end. @throws IndexError out of range */
  at(index: number): V {
    return this[place('ParameterList.at', index, this._size)] as V
  }

  /** Puts a value at the place of another. @throws IndexError out of range */
  set(index: number, value: V | Tensor): this {
    hold(this, String(place('ParameterList.set', index, this._size)), value)
    return this
  }

  /** Adds a value at the end and returns this list. */
  append(value: V | Tensor): this {
    hold(this, String(this._size), value)
    this._size++
    return this
  }

  /** Adds values at the end, one after the other, and returns this list. */
  extend(values: Iterable<V | Tensor>): this {
    for (const value of [...iterable('ParameterList', values)]) this.append(value)
    return this
  }

  /** Some of the values as a list. */
  slice(start: number, end?: number | EntriesOptions): ParameterList<V> {
    atMost('slice', 2, arguments.length)
    return new ParameterList<V>([...this].slice(...rangeOf('slice', start, end)))
  }

  forward(): never {
    throw new ArgumentError('ParameterList has no forward: use its parameters')
  }

  override extraRepr(): string {
    return [...this].map((value, i) => described(i, value, x => `torch.${x.dtype}`)).join('\n')
  }
}

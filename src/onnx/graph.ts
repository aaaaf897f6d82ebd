// The graph as it grows: operators with names, weights and other constants once each, and sizes that are computed when
// the model runs.
import { UnsupportedError } from '../errors.ts'
import { type DType, tensor } from '../tensor/index.ts'
import type { Axis } from './axes.ts'
import { type Num, numberOf, type Value, Varying } from './merge.ts'
import { type Initializer, type OnnxNode, typeCode } from './model.ts'
import { type Layer, labelOf } from './trace.ts'

/** What an op takes: a value, or a number. */
export type Operand = Value | Num | boolean

export const isValue = (x: unknown): x is Value => typeof x === 'object' && x !== null && 'source' in x

export class Graph {
  readonly nodes: OnnxNode[] = []
  readonly initializers: Initializer[] = []
  /** The call that is being translated: its layer, and what it calls. */
  #layer: Layer = { path: '', type: '' }
  #op = ''
  readonly #axes: readonly Axis[]
  /** The names of computed values, by their numbers. */
  readonly #names: string[] = []
  readonly #constants = new Map<unknown, string>()
  readonly #taken = new Set<string>()
  readonly #outputs = new Set<string>()

  constructor(axes: readonly Axis[]) {
    this.#axes = axes
  }

  /** Operators from now on are those of this call. */
  at({ layer, op }: { layer: Layer; op: string }): void {
    this.#layer = layer
    this.#op = op
  }

  /** Says that the value of that number has this name from now on. */
  bind(value: Value, name: string): void {
    this.#names[value.source as number] = name
  }

  /** A name that nothing else has. */
  free(name: string): string {
    let found = name
    for (let i = 1; this.#taken.has(found); i++) found = `${name}_${i}`
    this.#taken.add(found)
    return found
  }

  /** The name of a value, whose node is added if it is a constant. */
  nameOf(value: Value): string {
    const { source, dtype } = value
    if (typeof source === 'number') return this.#names[source]!
    const { data } = source
    if (typeof data === 'number' || data instanceof Varying) {
      return this.node('Expand', [this.number(data, dtype), this.sizes(value.shape)])
    }
    return this.#constant(data, () => {
      const name = this.free(source.name ?? 'constant')
      this.initializers.push({ name, dtype, shape: data.shape, data: data.toTypedArray() })
      return name
    })
  }

  #constant(key: unknown, make: () => string): string {
    const known = this.#constants.get(key)
    if (known !== undefined) return known
    const name = make()
    this.#constants.set(key, name)
    return name
  }

  /** Adds an operator of one result and gives the name of that. */
  node(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): string {
    return this.nodeOf(1, op, inputs, attributes)[0]!
  }

  /** The same for an operator of so many results. */
  nodeOf(count: number, op: string, inputs: readonly string[], attributes: OnnxNode['attributes']): string[] {
    const { path } = this.#layer
    const name = this.free(`${path === '' ? '' : `/${path.replaceAll('.', '/')}`}/${op}`)
    const outputs = Array.from({ length: count }, (_, i) => this.free(`${name}_output_${i}`))
    this.nodes.push({ name, op, inputs, outputs, attributes })
    return outputs
  }

  /** Integers as a tensor of one dimension, or none. */
  integers(values: readonly number[] | number): string {
    return this.#constant(`integers ${JSON.stringify(values)}`, () => {
      const list = typeof values === 'number' ? [values] : values
      const shape = typeof values === 'number' ? [] : [values.length]
      const name = this.free('constant')
      this.initializers.push({ name, dtype: 'int64', shape, data: BigInt64Array.from(list, BigInt) })
      return name
    })
  }

  /** A number as a tensor without dimensions. */
  number(value: Num, dtype: DType): string {
    if (value instanceof Varying) {
      const size = this.node('Squeeze', [this.#size(value)])
      return this.node('Cast', [size], { to: typeCode(dtype) })
    }
    return this.#constant(`${dtype} ${Object.is(value, -0) ? '-0' : value}`, () => {
      const name = this.free('constant')
      this.initializers.push({ name, dtype, shape: [], data: tensor(value, { dtype }).toTypedArray() })
      return name
    })
  }

  /** The name of an operand, cast to a dtype. */
  as(x: Operand, dtype: DType): string {
    if (!isValue(x)) return this.number(typeof x === 'boolean' ? Number(x) : x, dtype)
    return this.cast(this.nameOf(x), x.dtype, dtype)
  }

  cast(name: string, from: DType, to: DType): string {
    return from === to ? name : this.node('Cast', [name], { to: typeCode(to) })
  }

  /** Sizes as a tensor of one dimension. */
  sizes(sizes: readonly Num[]): string {
    if (sizes.every(size => typeof size === 'number')) return this.integers(sizes)
    const parts = sizes.map(size => (typeof size === 'number' ? this.integers([size]) : this.#size(size)))
    return parts.length === 1 ? parts[0]! : this.node('Concat', parts, { axis: 0 })
  }

  /** A number that no size of an input may change. @throws UnsupportedError */
  fixed(value: Num): number {
    if (typeof value === 'number') return value
    return this.fail(`an argument of ${this.#op} depends on the sizes of the inputs`)
  }

  /** A dimension counted from the start. */
  dim(dim: Num, shape: readonly Num[]): number {
    const at = this.fixed(dim)
    return at < 0 ? at + shape.length : at
  }

  /** The dimension that always has this size, if there is one. */
  axis(size: Num): Axis | undefined {
    return this.#axes.find(({ values }) => size instanceof Varying && sameNumbers(size.values, values))
  }

  /** A size that varies, as a tensor of one element. */
  #size(size: Varying): string {
    return this.#constant(`size ${size.values.join()}`, () => {
      const [base] = size.values as [number]
      const moved = this.#axes.filter((_, i) => size.values[1 + 2 * i] !== base || size.values[2 + 2 * i] !== base)
      const [axis] = moved as [Axis]
      const at = 1 + 2 * this.#axes.indexOf(axis)
      const factor = (size.values[at]! - base) / (axis.values[at]! - axis.values[0]!)
      const summand = base - factor * axis.values[0]!
      const fits = axis.values.every((value, i) => value * factor + summand === size.values[i])
      if (moved.length !== 1 || !fits || !Number.isInteger(factor) || !Number.isInteger(summand)) {
        const names = moved.map(({ name }) => `'${name}'`).join(' and ')
        return this.fail(`a size or number depends on ${names}, and is no whole multiple of it plus a whole number`)
      }
      const [{ input, dim }] = axis.places as [Axis['places'][0]]
      const shape = this.node('Shape', [input], { start: dim, end: dim + 1 })
      const scaled = factor === 1 ? shape : this.node('Mul', [shape, this.integers([factor])])
      return summand === 0 ? scaled : this.node('Add', [scaled, this.integers([summand])])
    })
  }

  /** Gives the name of an output to the value that it is. */
  output(value: Value, name: string): void {
    const made = this.nameOf(value)
    const isFree = !this.#outputs.has(made) && this.nodes.some(({ outputs }) => outputs.includes(made))
    this.#outputs.add(name)
    if (!isFree) {
      // An input, a weight, or what has another output's name.
      this.nodes.push({ name: this.free('/Identity'), op: 'Identity', inputs: [made], outputs: [name], attributes: {} })
      return
    }
    const renamed = (names: readonly string[]) => names.map(it => (it === made ? name : it))
    for (const node of this.nodes) Object.assign(node, { inputs: renamed(node.inputs), outputs: renamed(node.outputs) })
    for (const [i, it] of this.#names.entries()) if (it === made) this.#names[i] = name
  }

  /** The operators and constants that these outputs are computed from. */
  needed(outputs: readonly string[]): { nodes: OnnxNode[]; initializers: Initializer[] } {
    const wanted = new Set(outputs)
    const nodes = this.nodes.toReversed().filter(node => {
      const isWanted = node.outputs.some(name => wanted.has(name))
      if (isWanted) for (const name of node.inputs) wanted.add(name)
      return isWanted
    })
    return { nodes: nodes.reverse(), initializers: this.initializers.filter(({ name }) => wanted.has(name)) }
  }

  /** @throws UnsupportedError naming the layer */
  fail(why: string): never {
    throw new UnsupportedError(`exportOnnx: ${labelOf(this.#layer)}: ${why}`)
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, i) => value === b[i])
}

/** Whether two sizes are the same, whatever the inputs are. */
export function sameSize(a: Num, b: Num): boolean {
  return a instanceof Varying ? b instanceof Varying && sameNumbers(a.values, b.values) : a === b
}

/** The product of sizes. */
export function product(sizes: readonly Num[]): Num {
  const count = sizes.find(size => size instanceof Varying)?.values.length ?? 1
  const at = (i: number) =>
    sizes.reduce<number>((all, size) => all * (size instanceof Varying ? size.values[i]! : size), 1)
  return numberOf(Array.from({ length: count }, (_, i) => at(i)))
}

// A second implementation of tensors, to compare with: strided views over storages, as PyTorch has them, where each
// element of a storage is a node of a graph of numbers. An op makes a node for each element it computes, and a change
// in place puts new nodes into the storage, where all views see them. So gradients through views and changes in place
// need no rules of their own: they go back over the nodes. float64; nothing depends on booleans and positions.

/** The graph of all numbers of a program; a node stands behind its parents. */
export class Tape {
  readonly values: number[] = []
  readonly #parents: (readonly number[])[] = []
  readonly #slopes: (readonly number[])[] = []

  /** A number with its derivatives by the numbers that it was computed from. */
  node(value: number, parents: readonly number[] = [], slopes: readonly number[] = []): number {
    this.#parents.push(parents)
    this.#slopes.push(slopes)
    return this.values.push(value) - 1
  }

  /**
   * Whether it is certain which of two numbers is larger, or that they are equal. Numbers that were computed are known
   * up to rounding, which may differ from one element to the next of the same value.
   */
  isCertain(a: number, b: number): boolean {
    const isGiven = (node: number) => this.#parents[node]!.length === 0
    if (a === b || (isGiven(a) && isGiven(b))) return true
    const [x, y] = [this.values[a]!, this.values[b]!]
    return Math.abs(x - y) > 1e-9 * Math.max(1, Math.abs(x))
  }

  /** The derivatives by every node of a sum of nodes, each times a weight. */
  gradients(nodes: readonly number[], weights: readonly number[]): Float64Array {
    const gradients = new Float64Array(this.values.length)
    for (const [i, node] of nodes.entries()) gradients[node]! += weights[i]!
    for (let node = gradients.length - 1; node >= 0; node--) {
      if (gradients[node] === 0) continue
      for (const [i, parent] of this.#parents[node]!.entries())
        gradients[parent]! += gradients[node]! * this.#slopes[node]![i]!
    }
    return gradients
  }
}

export type Kind = 'float64' | 'bool' | 'int64'

export const product = (shape: readonly number[]) => shape.reduce((all, size) => all * size, 1)

/** Strides of elements that lie densely in row-major order. */
export function dense(shape: readonly number[]): number[] {
  return shape.map((_, dim) => product(shape.slice(dim + 1)))
}

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  const ndim = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let i = 1; i <= ndim; i++) {
    const [m, n] = [a[a.length - i] ?? 1, b[b.length - i] ?? 1]
    if (m !== n && m !== 1 && n !== 1) return undefined
    shape.unshift(m === 1 ? n : m)
  }
  return shape
}

/**
 * Dense strides in the order in which the operands of an elementwise op, broadcast to its shape, lie in memory, as
 * PyTorch's TensorIterator finds it. The first operand that tells two dimensions apart decides which is the inner one.
 */
function layoutOf(shape: readonly number[], operands: readonly Reference[]): number[] {
  const before = (a: number, b: number) => {
    for (const { strides } of operands) {
      const [m, n] = [strides[a]!, strides[b]!]
      if (m === 0 || n === 0) continue
      if (m !== n) return m - n
      if (shape[a]! > shape[b]!) return 1
    }
    return 0
  }
  const order = [...shape.keys()].reverse() // the innermost first
  for (let i = 1; i < order.length; i++) {
    for (let at = i, j = i - 1; j >= 0; j--) {
      const compared = before(order[j]!, order[at]!)
      if (compared < 0) break
      if (compared === 0) continue
      ;[order[j], order[at]] = [order[at]!, order[j]!]
      at = j
    }
  }
  const strides = shape.map(() => 1)
  for (let step = 1, i = 0; i < order.length; step *= shape[order[i++]!]!) strides[order[i]!] = step
  return strides
}

/** A view of a storage. */
export class Reference {
  constructor(
    readonly tape: Tape,
    readonly storage: { nodes: number[]; readonly isLeaf: boolean },
    readonly shape: readonly number[],
    readonly strides: readonly number[],
    readonly offset: number,
    readonly kind: Kind,
  ) {}

  static of(tape: Tape, shape: readonly number[], nodes: number[], kind: Kind = 'float64', isLeaf = false): Reference {
    return new Reference(tape, { nodes, isLeaf }, shape, dense(shape), 0, kind)
  }

  static constants(tape: Tape, shape: readonly number[], values: readonly number[], kind: Kind): Reference {
    const nodes = values.map(value => tape.node(value))
    return Reference.of(tape, shape, nodes, kind)
  }

  get ndim(): number {
    return this.shape.length
  }

  /** Where the elements are in the storage, in row-major order. */
  places(): number[] {
    let places = [this.offset]
    for (const [dim, size] of this.shape.entries())
      places = places.flatMap(at => Array.from({ length: size }, (_, i) => at + i * this.strides[dim]!))
    return places
  }

  nodes(): number[] {
    return this.places().map(place => this.storage.nodes[place]!)
  }

  values(): number[] {
    return this.nodes().map(node => this.tape.values[node]!)
  }

  /** Another view of the storage. */
  view(shape: readonly number[], strides: readonly number[], offset = this.offset): Reference {
    return new Reference(this.tape, this.storage, shape, strides, offset, this.kind)
  }

  /** A new tensor of these nodes. */
  made(shape: readonly number[], nodes: number[], kind: Kind = 'float64'): Reference {
    return Reference.of(this.tape, shape, nodes, kind)
  }

  /** What an elementwise op makes of operands of its shape: a new tensor that lies in memory as they do. */
  computed(nodes: readonly number[], operands: readonly Reference[], kind: Kind = 'float64'): Reference {
    const { shape } = operands[0]!
    return this.made(shape, [...nodes], kind)
      .view(shape, layoutOf(shape, operands))
      .write(nodes)
  }

  /** Puts nodes into the storage. */
  write(nodes: readonly number[]): this {
    for (const [i, place] of this.places().entries()) this.storage.nodes[place] = nodes[i]!
    return this
  }

  /** Whether no two elements share a place, and no leaf would be changed. */
  isWritable(): boolean {
    return !this.storage.isLeaf && new Set(this.places()).size === product(this.shape)
  }

  expand(shape: readonly number[]): Reference {
    const more = shape.length - this.ndim
    const strides = shape.map((size, dim) =>
      dim < more || this.shape[dim - more] !== size ? 0 : this.strides[dim - more]!,
    )
    return this.view(shape, strides)
  }

  /** The view of another shape if there is one, else a copy, as PyTorch decides it. */
  reshape(shape: readonly number[]): Reference {
    const strides = stridesFor(this, shape)
    return strides === undefined ? this.made(shape, this.nodes(), this.kind) : this.view(shape, strides)
  }

  /** New elements by a function of a number and its derivative. */
  map(f: (x: number) => number, slope: (x: number) => number): Reference {
    const nodes = this.nodes().map(node => {
      const x = this.tape.values[node]!
      return this.tape.node(f(x), [node], [slope(x)])
    })
    return this.computed(nodes, [this])
  }

  /** New elements by a function of two numbers and its derivatives; shapes broadcast. */
  zip(
    other: Reference,
    f: (x: number, y: number) => number,
    slopes: (x: number, y: number) => [number, number],
  ): Reference {
    const shape = broadcastShape(this.shape, other.shape)!
    const operands = [this.expand(shape), other.expand(shape)]
    const [a, b] = operands.map(operand => operand.nodes()) as [number[], number[]]
    const nodes = a.map((node, i) => {
      const [x, y] = [this.tape.values[node]!, this.tape.values[b[i]!]!]
      return this.tape.node(f(x, y), [node, b[i]!], slopes(x, y))
    })
    return this.computed(nodes, operands)
  }

  /** Whether each pair of elements can be compared; shapes broadcast. */
  isComparable(other: Reference): boolean {
    const shape = broadcastShape(this.shape, other.shape)!
    const others = other.expand(shape).nodes()
    return this.expand(shape)
      .nodes()
      .every((node, i) => this.tape.isCertain(node, others[i]!))
  }

  /** New booleans by a comparison. */
  compare(other: Reference, f: (x: number, y: number) => boolean): Reference {
    const numbers = this.zip(
      other,
      (x, y) => Number(f(x, y)),
      () => [0, 0],
    )
    const nodes = numbers.values().map(value => this.tape.node(value))
    return this.computed(nodes, [numbers], 'bool')
  }

  /** The dimension in front, which `each` takes away, one slice of nodes after the other. */
  along(dim: number): { rest: number[]; lines: number[][] } {
    const rest = this.shape.filter((_, i) => i !== dim)
    const step = this.strides[dim]!
    const starts = this.view(
      rest,
      this.strides.filter((_, i) => i !== dim),
    ).places()
    const lines = starts.map(start =>
      Array.from({ length: this.shape[dim]! }, (_, i) => this.storage.nodes[start + i * step]!),
    )
    return { rest, lines }
  }

  /** A dimension reduced: each line of nodes to one node. */
  reduce(dim: number, keepdim: boolean, f: (line: number[]) => number): Reference {
    const { rest, lines } = this.along(dim)
    const shape = keepdim ? this.shape.map((size, i) => (i === dim ? 1 : size)) : rest
    return this.made(shape, lines.map(f))
  }

  sumOf(line: readonly number[], weight = 1): number {
    const value = line.reduce((sum, node) => sum + weight * this.tape.values[node]!, 0)
    return this.tape.node(
      value,
      line,
      line.map(() => weight),
    )
  }
}

/** PyTorch's computeStride: dimensions that lie next to each other are cut anew, others keep their borders. */
function stridesFor(x: Reference, shape: readonly number[]): number[] | undefined {
  if (x.ndim === 0) return shape.map(() => 1)
  if (product(x.shape) === 0) return product(shape) === 0 ? dense(shape) : undefined
  const strides = shape.map(() => 1)
  let view = shape.length - 1
  let [base, chunk, taken] = [x.strides.at(-1) ?? 1, 1, 1]
  for (let dim = x.ndim - 1; dim >= 0; dim--) {
    chunk *= x.shape[dim]!
    const isLast = dim === 0 || (x.shape[dim - 1] !== 1 && x.strides[dim - 1] !== chunk * base)
    if (!isLast) continue
    for (; view >= 0 && (taken < chunk || shape[view] === 1); view--) {
      strides[view] = taken * base
      taken *= shape[view]!
    }
    if (taken !== chunk) return undefined
    if (dim > 0) [base, chunk, taken] = [x.strides[dim - 1]!, 1, 1]
  }
  return view < 0 ? strides : undefined
}

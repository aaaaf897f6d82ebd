// The recorded graph as a picture, in the text of Graphviz: torchviz's make_dot, statement by statement and in its
// order, with numbers where torchviz has addresses. Gray: a recorded op. Light blue: a leaf. Green: the output. Orange:
// what an op has kept for its gradient. Formulas are closures, so what they keep is seen only by running them:
// `showSaved` and `showAttrs` compute the gradients once and drop them.
import { UnsupportedError } from '../errors.ts'
import { native } from '../native/load.ts'
import { atMost, flag, isPlainObject, type Node, Options, onesLike, refuse, Tensor, wrap } from '../tensor/index.ts'
import { drawPNG, writePicture } from './picture-file.ts'

/** Tensors by name: an object, a Map, or `model.namedParameters()`. */
export type NamedTensors = Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]>

/** Options of `makeDot`. */
export interface DotOptions {
  /** Names for the boxes of leaves. */
  params?: NamedTensors
  /** Show what ops have kept for their gradients beside tensors, such as dimensions and exponents; default false. */
  showAttrs?: boolean
  /** Show the tensors that ops have kept for their gradients, default false. */
  showSaved?: boolean
  /** With `showAttrs`: the longest text for one of them, default 50. */
  maxAttrChars?: number
}

const dotOptions = new Options<DotOptions>({
  params: true,
  showAttrs: true,
  showSaved: true,
  maxAttrChars: true,
})

/**
 * The graph that `backward` will walk, as a picture. PyTorch: torchviz.make_dot.
 * @throws ArgumentError for anything but tensors
 * @example await makeDot(loss, { params: model.namedParameters() }).render('loss.png')
 */
export function makeDot(outputs: Tensor | readonly Tensor[], options?: DotOptions): Dot {
  atMost('makeDot', 2, arguments.length)
  const given = dotOptions.read('makeDot', options)
  const { params = [], showAttrs = false, showSaved = false, maxAttrChars = 50 } = given
  const tensors = outputs instanceof Tensor ? [outputs] : outputs
  if (!Array.isArray(tensors)) refuse('makeDot', 'a tensor or an array of tensors', outputs)
  for (const x of tensors) if (!(x instanceof Tensor)) refuse('makeDot', 'a tensor', x)
  const writer = new Writer(namesOf(params))
  if (!Number.isSafeInteger(maxAttrChars)) refuse('makeDot: maxAttrChars', 'an integer', maxAttrChars)
  const [withTensors, withAttributes] = [flag('makeDot: showSaved', showSaved), flag('makeDot: showAttrs', showAttrs)]
  if (withTensors || withAttributes) {
    const [saved, attributes] = savedBy(tensors)
    if (withTensors) writer.saved = saved
    if (withAttributes) writer.attributes = attributes
  }
  writer.mostChars = Math.max(maxAttrChars, 3)
  for (const x of tensors) writer.output(x)
  return new Dot(writer.lines)
}

/** A graph in the text of Graphviz, made by `makeDot`. */
export class Dot {
  /** The text, which Graphviz's own programs read too. */
  readonly source: string

  /** @internal */
  constructor(lines: string[]) {
    const content = 0.15 * lines.length
    const side = content <= 12 ? '12' : Number.isInteger(content) ? `${content}.0` : content // as Python writes it
    this.source =
      `digraph {\n\tgraph [size="${side},${side}"]\n\tnode [align=left fontname=monospace fontsize=10 height=0.2 ` +
      `ranksep=0.1 shape=box style=filled]\n${lines.map(line => `\t${line}\n`).join('')}}\n`
  }

  /** The picture as SVG. @throws UnsupportedError for a graph that is too large to be laid out */
  async toSVG(): Promise<string> {
    const { instance } = await import('@viz-js/viz')
    const viz = await instance()
    // Boxes are as wide as their texts only in a font whose letters Graphviz knows the widths of.
    const measured = this.source.replace('fontname=monospace', 'fontname=Courier')
    try {
      const svg = viz.renderString(measured, { format: 'svg' })
      return svg.replaceAll('"Courier,monospace"', '"Courier,DejaVu Sans Mono,monospace"')
    } catch (cause) {
      const count = this.source.match(/\[label=/g)?.length ?? 0
      throw new UnsupportedError(
        `makeDot: the graph of ${count} nodes is too large to be laid out here; write a .dot file and use Graphviz's dot`,
        { cause },
      )
    }
  }

  /**
   * Writes the picture as an .svg or .png file, or the text as a .dot or .gv file.
   * @throws UnsupportedError for other endings
   */
  render(path: string): Promise<void> {
    if (typeof path !== 'string') refuse('render', 'the path of a file', path)
    return writePicture('render', path, {
      '.svg': () => this.toSVG(),
      '.png': async () => drawPNG('render', await this.toSVG(), 2),
      '.dot': () => this.source,
      '.gv': () => this.source,
    })
  }

  toString(): string {
    return this.source
  }
}

/** A name, and the text that Python has for its value. */
type Attribute = [name: string, text: string]

/** The statements, in the order in which torchviz makes them. */
class Writer {
  readonly lines: string[] = []
  saved: ReadonlyMap<number, readonly Tensor[]> = new Map()
  attributes: ReadonlyMap<number, readonly Attribute[]> = new Map()
  /** The longest text of an attribute. */
  mostChars = 0
  readonly #names: ReadonlyMap<number, string>
  /** The number of each node in the text, by its id. */
  readonly #numbers = new Map<number, number>()
  readonly #seen = new Set<number>()
  #count = 0

  constructor(names: ReadonlyMap<number, string>) {
    this.#names = names
  }

  output(x: Tensor): void {
    const { gradFn } = x
    const box = this.#count++
    this.#box(box, x, gradFn === null ? this.#nameOf(x) : '', 'darkolivegreen1')
    if (gradFn === null) return
    this.#walk(gradFn)
    this.#edge(this.#number(gradFn), box)
  }

  /** Depth first, without recursion: a graph may be longer than the stack. */
  #walk(root: Node): void {
    const stack: { node: Node; rest: Iterator<readonly [Node | null, number]> }[] = []
    const enter = (node: Node) => {
      if (this.#seen.has(node.id)) return
      this.#seen.add(node.id)
      this.#node(node)
      stack.push({ node, rest: node.nextFunctions[Symbol.iterator]() })
    }
    enter(root)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.rest.next()
      if (step.done) stack.pop()
      else if (step.value[0] !== null) {
        this.#edge(this.#number(step.value[0]), this.#number(top.node))
        enter(step.value[0])
      }
    }
  }

  #node(node: Node): void {
    const number = this.#number(node)
    for (const x of this.saved.get(node.id) ?? []) {
      const box = this.#count++
      this.lines.push(`${number} -> ${box} [dir=none]`)
      this.#box(box, x, this.#nameOf(x), 'orange')
    }
    const { variable } = node
    if (variable !== null) {
      const box = this.#count++
      this.#box(box, variable, this.#names.get(node.id) ?? '', 'lightblue')
      this.#edge(box, number)
    }
    const attributes = this.attributes.get(node.id)
    this.lines.push(`${number} [label=${attributes === undefined ? node.name : this.#table(node.name, attributes)}]`)
  }

  /** The name of a node above its attributes, each in a line. */
  #table(name: string, attributes: readonly Attribute[]): string {
    const rows = attributes.map(([key, text]) => [
      key,
      text.length > this.mostChars ? `${text.slice(0, this.mostChars - 3)}...` : text,
    ])
    const [left, right] = [0, 1].map(column => Math.max(...rows.map(row => row[column]!.length))) as [number, number]
    const line = '-'.repeat(Math.max(left + right + 2, name.length))
    return `"${[name, line, ...rows.map(([key, text]) => `${key!.padEnd(left)}: ${text!.padStart(right)}`)].join('\n')}"`
  }

  #nameOf(x: Tensor): string {
    const node = native.gradientNode(x.handle)
    return node === null || !x.isLeaf ? '' : (this.#names.get(native.nodeId(node)) ?? '')
  }

  #box(number: number, x: Tensor, name: string, color: string): void {
    const text = name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
    this.lines.push(`${number} [label="${text}\n (${x.shape.join(', ')})" fillcolor=${color}]`)
  }

  #edge(from: number, to: number): void {
    this.lines.push(`${from} -> ${to}`)
  }

  #number(node: Node): number {
    const known = this.#numbers.get(node.id)
    if (known !== undefined) return known
    this.#numbers.set(node.id, this.#count)
    return this.#count++
  }
}

/** The names by the ids of the nodes that add up the gradients of these tensors. */
function namesOf(params: NamedTensors): Map<number, string> {
  const names = new Map<number, string>()
  if (!isPlainObject(params) && !(Symbol.iterator in Object(params))) {
    refuse('makeDot: params', 'tensors by name', params)
  }
  for (const [name, x] of Symbol.iterator in params ? params : Object.entries(params)) {
    if (!(x instanceof Tensor)) refuse(`makeDot: params: ${name}`, 'a tensor', x)
    const node = native.gradientNode(x.handle)
    if (node !== null) names.set(native.nodeId(node), name)
  }
  return names
}

/** What each node, by its id, asks for when it runs, each tensor once; and what it says of itself, in order. */
function savedBy(outputs: readonly Tensor[]): [Map<number, Tensor[]>, Map<number, Attribute[]>] {
  const roots = outputs.filter(x => x.requiresGrad)
  const leaves = new Map<number, Tensor>()
  const seen = new Set<number>()
  const left = roots.flatMap(x => x.gradFn ?? [])
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen.has(node.id)) continue
    seen.add(node.id)
    if (node.variable !== null) leaves.set(node.id, node.variable)
    left.push(...node.nextFunctions.flatMap(([next]) => next ?? []))
  }
  const handles = (xs: Iterable<Tensor>) => Array.from(xs, x => x.handle)
  if (leaves.size === 0) return [new Map(), new Map()]
  const gradients = handles(roots.map(x => onesLike(x.detach())))
  const [tensors, attributes] = native.savedBy(handles(roots), handles(leaves.values()), gradients)
  return [
    byNode(tensors.map(([id, handle]) => [id, wrap(handle)] as const)),
    byNode(attributes.sort(([, [a]], [, [b]]) => (a < b ? -1 : 1))),
  ]
}

/** Entries by the id of their node. */
function byNode<T>(entries: readonly (readonly [number, T])[]): Map<number, T[]> {
  const found = new Map<number, T[]>()
  for (const [id, entry] of entries) found.set(id, [...(found.get(id) ?? []), entry])
  return found
}

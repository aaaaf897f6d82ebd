// The recorded graph as a picture, in the text of Graphviz: torchviz's make_dot, statement by statement and in its
// order, with numbers where torchviz has addresses. Gray: a recorded op. Light blue: a leaf. Green: the output. Orange:
// what an op has kept for its gradient. Formulas are closures, so what they keep is seen only by running them:
// `showSaved` computes the gradients once and drops them.
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
  /** Show the tensors that ops have kept for their gradients, default false. */
  showSaved?: boolean
}

const dotOptions = new Options<DotOptions>({ params: true, showSaved: true })

/**
 * The graph that `backward` will walk, as a picture. PyTorch: torchviz.make_dot.
 * @throws ArgumentError for anything but tensors
 * @example await makeDot(loss, { params: model.namedParameters() }).render('loss.png')
 */
export function makeDot(outputs: Tensor | readonly Tensor[], options?: DotOptions): Dot {
  atMost('makeDot', 2, arguments.length)
  const { params = [], showSaved = false } = dotOptions.read('makeDot', options)
  const tensors = outputs instanceof Tensor ? [outputs] : outputs
  if (!Array.isArray(tensors)) refuse('makeDot', 'a tensor or an array of tensors', outputs)
  for (const x of tensors) if (!(x instanceof Tensor)) refuse('makeDot', 'a tensor', x)
  const writer = new Writer(namesOf(params))
  if (flag('makeDot: showSaved', showSaved)) writer.saved = savedTensors(tensors)
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

/** The statements, in the order in which torchviz makes them. */
class Writer {
  readonly lines: string[] = []
  saved: ReadonlyMap<number, readonly Tensor[]> = new Map()
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
    this.lines.push(`${number} [label=${node.name}]`)
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

/** What each node, by its id, asks for when it runs, each tensor once. */
function savedTensors(outputs: readonly Tensor[]): Map<number, Tensor[]> {
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
  const saved = new Map<number, Tensor[]>()
  if (leaves.size === 0) return saved
  const handles = (xs: Iterable<Tensor>) => Array.from(xs, x => x.handle)
  const gradients = handles(roots.map(x => onesLike(x.detach())))
  for (const [id, handle] of native.savedTensors(handles(roots), handles(leaves.values()), gradients)) {
    saved.set(id, [...(saved.get(id) ?? []), wrap(handle)])
  }
  return saved
}

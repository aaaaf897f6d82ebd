// A model as TensorBoard's graph: it runs once, in evaluation mode, on example inputs. Each call of a layer becomes a
// node in the scope of the layer, beside a node for each of its parameters. What stands between layers, as `relu(x)` in
// a forward, becomes one node that lists its ops. To see which layers that came from, every layer gives leaves of a new
// graph instead of its outputs: the leaves that have a gradient then are those it was computed from.
import { grad } from '../autograd/grad.ts'
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { evaluating } from '../nn/module/evaluating.ts'
import type { AnyModule } from '../nn/module/module.ts'
import { bytes, type Fields, integer, message } from '../protobuf.ts'
import { enableGrad, handleOf, isFloatingPoint, mapTensors, type Node, type Tensor } from '../tensor/index.ts'

interface GraphNode {
  name: string
  op: string
  inputs: readonly string[]
  shape: readonly number[]
  text: string
}

/** How many ops between layers are looked at; shared ones count each time they are reached. */
const mostOps = 1000

/** A GraphDef. @throws what the model throws; ArgumentError when no layer was called */
export function graphOf(op: string, model: AnyModule, inputs: readonly unknown[]): Fields {
  const nodes = enableGrad(() => new Tracer(model).run(inputs))
  if (nodes.every(({ op }) => op === 'IO Node')) throw new ArgumentError(`${op}: the model computed nothing`)
  return message(...nodes.map(node => bytes(1, nodeDef(node))), bytes(4, integer(1, 22)))
}

/** What TensorBoard shows of how long things took: nothing, but it must be there. */
export function runMetadata(): Fields {
  return bytes(1, bytes(1, bytes(1, '/device:CPU:0')))
}

function nodeDef({ name, op, inputs, shape, text }: GraphNode): Fields {
  const sizes = message(...shape.map(size => bytes(2, integer(1, size))))
  return message(
    bytes(1, name),
    bytes(2, op),
    ...inputs.map(input => bytes(3, input)),
    bytes(5, message(bytes(1, 'attr'), bytes(2, bytes(2, text)))),
    bytes(5, message(bytes(1, '_output_shapes'), bytes(2, bytes(1, bytes(7, sizes))))),
  )
}

class Tracer {
  readonly #model: AnyModule
  readonly #nodes = new Map<string, GraphNode>()
  /** Where tensors are from that modules pass on as they are, unless an op in place has changed them since. */
  readonly #made = new Map<Tensor, { name: string; version: number }>()
  /** What is computed from has a gradient with respect to them. */
  readonly #leaves: [leaf: Tensor, name: string][] = []
  /** The modules with children that are being called. */
  readonly #scopes: string[] = []

  constructor(model: AnyModule) {
    this.#model = model
  }

  run(inputs: readonly unknown[]): GraphNode[] {
    const model = this.#model
    const hooks = [...scopesOf(model)].flatMap(([module, scope]) =>
      module.children().length === 0 ? this.#watchLayer(module, scope) : this.#watchContainer(module, scope),
    )
    evaluating(model, hooks, () => {
      const given = mapTensors([...inputs], x => this.#handOut(x.clone(), this.#add('input/x', 'IO Node', [], x.shape)))
      const root = model.constructor.name
      let count = 0
      mapTensors(model(...given), x => {
        this.#add(`output/output.${++count}`, 'IO Node', this.#sources(x, root), x.shape)
        return x
      })
    })
    return [...this.#nodes.values()]
  }

  #watchLayer(layer: AnyModule, scope: string) {
    let inputs: string[] = []
    const before = layer.registerForwardPreHook((_, args) => {
      inputs = []
      mapTensors(args, x => {
        inputs.push(...this.#sources(x, this.#scopes.at(-1) ?? scope))
        return x
      })
      return undefined
    })
    const after = layer.registerForwardHook((_, __, output) => {
      const parameters = this.#parameters(layer, scope)
      let shape: readonly number[] = []
      mapTensors(output, x => {
        shape = x.shape
        return x
      })
      const name = this.#add(
        `${scope}/forward`,
        layer.constructor.name,
        [...inputs, ...parameters],
        shape,
        layer.extraRepr(),
      )
      return mapTensors(output, x => this.#handOut(x, name))
    })
    return [before, after]
  }

  #watchContainer(module: AnyModule, scope: string) {
    for (const [i, name] of this.#parameters(module, scope).entries()) {
      const parameter = module.parameters(false)[i]!
      if (parameter.requiresGrad) this.#leaves.push([parameter, name])
    }
    const before = module.registerForwardPreHook((_, args) => {
      const outside = this.#scopes.at(-1) ?? scope
      const given = mapTensors(args, x => {
        const [source] = this.#maker(x) === undefined ? this.#sources(x, outside) : []
        return source === undefined ? x : this.#handOut(x, source)
      })
      this.#scopes.push(scope)
      return given
    })
    const after = module.registerForwardHook(() => {
      this.#scopes.pop()
      return undefined
    })
    return [before, after]
  }

  /** Nodes for the parameters of a module, made at its first call. */
  #parameters(module: AnyModule, scope: string): string[] {
    return module.namedParameters(false).map(([name, parameter]) => {
      const path = `${scope}/${name}`
      return this.#nodes.has(path) ? path : this.#add(path, 'Parameter', [], parameter.shape)
    })
  }

  /** Adds a node under the first name of `name`, `name_1`, … that is free. */
  #add(name: string, op: string, inputs: readonly string[], shape: readonly number[], text = ''): string {
    let free = name
    for (let i = 1; this.#nodes.has(free); i++) free = `${name}_${i}`
    this.#nodes.set(free, { name: free, op, inputs: [...new Set(inputs)], shape, text })
    return free
  }

  /** A tensor in place of `x` that leads back to the node `name`; not the leaf, which nothing may change in place. */
  #handOut(x: Tensor, name: string): Tensor {
    if (!isFloatingPoint(x.dtype)) return this.#remember(x, name)
    const leaf = x.detach().requiresGrad_()
    this.#leaves.push([leaf, name])
    return this.#remember(leaf.clone(), name)
  }

  #remember(x: Tensor, name: string): Tensor {
    this.#made.set(x, { name, version: versionOf(x) })
    return x
  }

  /** The node that made a tensor, if it is one that was remembered and has not been changed since. */
  #maker(x: Tensor): string | undefined {
    const made = this.#made.get(x)
    return made !== undefined && made.version === versionOf(x) ? made.name : undefined
  }

  /** The nodes that a tensor is computed from: one that made it, or one for the ops between, which is added. */
  #sources(x: Tensor, scope: string): string[] {
    const maker = this.#maker(x)
    if (maker !== undefined) return [maker]
    if (!x.requiresGrad) return []
    const leaves = this.#leaves.map(([leaf]) => leaf)
    const gradients = grad(x.sum(), leaves, { allowUnused: true, retainGraph: true })
    const from = this.#leaves.filter((_, i) => gradients[i] !== null).map(([, name]) => name)
    const ops = opsOf(x)
    const name = this.#add(`${scope}/${ops.length === 1 ? ops[0] : 'ops'}`, ops.join(', '), from, x.shape)
    this.#remember(x, name)
    return [name]
  }
}

/** How often a tensor was changed in place. */
function versionOf(x: Tensor): number {
  return native.version(handleOf('addGraph', x))
}

/** Scopes as PyTorch names them: Net/Sequential[features]/Conv2d[0]. */
function scopesOf(model: AnyModule): Map<AnyModule, string> {
  const scopes = new Map<AnyModule, string>([[model, model.constructor.name]])
  for (const module of model.modules()) {
    for (const [name, child] of module.namedChildren()) {
      if (!scopes.has(child)) scopes.set(child, `${scopes.get(module)}/${child.constructor.name}[${name}]`)
    }
  }
  return scopes
}

/** The names of the ops that made a tensor, each once, in the order of computation. */
function opsOf(x: Tensor): string[] {
  const found = new Set<string>()
  let layer: Node[] = x.gradFn === null ? [] : [x.gradFn]
  for (let count = 0; layer.length > 0 && count < mostOps; count += layer.length) {
    for (const { name } of layer) found.add(name.replace(/Backward\d*$/, ''))
    layer = layer.flatMap(node => node.nextFunctions.flatMap(([next]) => next ?? []))
  }
  return [...found].filter(name => name !== 'AccumulateGrad' && name !== 'Clone').reverse()
}

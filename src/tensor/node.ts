// A node of the recorded graph, for looking at. Nodes are made by the native core; `loss.gradFn.nextFunctions` walks
// from a result towards the leaves, whose nodes are called AccumulateGrad.
import { inspect } from 'node:util'
import type { NodeHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { addHook, callNodeHook, type NodeGradients, type NodeHookResult, type RemovableHandle } from './hooks.ts'
import { Tensor } from './tensor.ts'

/**
 * A recorded operation. PyTorch: torch.autograd.graph.Node.
 * @example console.log(loss.gradFn) // <NllLossBackward0>
 */
export class Node {
  readonly #handle: NodeHandle

  /** @internal */
  constructor(handle: NodeHandle) {
    this.#handle = handle
  }

  /** PyTorch's name of the node, such as `AddmmBackward0`. */
  get name(): string {
    return native.nodeName(this.#handle)
  }

  /**
   * Calls `hook` whenever the node has run, with the gradients of its inputs and of its outputs; an array that it
   * returns takes the place of the first. Hooks go when `backward` frees the graph. PyTorch:
   * torch.autograd.graph.Node.register_hook.
   * @example loss.gradFn!.registerHook(gradInputs => gradInputs.map(g => g && g.mul(2)))
   */
  registerHook(hook: (gradInputs: NodeGradients, gradOutputs: NodeGradients) => NodeHookResult): RemovableHandle {
    const handle = this.#handle
    return addHook(this, f => native.addNodeHook(handle, f, false), callNodeHook('registerHook', hook as never))
  }

  /**
   * Calls `hook` before the node runs, with the gradients of its outputs; an array that it returns takes their place.
   * PyTorch: torch.autograd.graph.Node.register_prehook.
   */
  registerPrehook(hook: (gradOutputs: NodeGradients) => NodeHookResult): RemovableHandle {
    const handle = this.#handle
    return addHook(this, f => native.addNodeHook(handle, f, true), callNodeHook('registerPrehook', hook as never))
  }

  /** Equal for two objects that stand for one node, as `id(node)` in Python. */
  get id(): number {
    return native.nodeId(this.#handle)
  }

  /** The leaf whose gradient an AccumulateGrad adds up; null for all other nodes. */
  get variable(): Tensor | null {
    const leaf = native.nodeVariable(this.#handle)
    return leaf === null ? null : new Tensor(leaf)
  }

  /** The node each input came from, with the number of its output; null for an input that needs no gradient. */
  get nextFunctions(): readonly (readonly [Node | null, number])[] {
    const next = native.nodeNext(this.#handle)
    return Object.freeze(next.map(([node, i]) => Object.freeze([node === null ? null : new Node(node), i] as const)))
  }

  toString(): string {
    return `<${this.name}>`
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

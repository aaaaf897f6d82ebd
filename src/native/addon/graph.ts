// Gradients and the graph they follow.
// Written by `npm run addon-types` from native/binding/tables/graph.cc.
import type { Handle, NodeHandle } from './types.ts'

export interface GraphFunctions {
  gradEnabled(): boolean
  /** Returns what it was. */
  setGradEnabled(on: boolean): boolean
  requiresGrad(x: Handle): boolean
  setRequiresGrad(x: Handle, on: boolean): void
  isLeaf(x: Handle): boolean
  retainGrad(x: Handle): void
  retainsGrad(x: Handle): boolean
  isInference(x: Handle): boolean
  inferenceEnabled(): boolean
  /** Returns what it was. */
  setInference(on: boolean): boolean
  grad(x: Handle): Handle | null
  setGrad(x: Handle, grad: Handle | null): void
  gradFn(x: Handle): NodeHandle | null
  nodeName(node: NodeHandle): string
  nodeNext(node: NodeHandle): [NodeHandle | null, number][]
  /** Equal for two handles of one node, and no other's as long as one of them lives. */
  nodeId(node: NodeHandle): number
  /** The leaf of an AccumulateGrad. */
  nodeVariable(node: NodeHandle): Handle | null
  /** Where the gradient of x goes: its gradFn, or the AccumulateGrad of a leaf. */
  gradientNode(x: Handle): NodeHandle | null
  /**
   * What each node, by its id, asks for when it runs, and what it keeps beside tensors: names, and texts as in Python.
   * Gradients of the inputs are computed once and dropped.
   */
  savedBy(
    outputs: Handle[],
    inputs: Handle[],
    gradOutputs: (Handle | null)[],
  ): [[number, Handle][], [number, [string, string]][]]
  backward(
    roots: Handle[],
    gradients: (Handle | null)[],
    retainGraph: boolean,
    createGraph: boolean,
    inputs: Handle[],
  ): void
  gradients(
    outputs: Handle[],
    inputs: Handle[],
    gradOutputs: (Handle | null)[],
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): (Handle | null)[]
}

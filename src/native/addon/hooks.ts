// Hooks of tensors and nodes, and anomaly mode: see Note [Hooks of tensors] in core/autograd.h.
// Written by `npm run addon-types` from native/binding/tables/hooks.cc.
import type { Callback, Handle, HookHandle, NodeHandle } from './types.ts'

export interface HooksFunctions {
  /** The gradient of x goes through f, which may return another. */
  registerHook(x: Handle, f: Callback): HookHandle
  /** f is called when the gradient of a leaf has been accumulated. */
  registerPostAccumulateGradHook(x: Handle, f: Callback): HookHandle
  /** Before the node runs f sees the gradients of its outputs; after it, what it returned, and those. */
  addNodeHook(node: NodeHandle, f: Callback, before: boolean): HookHandle
  removeHook(hook: HookHandle): void
  /** To the tensor that takes the place of a leaf. */
  moveHooks(from: Handle, to: Handle): void
  /** `where` says where the program is now; null switches anomaly mode off. */
  setAnomaly(where: Callback | null, checkNan: boolean): void
  takeFailedTrace(): string
}

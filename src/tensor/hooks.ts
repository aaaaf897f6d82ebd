// Hooks that a graph calls. The graph keeps a hook only as long as it may call it, and not always then: see Note
// [Hooks of tensors] in native/core/autograd.h. So each stays beside the object that it was given to, where the
// collector sees what leads from one to the other.
import type { Callback, Handle, HookHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { handleOf, optional } from './args.ts'
import { refuse } from './refuse.ts'
import { type Tensor, wrap } from './tensor.ts'

/** Takes a hook off again. PyTorch: torch.utils.hooks.RemovableHandle. */
export interface RemovableHandle {
  remove(): void
}

/** Sees the gradient of a tensor; what it returns, if anything, takes its place. */
// biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
export type TensorHook = (grad: Tensor) => Tensor | null | undefined | void

/** Gradients of a node's inputs or outputs; null where there is none. */
export type NodeGradients = readonly (Tensor | null)[]

/** What a hook of a node may return: nothing, or gradients that take the place of the first it was given. */
// biome-ignore lint/suspicious/noConfusingVoidType: most hooks return nothing
export type NodeHookResult = NodeGradients | null | undefined | void

const byOwner = new WeakMap<object, Set<Callback>>()

/** Hands `call` to the core and lets `owner` keep it. @internal */
export function addHook(owner: object, add: (call: Callback) => HookHandle, call: Callback): RemovableHandle {
  const kept = byOwner.get(owner) ?? new Set()
  byOwner.set(owner, kept.add(call))
  return removable(add(call), kept, call)
}

/** Apart from `addHook`, so that the handle does not close over the owner. */
function removable(hook: HookHandle, kept: Set<Callback>, call: Callback): RemovableHandle {
  return {
    remove: () => {
      native.removeHook(hook)
      kept.delete(call)
    },
  }
}

/** As the core calls it. @internal */
export function callTensorHook(op: string, hook: TensorHook): Callback {
  if (typeof hook !== 'function') refuse(op, 'a function', hook)
  return ([grad]: [Handle]) => {
    const changed = hook(wrap(grad))
    return changed == null ? undefined : [handleOf(op, changed)]
  }
}

/** As the core calls it. @internal */
export function callNodeHook(op: string, hook: (...lists: NodeGradients[]) => NodeHookResult): Callback {
  if (typeof hook !== 'function') refuse(op, 'a function', hook)
  return (...lists: (Handle | null)[][]) => {
    const changed = hook(...lists.map(list => list.map(x => (x === null ? null : wrap(x)))))
    if (changed == null) return undefined
    return Array.isArray(changed)
      ? changed.map(x => optional(op, x))
      : refuse(op, 'an array of tensors and null', changed)
  }
}

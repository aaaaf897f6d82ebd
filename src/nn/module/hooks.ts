// Functions that run before and after a module's forward. A module without hooks pays one comparison per call.
import type { RemovableHandle } from '../../tensor/index.ts'
import type { AnyModule } from './module.ts'

export type { RemovableHandle } from '../../tensor/index.ts'

/** Runs before forward; what it returns, if anything, replaces the arguments. */
export type ForwardPreHook<A extends unknown[] = unknown[]> = (module: AnyModule, args: A) => A | undefined
/** Runs after forward; what it returns, if anything, replaces the output. */
export type ForwardHook<A extends unknown[] = unknown[], R = unknown> = (
  module: AnyModule,
  args: A,
  output: R,
) => R | undefined

function add<T>(to: Set<T>, entry: T): RemovableHandle {
  to.add(entry)
  return { remove: () => to.delete(entry) }
}

/** The hooks of one module; what they take and give is known to the module only. @internal */
export class Hooks {
  readonly #before = new Set<{ hook: ForwardPreHook }>()
  readonly #after = new Set<{ hook: ForwardHook }>()

  before(hook: ForwardPreHook): RemovableHandle {
    return add(this.#before, { hook })
  }

  after(hook: ForwardHook): RemovableHandle {
    return add(this.#after, { hook })
  }

  run(module: AnyModule, given: unknown[]): unknown {
    let args = given
    for (const { hook } of this.#before) args = hook(module, args) ?? args
    let output: unknown = module.forward(...args)
    for (const { hook } of this.#after) output = hook(module, args, output) ?? output
    return output
  }
}

// A look at a model: it runs in evaluation mode, with hooks that watch its modules, and is then as it was.
import type { RemovableHandle } from '../../tensor/index.ts'
import type { AnyModule } from './module.ts'

/** Runs `fn` with `model` in evaluation mode; then takes off `hooks` and gives every module its mode back. @internal */
export function evaluating<T>(model: AnyModule, hooks: readonly RemovableHandle[], fn: () => T): T {
  const modes = model.modules().map(module => [module, module.training] as const)
  try {
    model.eval()
    return fn()
  } finally {
    for (const hook of hooks) hook.remove()
    for (const [module, mode] of modes) module.training = mode
  }
}

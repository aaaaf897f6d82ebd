// `nn.modules.module`: hooks of all modules. They run before those of a module.
import { atMost, type RemovableHandle } from '../../tensor/index.ts'
import {
  type BackwardHook,
  type BackwardPreHook,
  everywhere,
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  Hooks,
} from './hooks.ts'

function all(): Hooks {
  everywhere.hooks ??= new Hooks()
  return everywhere.hooks
}

/**
 * Runs `hook` before every forward of every module. PyTorch:
 * torch.nn.modules.module.register_module_forward_pre_hook.
 * @example
 * const handle = nn.modules.module.registerModuleForwardPreHook(module => console.log(module.constructor.name))
 * handle.remove()
 */
export function registerModuleForwardPreHook(hook: ForwardPreHook): RemovableHandle {
  atMost('registerModuleForwardPreHook', 1, arguments.length)
  return all().before(hook, undefined, 'registerModuleForwardPreHook')
}

/** Options of `registerModuleForwardHook`. */
export type ModuleForwardHookOptions = Pick<ForwardHookOptions, 'withKwargs' | 'alwaysCall'>

/** Runs `hook` after every forward of every module. PyTorch: torch.nn.modules.module.register_module_forward_hook. */
export function registerModuleForwardHook(hook: ForwardHook, options?: ModuleForwardHookOptions): RemovableHandle {
  atMost('registerModuleForwardHook', 2, arguments.length)
  return all().after(hook, options, 'registerModuleForwardHook')
}

/** As `registerFullBackwardPreHook` of every module. PyTorch: …module.register_module_full_backward_pre_hook. */
export function registerModuleFullBackwardPreHook(hook: BackwardPreHook): RemovableHandle {
  atMost('registerModuleFullBackwardPreHook', 1, arguments.length)
  return all().backward('registerModuleFullBackwardPreHook', 'backwardBefore', hook, undefined)
}

/** As `registerFullBackwardHook` of every module. PyTorch: …module.register_module_full_backward_hook. */
export function registerModuleFullBackwardHook(hook: BackwardHook): RemovableHandle {
  atMost('registerModuleFullBackwardHook', 1, arguments.length)
  return all().backward('registerModuleFullBackwardHook', 'backward', hook, undefined)
}

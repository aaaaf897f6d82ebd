// Saving and loading the tensors of a module under PyTorch's keys, with PyTorch's report when they do not fit. All
// problems are collected before one error is thrown, and tensors that do fit have been copied by then, as in PyTorch.
import { ArgumentError } from '../../errors.ts'
import { isOptions, noGrad, refuse, Tensor, torchSize } from '../../tensor/index.ts'
import type { AnyModule } from './module.ts'

/**
 * Tensors by name, such as `'conv1.weight'`, in the order of registration; but names of the outermost module that are
 * integers come first, as in every object.
 */
export type StateDict = Record<string, Tensor>

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Whether the keys must be exactly those of the module, default true. */
  strict?: boolean
}

/** The keys that were not loaded. */
export interface LoadResult {
  missingKeys: string[]
  unexpectedKeys: string[]
}

/** Own parameters and persistent buffers of every module, shared ones under each of their names. */
function entries(module: AnyModule, prefix: string): [string, Tensor][] {
  const own: [string, Tensor][] = [...module.members('parameter'), ...module.members('buffer', true)]
  const mine = own.map(([name, x]): [string, Tensor] => [prefix + name, x])
  return module.members('module').reduce((all, [name, child]) => all.concat(entries(child, `${prefix}${name}.`)), mine)
}

/** Implements `Module.stateDict`. @internal */
export function stateDict(module: AnyModule): StateDict {
  return Object.fromEntries(entries(module, '').map(([key, x]) => [key, x.detach()]))
}

function keyList(keys: readonly string[]): string {
  return keys.map(key => `"${key}"`).join(', ')
}

/** Implements `Module.loadStateDict`. @internal */
export function loadStateDict(module: AnyModule, state: StateDict, strict: boolean): LoadResult {
  if (!isOptions(state)) refuse('loadStateDict', 'a state dict', state)
  const own = new Map(entries(module, ''))
  const missingKeys = [...own.keys()].filter(key => !Object.hasOwn(state, key))
  const unexpectedKeys = Object.keys(state).filter(key => !own.has(key))
  const problems: string[] = []
  if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${keyList(missingKeys)}. `)
  if (strict && unexpectedKeys.length > 0)
    problems.push(`Unexpected key(s) in state_dict: ${keyList(unexpectedKeys)}. `)
  for (const [key, x] of own) {
    const source = Object.hasOwn(state, key) ? state[key] : undefined
    if (source === undefined) continue
    if (!(source instanceof Tensor)) refuse(`loadStateDict: ${key}`, 'a tensor', source)
    if (source.shape.join() === x.shape.join()) {
      noGrad(() => x.copy_(source))
    } else {
      problems.push(
        `size mismatch for ${key}: copying a param with shape ${torchSize(source.shape)} from checkpoint, ` +
          `the shape in current model is ${torchSize(x.shape)}.`,
      )
    }
  }
  if (problems.length > 0) {
    throw new ArgumentError(
      `Error(s) in loading state_dict for ${module.constructor.name}:\n\t${problems.join('\n\t')}`,
    )
  }
  return { missingKeys, unexpectedKeys }
}

// Saving and loading the tensors of a module under PyTorch's keys, with PyTorch's report when they do not fit. All
// problems are collected before one error is thrown, and tensors that do fit have been copied by then, as in PyTorch.
import { ArgumentError } from '../../errors.ts'
import { isOptions, noGrad, refuse, Tensor, torchSize } from '../../tensor/index.ts'
import { type AnyModule, hooksOf } from './module.ts'
import { Parameter } from './parameter.ts'

/**
 * Tensors by name, such as `'conv1.weight'`, in the order of registration; but names of the outermost module that are
 * integers come first, as in every object.
 */
export type StateDict = Record<string, Tensor>

/** Options of `stateDict`. */
export interface StateDictOptions {
  /** Stands before each key, default `''`. */
  prefix?: string
  /** Give the parameters and buffers themselves, default false: detached. */
  keepVars?: boolean
}

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Whether the keys must be exactly those of the module, default true. */
  strict?: boolean
  /** Take the tensors themselves, with their dtype and device, and copy nothing; default false. */
  assign?: boolean
}

/** The keys that were not loaded. */
export interface LoadResult {
  missingKeys: string[]
  unexpectedKeys: string[]
}

/** Runs before the state of a module is written down. */
export type StateDictPreHook = (module: AnyModule, prefix: string, keepVars: boolean) => void
/** Runs after the state of a module and of those below it is in `state`, which it may change. */
export type StateDictPostHook = (module: AnyModule, state: StateDict, prefix: string) => void
/** Runs before a module is loaded; it may change `state`, the report and the problems. */
export type LoadStateDictPreHook = (
  module: AnyModule,
  state: StateDict,
  prefix: string,
  strict: boolean,
  missingKeys: string[],
  unexpectedKeys: string[],
  errorMsgs: string[],
) => void
/** Runs after a module and those below it are loaded; it may change the report. */
export type LoadStateDictPostHook = (module: AnyModule, incompatibleKeys: LoadResult) => void

/** Own parameters and persistent buffers. */
function ownOf(module: AnyModule): [string, Tensor][] {
  return [...module.members('parameter'), ...module.members('buffer', true)]
}

/** Implements `Module.stateDict`: shared tensors stand under each of their names. @internal */
export function stateDict(module: AnyModule, prefix: string, keepVars: boolean): StateDict {
  const state: StateDict = {}
  write(module, state, prefix, keepVars)
  return state
}

function write(module: AnyModule, state: StateDict, prefix: string, keepVars: boolean): void {
  const hooks = hooksOf(module)
  for (const { hook } of hooks?.of('stateBefore') ?? []) hook(module, prefix, keepVars)
  for (const [name, x] of ownOf(module)) state[prefix + name] = keepVars ? x : x.detach()
  for (const [name, child] of module.members('module')) write(child, state, `${prefix}${name}.`, keepVars)
  for (const { hook } of hooks?.of('stateAfter') ?? []) hook(module, state, prefix)
}

function keyList(keys: readonly string[]): string {
  return keys.map(key => `"${key}"`).join(', ')
}

/** What a load has found. */
interface Report extends LoadResult {
  problems: string[]
}

/** Implements `Module.loadStateDict`. @internal */
export function loadStateDict(module: AnyModule, given: StateDict, strict: boolean, assign: boolean): LoadResult {
  if (!isOptions(given)) refuse('loadStateDict', 'a state dict', given)
  const report: Report = { missingKeys: [], unexpectedKeys: [], problems: [] }
  load(module, { ...given }, '', assign, report)
  const { missingKeys, unexpectedKeys, problems } = report
  if (strict && unexpectedKeys.length > 0)
    problems.unshift(`Unexpected key(s) in state_dict: ${keyList(unexpectedKeys)}. `)
  if (strict && missingKeys.length > 0) problems.unshift(`Missing key(s) in state_dict: ${keyList(missingKeys)}. `)
  if (problems.length > 0) {
    throw new ArgumentError(
      `Error(s) in loading state_dict for ${module.constructor.name}:\n\t${problems.join('\n\t')}`,
    )
  }
  return { missingKeys, unexpectedKeys }
}

/** Loads a module and those below it; `state` has the keys that begin with its prefix. */
function load(module: AnyModule, state: StateDict, prefix: string, assign: boolean, report: Report): void {
  const hooks = hooksOf(module)
  const { missingKeys, unexpectedKeys, problems } = report
  for (const { hook } of hooks?.of('loadBefore') ?? [])
    hook(module, state, prefix, true, missingKeys, unexpectedKeys, problems)
  const own = new Map(ownOf(module))
  const children = new Map(module.members('module'))
  for (const [name, x] of own) {
    const key = prefix + name
    if (!Object.hasOwn(state, key)) missingKeys.push(key)
    else take(module, name, x, key, state[key]!, assign, problems)
  }
  for (const key of Object.keys(state).filter(key => key.startsWith(prefix))) {
    const [name, ...below] = key.slice(prefix.length).split('.')
    const known = below.length > 0 ? children.has(name!) : own.has(name!)
    if (!known) unexpectedKeys.push(key)
  }
  for (const [name, child] of children) {
    const below = `${prefix}${name}.`
    const part = Object.entries(state).filter(([key]) => key.startsWith(below))
    load(child, Object.fromEntries(part), below, assign, report)
  }
  for (const { hook } of hooks?.of('loadAfter') ?? []) hook(module, { missingKeys, unexpectedKeys })
}

/** One tensor of a module from its source. */
function take(
  module: AnyModule,
  name: string,
  x: Tensor,
  key: string,
  given: Tensor,
  assign: boolean,
  problems: string[],
): void {
  if (!(given instanceof Tensor)) refuse(`loadStateDict: ${key}`, 'a tensor', given)
  // A number was saved with one dimension once.
  const source = x.ndim === 0 && given.ndim === 1 && given.numel() === 1 ? given.reshape([]) : given
  if (source.shape.join() !== x.shape.join()) {
    problems.push(
      `size mismatch for ${key}: copying a param with shape ${torchSize(source.shape)} from checkpoint, ` +
        `the shape in current model is ${torchSize(x.shape)}.`,
    )
  } else if (!assign) {
    noGrad(() => x.copy_(source))
  } else if (!(x instanceof Parameter)) {
    Reflect.set(module, name, source)
  } else {
    const parameter = source instanceof Parameter ? source : new Parameter(source)
    parameter.requiresGrad = x.requiresGrad
    Reflect.set(module, name, parameter)
  }
}

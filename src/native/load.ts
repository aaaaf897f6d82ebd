// Loads the addon: the only file that touches the .node file. Requiring an addon that wants a newer Node-API than the
// running Node has kills the process, hence the check of the version before `require`. A function that the addon lacks
// throws when it is first used.
import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { errorFromNative, UnsupportedError } from '../errors.ts'
import { emulationNotice, env } from '../job/env.ts'
import type { Addon } from './addon.ts'
import { memoryBudget } from './budget.ts'
import { prepareEnd } from './end.ts'
import { type Core, findCore, howToRepair, type Kind, packageRoot, packageVersion, whyNone } from './find.ts'
import { wrongRuntime } from './system.ts'

type Collect = (options?: { type: 'minor' }) => void

const require = createRequire(import.meta.url)

const emulated = env('DTRAIN_EMULATE') === 1
const kind: Kind = emulated ? 'Emulated' : 'Release'

function failure(core: Core, reason: string, cause?: unknown): UnsupportedError {
  const name = emulated ? 'the native core with emulated GPUs' : 'the native core'
  return new UnsupportedError(`dtrain: ${name} ${reason}\n${howToRepair(core, kind)}`, { cause })
}

/** Tensors of two copies of dtrain do not mix: their classes differ, and so do their native cores. */
function refuseSecondCopy(): void {
  const copy = `${packageVersion ?? 'bundled'} in ${packageRoot ?? import.meta.url}`
  const global = globalThis as { [copies]?: string }
  global[copies] ??= copy
  if (global[copies] === copy) return
  throw new UnsupportedError(
    `dtrain: two copies in one program, whose tensors cannot be mixed: ${global[copies]}, and ${copy}. ` +
      '`npm ls dtrain` shows who brings which; ask for one version everywhere, or type npm dedupe',
  )
}

const copies = Symbol.for('dtrain')

function loadAddon(): Addon {
  const wrong = wrongRuntime(process.versions)
  if (wrong !== undefined) throw new UnsupportedError(wrong)
  refuseSecondCopy()
  const core = findCore(kind)
  if (core === undefined) throw new UnsupportedError(whyNone(kind))
  let addon: Addon
  try {
    addon = require(core.path) as Addon
  } catch (error) {
    throw failure(core, `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, error)
  }
  Object.setPrototypeOf(addon, new Proxy(Object.prototype, { get: (on, name) => inherited(core, on, name) }))
  return addon
}

/** What is asked of the addon and is not its own: own properties never come here, so calls cost nothing more. */
function inherited(core: Core, prototype: object, name: string | symbol): unknown {
  // Of any object that is awaited, printed or made JSON these are read.
  const common = typeof name === 'symbol' || name === 'then' || name === 'toJSON'
  if (common || name in prototype) return Reflect.get(prototype, name)
  throw failure(core, `was built from other sources and lacks ${name}`)
}

function garbageCollector(): Collect | undefined {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('typeof gc === "function" ? gc : undefined')
  return collect as Collect | undefined
}

/** One tensor nobody keeps: its own function, so that no register of the caller still refers to it. */
function dropOneTensor(addon: Addon): void {
  addon.empty([1], 0, null)
}

function freesInsideCollection(addon: Addon, collect: Collect | undefined): boolean {
  const before = addon.memoryStats(null).wrappers
  dropOneTensor(addon)
  collect?.({ type: 'minor' })
  return addon.memoryStats(null).wrappers <= before
}

function prepare(addon: Addon): Addon {
  // Once, not for every thread; in a job the launcher has said it.
  const first = addon.isFirst()
  if (first && emulated && env('DTRAIN_JOB') === undefined)
    process.emitWarning(emulationNotice, { code: 'DTRAIN_EMULATE' })
  addon.setErrorFactory(errorFromNative)
  prepareEnd(addon)
  const missing = env('DTRAIN_GPUS') === undefined ? '' : addon.cudaUnavailable()
  if (missing !== '') throw new UnsupportedError(`dtrain: this rank was to have a GPU (--gpus), but ${missing}`)
  // All threads have one budget, which the program may have set by now.
  if (first) addon.setMemoryBudget(memoryBudget(addon.memoryStats(null).budget), null)
  const collect = garbageCollector()
  if (collect !== undefined) addon.setCollector(major => (major ? collect() : collect({ type: 'minor' })))
  // What holds in one thread holds in all.
  if (first && !freesInsideCollection(addon, collect)) {
    process.emitWarning(
      'dtrain runs with stable Node-API finalizers: tensors that are not disposed are freed only between macrotasks, ' +
        'so a synchronous training loop should put each step into tidy()',
      { code: 'DTRAIN_STABLE_FINALIZERS' },
    )
  }
  return addon
}

/** The native core, loaded once per thread. */
export let native: Addon = prepare(loadAddon())

/** What stands in for each function while `intercepted` runs: it is given the name, the function and the arguments. */
export type Interceptor = (name: keyof Addon, call: (...args: unknown[]) => unknown, args: unknown[]) => unknown

/**
 * Runs `fn` while all calls of this thread go to `through`, whose own calls go to the addon. Before and after, calls
 * cost nothing more.
 */
export function intercepted<T>(through: Interceptor, fn: () => T): T {
  const addon = native
  // Not a proxy of the addon itself, whose functions a proxy may not replace.
  const watched = new Proxy({} as Addon, {
    get: (_, name: keyof Addon) => {
      const call = addon[name] as Parameters<Interceptor>[1]
      return (...args: unknown[]) => using(addon, () => through(name, call, args))
    },
  })
  return using(watched, fn)
}

function using<T>(addon: Addon, fn: () => T): T {
  const before = native
  native = addon
  try {
    return fn()
  } finally {
    native = before
  }
}

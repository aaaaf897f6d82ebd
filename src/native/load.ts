// Finds, checks and loads the addon: the only file that touches the .node file. It runs from src/ and from dist/src/, so
// the package root is found by walking up. Requiring an addon that wants a newer Node-API than the running Node has
// kills the process, hence the version check before `require`.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { errorFromNative, UnsupportedError } from '../errors.ts'
import type { Addon } from './addon.ts'
import { memoryBudget } from './budget.ts'
import { names } from './names.ts'

type Collect = (options?: { type: 'minor' }) => void

const require = createRequire(import.meta.url)

function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'dtrain') return folder
    if (folder === dirname(folder)) throw new UnsupportedError('dtrain: no package.json named dtrain above this file')
  }
}

function failure(reason: string, path: string, cause?: unknown): UnsupportedError {
  const text = `dtrain: the native core cannot be loaded: ${reason}\n  ${path}\nTo build it, type\n  scripts/setup.sh`
  return new UnsupportedError(text, { cause })
}

function loadAddon(): Addon {
  const root = packageRoot()
  const path = join(root, 'build', 'Release', 'dtrain.node')
  const napi = Number(process.versions.napi)
  if (!(napi >= 9)) {
    throw new UnsupportedError(`dtrain needs Node-API 9 (Node 20.17 or newer); this Node has Node-API ${napi}`)
  }
  if (!existsSync(path)) throw failure('it has not been built', path)
  let addon: Addon
  try {
    addon = require(path) as Addon
  } catch (error) {
    throw failure(error instanceof Error ? error.message : String(error), path, error)
  }
  const present = new Set(addon.functions())
  const missing = names.filter(name => !present.has(name))
  if (missing.length > 0) throw failure(`it was built from other sources and lacks ${missing.join(', ')}`, path)
  return addon
}

function garbageCollector(): Collect | undefined {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('typeof gc === "function" ? gc : undefined')
  return collect as Collect | undefined
}

/** One tensor nobody keeps: its own function, so that no register of the caller still refers to it. */
function dropOneTensor(addon: Addon): void {
  addon.empty([1], 0)
}

function prepare(addon: Addon): Addon {
  addon.setErrorFactory(errorFromNative)
  addon.setMemoryBudget(memoryBudget(addon.memoryStats().budget))
  const collect = garbageCollector()
  let freedInsideCollection = false
  if (collect !== undefined) {
    addon.setCollector(major => (major ? collect() : collect({ type: 'minor' })))
    const before = addon.memoryStats().wrappers
    dropOneTensor(addon)
    collect({ type: 'minor' })
    freedInsideCollection = addon.memoryStats().wrappers <= before
  }
  if (!freedInsideCollection) {
    process.emitWarning(
      'dtrain runs with stable Node-API finalizers: tensors that are not disposed are freed only between macrotasks, ' +
        'so a synchronous training loop should put each step into tidy()',
      { code: 'DTRAIN_STABLE_FINALIZERS' },
    )
  }
  return addon
}

/** The native core, loaded once per thread. */
export const native: Addon = prepare(loadAddon())

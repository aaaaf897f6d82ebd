// How a process ends. A GPU may still be at what the script asked for, and the other ranks may still read from this
// process; so one that ends well waits for them first. Then it writes its step trace, if one was asked for.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { env } from '../distributed/env.ts'
import type { Addon } from './addon.ts'

/** Called once, when the addon has been loaded. */
export function prepareEnd(addon: Addon): void {
  if (!isMainThread) return
  const folder = env('DTRAIN_TRACE')
  if (folder !== undefined) addon.traceStart()
  // What goes wrong here is reported like any error of the script.
  process.once('beforeExit', () => addon.finish())
  process.once('exit', code => {
    if (code === 0) finishOrFail(addon)
    if (folder !== undefined) writeTrace(addon, folder, env('RANK') ?? 0)
    addon.commLeave()
  })
}

/** After process.exit() there is nobody left to throw to. */
function finishOrFail(addon: Addon): void {
  try {
    addon.finish()
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}

function writeTrace(addon: Addon, folder: string, rank: number): void {
  const path = join(folder, `rank-${rank}.json`)
  const part = `${path}.${process.pid}`
  try {
    writeFileSync(part, addon.traceEvents(rank))
    renameSync(part, path)
  } catch (error) {
    console.error(`dtrain: the trace cannot be written: ${(error as Error).message}`)
  }
}

// How a rank leaves its job. A GPU may still be at what the script asked for, and its peers may still read from this
// process; so a rank that ends well waits for them first. Then it writes its step trace, if one was asked for.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { native } from '../native/load.ts'
import { env } from './env.ts'

/** Called once, when the rank has joined. */
export function prepareEnd(rank: number): void {
  const folder = env('DTRAIN_TRACE')
  if (folder !== undefined) native.traceStart()
  if (!isMainThread) return
  // What goes wrong here is reported like any error of the script.
  process.once('beforeExit', () => native.commFinish())
  process.once('exit', code => {
    if (code === 0) finishOrFail()
    if (folder !== undefined) writeTrace(folder, rank)
    native.commLeave()
  })
}

/** After process.exit() there is nobody left to throw to. */
function finishOrFail(): void {
  try {
    native.commFinish()
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}

function writeTrace(folder: string, rank: number): void {
  const path = join(folder, `rank-${rank}.json`)
  const part = `${path}.${process.pid}`
  try {
    writeFileSync(part, native.traceEvents(rank))
    renameSync(part, path)
  } catch (error) {
    console.error(`dtrain: the trace cannot be written: ${(error as Error).message}`)
  }
}

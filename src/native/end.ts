// How a process ends. A GPU may still be at what the script asked for, and the other ranks may still read from this
// process; so one that ends well waits for them first. Then it writes its step trace, if one was asked for. A thread
// that NCCL does not let go must not see the end of what it uses: then the process ends without exit handlers, at once,
// so that later listeners of 'exit' are not called. All that was printed is out by then, since a rank writes to its
// pipes blocking.
import { isMainThread } from 'node:worker_threads'
import { env } from '../job/env.ts'
import type { Addon } from './addon.ts'
import { startTrace } from './trace-file.ts'

/** Called once, when the addon has been loaded. */
export function prepareEnd(addon: Addon): void {
  if (!isMainThread) return
  const folder = env('DTRAIN_TRACE')
  const writeTrace = folder === undefined ? undefined : startTrace(addon, folder, env('RANK') ?? 0)
  // What goes wrong here is reported like any error of the script.
  process.once('beforeExit', () => addon.finish())
  process.once('exit', code => {
    if (code === 0) finishOrFail(addon)
    writeTrace?.()
    if (!addon.commLeave()) addon.exitAtOnce(Number(process.exitCode ?? code))
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

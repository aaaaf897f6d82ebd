// The first code of every rank: joins the job, then becomes the user's script. An exception is reported to the launcher,
// which prints it once; only if the launcher cannot be reached does it go to stderr.
// Arguments: <module to import> <script as the user named it> [script args...]
import { Module } from 'node:module'
import { pathToFileURL } from 'node:url'
import { describeFailure } from './report.ts'
import { connectStore } from './store-client.ts'

const reportLimitMs = 1000

const [node, , entry, script, ...args] = process.argv as [string, string, string, string, ...string[]]
process.argv = [node, script, ...args]

// Node queues what a pipe does not take at once until the event loop turns: a synchronous training loop would print
// nothing for minutes, and process.exit would drop the queue. Blocking writes also make a fast printer wait.
for (const stream of [process.stdout, process.stderr]) {
  const { _handle: handle } = stream as unknown as { _handle?: { setBlocking?(on: boolean): void } }
  handle?.setBlocking?.(true)
}

const store = connectStore()
// A launcher that died between starting this process and telling its guard would leave it waiting for ever.
const parent = process.ppid
const orphaned = setInterval(() => process.ppid !== parent && process.exit(1), 500)
await store.join()
clearInterval(orphaned)

Object.assign(globalThis, {
  [Symbol.for('dtrain.store')]: store,
  // Called by the first statement of the bundle, that is, after all its imports were read.
  [Symbol.for('dtrain.loaded')]: () => store.loaded(),
})

process.on('uncaughtException', error => {
  // A script with its own handler has decided to live on.
  if (process.listenerCount('uncaughtException') === 1) void fail(error)
})

try {
  // A CommonJS script runs as it is, as the main module.
  if (entry === script) Module.runMain(script)
  else await import(pathToFileURL(entry).href)
} catch (error) {
  await fail(error)
}

async function fail(error: unknown): Promise<never> {
  const heard = store.failed(describeFailure(error)).then(() => true)
  const late = new Promise<false>(resolve => setTimeout(resolve, reportLimitMs, false))
  if (!(await Promise.race([heard, late]).catch(() => false))) console.error(error)
  process.exit(process.exitCode || 1)
}

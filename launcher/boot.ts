// The first code of every rank: joins the job, then becomes the user's script. An exception is reported to the launcher,
// which prints it once; only if the launcher cannot be reached does it go to stderr.
// Arguments: <module to import> <script as the user named it> [script args...]
import { Module } from 'node:module'
import { pathToFileURL } from 'node:url'
import { env } from '../src/distributed/env.ts'
import { killDescendants, signal } from './descendants.ts'
import { describeFailure } from './report.ts'
import { connectStore } from './store-client.ts'

const reportLimitMs = 1000
const orphanCheckMs = 500

const [node, , entry, script, ...args] = process.argv as [string, string, string, string, ...string[]]
process.argv = [node, script, ...args]

// Node queues what a pipe does not take at once until the event loop turns: a synchronous training loop would print
// nothing for minutes, and process.exit would drop the queue. Blocking writes also make a fast printer wait.
for (const stream of [process.stdout, process.stderr]) {
  const { _handle: handle } = stream as unknown as { _handle?: { setBlocking?(on: boolean): void } }
  handle?.setBlocking?.(true)
}

const store = connectStore()
// A launcher that died before telling its guard of this process, or together with its guard, would leave the job behind.
// One rank whose event loop turns is enough to end it.
const launcher = env('DTRAIN_LAUNCHER_PID')
const job = env('DTRAIN_JOB')!
const orphaned = setInterval(() => process.ppid !== launcher && endJob(), orphanCheckMs)
await store.join()
orphaned.unref()

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
  if (env('DTRAIN_GPUS') !== undefined && env('WORLD_SIZE') !== 1) {
    const { exchangeNcclId } = await import('../src/distributed/nccl-id.ts')
    await exchangeNcclId(store, env('RANK')!)
  }
  // A CommonJS script runs as it is, as the main module.
  if (entry === script) Module.runMain(script)
  else await import(pathToFileURL(entry).href)
} catch (error) {
  await fail(error)
}

function endJob(): void {
  killDescendants(job)
  signal(-process.pid, 'SIGKILL')
}

async function fail(error: unknown): Promise<never> {
  const heard = store.failed(describeFailure(error)).then(() => true)
  const late = new Promise<false>(resolve => setTimeout(resolve, reportLimitMs, false))
  if (!(await Promise.race([heard, late]).catch(() => false))) console.error(error)
  process.exit(process.exitCode || 1)
}

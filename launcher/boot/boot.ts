// Joins a rank to its job, before the user's script begins. An exception of the script is reported to the launcher,
// which prints it once; only if the launcher cannot be reached does it go to stderr.
import { createRequire } from 'node:module'
import { env } from '../../src/job/env.ts'
import { publish } from '../../src/job/symbols.ts'
import { findCore } from '../../src/native/find.ts'
import { markWrites } from '../output/marks.ts'
import { surviveLostTerminals } from '../output/terminals.ts'
import { killDescendants, signal } from '../ranks/descendants.ts'
import { describeFailure } from './report.ts'
import { connectStore } from './store-client.ts'

const reportLimitMs = 1000
const orphanCheckMs = 500

/** Resolves when all ranks are here. */
export async function join(): Promise<void> {
  // Node queues what a pipe does not take at once until the event loop turns: a synchronous training loop would print
  // nothing for minutes, and process.exit would drop the queue. Blocking writes also make a fast printer wait.
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle: handle } = stream as unknown as { _handle?: { setBlocking?(on: boolean): void } }
    handle?.setBlocking?.(true)
    if (env('WORLD_SIZE') !== 1) markWrites(stream)
  }

  surviveLostTerminals() // which a rank may read from
  for (const name of env('DTRAIN_IGNORED_SIGNALS')?.split(',') ?? []) process.on(name, () => {})

  const store = connectStore()
  // A launcher that died before telling its guard of this process, or together with its guard, would leave the job
  // behind. A thread of the addon ends it then (native/core/launcher.cc), though the script never comes back to its
  // event loop, or uses nothing of the library; without the addon one rank whose event loop turns is enough.
  followLauncher()
  const launcher = env('DTRAIN_LAUNCHER_PID')
  const job = env('DTRAIN_JOB')!
  const orphaned = setInterval(() => process.ppid !== launcher && endJob(job), orphanCheckMs)
  await store.join()
  orphaned.unref()

  publish('store', store)

  const fail = async (error: unknown): Promise<never> => {
    const heard = store.failed(describeFailure(error)).then(() => true)
    const late = new Promise<false>(resolve => setTimeout(resolve, reportLimitMs, false))
    if (!(await Promise.race([heard, late]).catch(() => false))) console.error(error)
    process.exit(process.exitCode || 1)
  }
  process.on('uncaughtException', error => {
    // A script with its own handler has decided to live on.
    if (process.listenerCount('uncaughtException') === 1) void fail(error)
  })

  if (env('DTRAIN_GPUS') !== undefined && env('WORLD_SIZE') !== 1) {
    const { exchangeNcclId } = await import('../../src/distributed/nccl-id.ts')
    await exchangeNcclId(store, env('RANK')!)
  }
}

function followLauncher(): void {
  const oldest = 9 // of the addon: to load it kills an older Node (src/native/load.ts)
  if (Number(process.versions.napi) < oldest) return
  const core = findCore(env('DTRAIN_EMULATE') === 1 ? 'Emulated' : 'Release')
  if (core === undefined) return
  try {
    createRequire(import.meta.url)(core.path)
  } catch {
    // Whoever needs the addon is told why there is none.
  }
}

function endJob(job: string): void {
  killDescendants(job)
  signal(-process.pid, 'SIGKILL')
}

// The step trace of a rank, from its start to its file. Garbage collections come into it by way of the event loop: of a
// program that never returns there, the last ones are missing when it ends by process.exit().
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PerformanceObserver, performance } from 'node:perf_hooks'
import type { Addon } from './addon.ts'

/** Returns what writes the file into the folder. */
export function startTrace(addon: Addon, folder: string, rank: number): () => void {
  addon.traceStart()
  // Both clocks are CLOCK_MONOTONIC, but performance counts from the start of the process.
  const start = Number(process.hrtime.bigint()) / 1000 - 1000 * performance.now()
  const record = (entries: readonly { startTime: number; duration: number }[]) => {
    for (const { startTime, duration } of entries)
      addon.tracePast('program', 'garbage collection', start + 1000 * startTime, 1000 * duration)
  }
  const observer = new PerformanceObserver(list => record(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  // One more turn brings what has not been told yet.
  process.once('beforeExit', () => setImmediate(() => {}))
  return () => {
    record(observer.takeRecords())
    writeTrace(addon, folder, rank)
  }
}

function writeTrace(addon: Addon, folder: string, rank: number): void {
  const path = join(folder, `rank-${rank}.json`)
  const part = `${path}.${process.pid}`
  try {
    writeFileSync(part, addon.traceEvents(rank))
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    console.error(`dtrain: the trace cannot be written to ${path}: ${(error as Error).message}`)
  }
}

// For ranks that cannot speak. When collectives fail, native threads write the reason into the control segment, and the
// script gets an error that its rank reports. If no script comes to that, because each is busy, or waits inside a
// driver that does not come back, the launcher reads the reason itself.
import { readAbort } from '../control/shm.ts'
import type { FailureReport } from '../control/wire.ts'

const everyMs = 1000
/** How long a script may take to come to its error. */
const patienceMs = 10_000

/** Calls `failed` when a job has been aborted for long and still goes on. Returns how to stop watching. */
export function watchSilence(segment: number, failed: (rank: number, report: FailureReport) => void): () => void {
  let since: number | undefined
  const timer = setInterval(() => {
    const abort = readAbort(segment)
    if (abort === undefined) return
    since ??= Date.now()
    if (Date.now() - since < patienceMs) return
    clearInterval(timer)
    failed(abort.rank < 0 ? abort.by : abort.rank, {
      head: `DistributedError: ${abort.reason}`,
      frames: [],
      code: 'DTRAIN_DISTRIBUTED',
    })
  }, everyMs)
  return () => clearInterval(timer)
}

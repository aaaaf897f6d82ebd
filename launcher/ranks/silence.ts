// For ranks that cannot speak. When collectives fail, native threads write the reason into the control segment, and the
// script gets an error that its rank reports. If no script comes to that, because each is busy, or waits inside a
// driver that does not come back, the launcher reads the reason itself. In the same way it learns who keeps the others
// waiting, long before a time limit ends that.
import { readAbort, readNote } from '../control/shm.ts'
import type { FailureReport } from '../control/wire.ts'

const everyMs = 1000
/** How long a script may take to come to its error. */
const patienceMs = 10_000

/**
 * Calls `failed` when a job has been aborted for long and still goes on, and `note` once when ranks wait for long.
 * Returns how to stop watching.
 */
export function watchSilence(
  segment: number,
  failed: (rank: number, report: FailureReport) => void,
  note: (text: string) => void,
): () => void {
  let since: number | undefined
  let noted = false
  const timer = setInterval(() => {
    const text = noted ? undefined : readNote(segment)
    if (text !== undefined) {
      noted = true
      note(text)
    }
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

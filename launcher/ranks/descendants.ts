// Finds processes of a job that left their rank's process group (`setsid`, `detached: true`): all of them inherited
// DTRAIN_JOB, a number no other process has.
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Kills what is left of a job, except for this process. On systems without /proc it finds nothing. Several ranks may do
 * so at the same time: the latest processes go first, or ranks would kill each other before what they have started.
 */
export function killDescendants(job: string): void {
  for (const pid of processes().sort((a, b) => b - a)) {
    if (pid !== process.pid && environment(pid).includes(`DTRAIN_JOB=${job}`)) signal(pid, 'SIGKILL')
  }
}

/** Sends a signal to a process, or with a negative number to a process group. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already, or no longer ours.
  }
}

/** All of this machine. On systems without /proc it finds none. */
export function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** `NAME=value` of each variable; none where we may not look. */
export function environment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
  } catch {
    return []
  }
}

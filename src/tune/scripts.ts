// Trials in processes of their own: each is a job of the launcher, the same as `dtrain --nproc 2 train.ts`. Whatever
// happens to its ranks is that trial's failure and no more. The script gets its parameters, and gives its value,
// through the search's record (trial.ts), so that nothing listens and nothing is lost.
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { ArgumentError } from '../errors.ts'
import { gpusOf, runLauncher } from '../job/launched.ts'
import { tookTooLong } from './functions.ts'

/** What the trials of a search have in common. */
export interface ScriptJob {
  script: string
  args: readonly string[]
  /** Ranks of a trial, each with a GPU if `gpus`. */
  nproc: number
  gpus: boolean
  emulate: boolean
  /** Trials at a time. */
  parallelism: number
  folder: string
  /** Seconds. */
  timeout: number
}

/** Which trial a process is of: the variable DTRAIN_TRIAL, as JSON. */
export interface TrialAddress {
  folder: string
  trial: number
  attempt: number
}

/** Ranks have this long to end when their time is up. */
const graceSeconds = 1

/**
 * Runs a trial in a group of ranks, from 0; the signal ends it. Returns why it failed, if it did.
 * @throws ArgumentError when the launcher refuses the job, as it would any other of this search
 */
export async function runScript(
  job: ScriptJob,
  address: Omit<TrialAddress, 'folder'>,
  group: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { args, env } = commandOf(job, address, group)
  const { code, late, reason, refused } = await runLauncher(args, env, job.timeout, signal)
  if (late) return tookTooLong(job.timeout)
  if (refused) throw new ArgumentError(`optimize: the trials cannot be started: ${reason}`)
  return code === 0 ? undefined : reason
}

/** The arguments of `dtrain`, and what its environment has more than this process's. */
export function commandOf(job: ScriptJob, address: Omit<TrialAddress, 'folder'>, group: number) {
  const folder = resolve(job.folder)
  const threads = Math.max(1, Math.floor(availableParallelism() / (job.parallelism * job.nproc)))
  const args = [
    ...[job.gpus ? '--gpus' : '--nproc', String(job.nproc)],
    ...(job.emulate ? ['--emulate'] : []),
    ...['--omp-threads', String(threads), '--grace', String(graceSeconds)],
    ...['--log-dir', join(folder, `trial-${address.trial}`)],
    ...[job.script, ...job.args],
  ]
  const env = {
    ...(job.gpus && !job.emulate && { CUDA_VISIBLE_DEVICES: gpusOf(group, job.nproc) }),
    DTRAIN_TRIAL: JSON.stringify({ folder, ...address } satisfies TrialAddress),
  }
  return { args, env }
}

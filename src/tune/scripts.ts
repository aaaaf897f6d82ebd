// Trials in processes of their own: each is a job of the launcher, the same as `dtrain --nproc 2 train.ts`. Whatever
// happens to its ranks is that trial's failure and no more. The script gets its parameters, and gives its value,
// through the search's record (trial.ts), so that nothing listens and nothing is lost.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ArgumentError } from '../errors.ts'
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

const launcher = fileURLToPath(new URL('../../launcher/cli.js', import.meta.url))

/** Ranks have this long to end when their time is up. */
const graceSeconds = 1
const mostKept = 1 << 16

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
  const child = spawn(process.execPath, [launcher, ...args], {
    signal,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', chunk => {
    text = (text + chunk).slice(-mostKept)
  })
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGTERM')
  }, job.timeout * 1000)
  try {
    const code = await new Promise<number>((ended, failed) => {
      child.once('error', failed)
      child.once('close', (code, signal) => ended(signal === null ? code! : -1))
    })
    if (isLate) return tookTooLong(job.timeout)
    return code === 0 ? undefined : reasonOf(text, code)
  } finally {
    clearTimeout(timer)
  }
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
    DTRAIN_SEARCH_PID: String(process.pid),
    DTRAIN_TRIAL: JSON.stringify({ folder, ...address } satisfies TrialAddress),
  }
  return { args, env }
}

/** What the launcher says of the rank that failed, or the compiler of the script. */
function reasonOf(stderr: string, code: number): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const verdict = lines.findLast(line => /^dtrain: rank \d+ /.test(line))
  if (verdict !== undefined) return verdict.slice('dtrain: '.length)
  if (code === 2)
    throw new ArgumentError(`optimize: the trials cannot be started: ${lines.at(-1)?.replace(/^dtrain: /, '')}`)
  return lines[0]?.replace(/^dtrain: /, '') ?? `the launcher ended with code ${code}`
}

/** The GPUs of a group of ranks, of those that this process sees: the first group has the first ones. */
function gpusOf(group: number, count: number): string {
  const visible = process.env.CUDA_VISIBLE_DEVICES?.split(',').map(entry => entry.trim())
  const first = group * count
  const numbers = Array.from({ length: count }, (_, i) => String(first + i))
  return (visible?.slice(first, first + count) ?? numbers).join(',')
}

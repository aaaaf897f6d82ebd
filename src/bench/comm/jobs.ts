// The jobs of `dtrain bench comm`: in each round one for each number of ranks, one of a single process that has as many
// threads as a rank, and the peer's. So what else the machine does meets all of them alike.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ArgumentError, DistributedError } from '../../errors.ts'
import { runLauncher } from '../../job/launched.ts'
import { problemOf } from '../python.ts'
import type { Found, Plan, Seconds } from './plan.ts'

export interface CommPlan {
  device: 'cpu' | 'cuda'
  emulate: boolean
  sizes: readonly number[]
  ranks: readonly number[]
  rounds: number
  /** An interpreter with PyTorch, to measure beside. */
  python?: string | undefined
}

/** What the peer has found. */
export type PeerFound = Record<string, Seconds | (Seconds | null)[]>

export interface JobsFound {
  /** By number of ranks, all rounds. */
  ranks: Map<number, Found[]>
  /** By number of threads: what a process alone has found. */
  alone: Map<number, Found[]>
  peers: Map<number, PeerFound[]>
  torch?: string
}

const windows = 3
const mostSeconds = 600

/** Of a rank, as the launcher has it. */
export const threadsOf = (ranks: number): number => Math.max(1, Math.floor(availableParallelism() / ranks))

/** @throws DistributedError when a rank fails, ArgumentError when the peer cannot be asked */
export async function runJobs(plan: CommPlan): Promise<JobsFound> {
  const problem = plan.python === undefined ? undefined : problemOf(plan.python)
  if (problem !== undefined) throw new ArgumentError(problem)
  const folder = mkdtempSync(join(tmpdir(), 'dtrain-comm-'))
  const found: JobsFound = { ranks: new Map(), alone: new Map(), peers: new Map() }
  const add = <T>(to: Map<number, T[]>, key: number, value: T) => to.set(key, [...(to.get(key) ?? []), value])
  try {
    for (let round = 0; round < plan.rounds; round++) {
      for (const ranks of plan.ranks) {
        const threads = threadsOf(ranks)
        if ((found.alone.get(threads)?.length ?? 0) <= round)
          add(found.alone, threads, await job(plan, 1, threads, folder))
        add(found.ranks, ranks, await job(plan, ranks, threads, folder))
        if (plan.python === undefined) continue
        const { version, found: theirs } = await peer(plan, plan.python, ranks, threads, folder)
        add(found.peers, ranks, theirs)
        found.torch = version
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return found
}

async function job(plan: CommPlan, ranks: number, threads: number, folder: string): Promise<Found> {
  const { device, emulate, sizes } = plan
  const file = join(folder, 'found.json')
  const given: Plan = { device, timed: !emulate, sizes, windows, file }
  const args = [
    ...(device === 'cuda' ? ['--gpus', String(ranks), ...(emulate ? ['--emulate'] : [])] : ['--nproc', String(ranks)]),
    ...['--omp-threads', String(threads), script, JSON.stringify(given)],
  ]
  const { code, late, reason } = await runLauncher(args, {}, mostSeconds)
  if (late) throw new DistributedError(`${ranks} ranks have not come to an end in ${mostSeconds} s`)
  if (code !== 0) throw new DistributedError(reason ?? `the launcher ended with code ${code}`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

const script = fileURLToPath(new URL('./rank.js', import.meta.url))
const gloo = fileURLToPath(new URL('./gloo.py', import.meta.url))

async function peer(plan: CommPlan, python: string, ranks: number, threads: number, folder: string) {
  const given = JSON.stringify({ ranks, threads, sizes: plan.sizes, windows, device: plan.device })
  const store = mkdtempSync(join(folder, 'torch-'))
  const child = spawn(python, ['-W', 'ignore', gloo, given, store], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    said = (said + text).slice(-4096)
  })
  const code = await new Promise<number | null>((ended, failed) => {
    child.once('error', failed)
    child.once('close', ended)
  })
  if (code === 0) return JSON.parse(out) as { version: string; found: PeerFound }
  const reason =
    said
      .trim()
      .split('\n')
      .findLast(line => /^\w/.test(line)) ?? `it ended with ${code}`
  throw new ArgumentError(`--python '${python}': ${reason}`)
}

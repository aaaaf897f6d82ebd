// Starts one process per rank, each the leader of its own process group, so that one kill reaches whatever a rank
// starts in turn, and a Ctrl-C in the terminal reaches the launcher alone.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Duplex, Readable } from 'node:stream'
import { isatty } from 'node:tty'
import type { RankEnv } from '../../src/job/env.ts'
import { statOf } from '../../src/proc.ts'
import { channelFd } from '../control/channel.ts'
import { masterAddress } from '../control/port.ts'
import { isShared } from '../options/gpus.ts'
import type { RunOptions } from '../options/options.ts'

export type RankProcess = ChildProcessByStdio<null, Readable, Readable>

/** The launcher's end of a rank's channel. Absent when the rank could not be started. */
export const channelOf = (child: RankProcess) => child.stdio[channelFd as 4] as Duplex | null | undefined

export interface Job {
  id: string
  options: RunOptions
  /** Descriptor of the shared control segment. */
  segment: number
  /** Descriptor of the compiled script; boot/code.ts knows its number in a rank. */
  code: number
  /** For the script's own use; undefined without a loopback interface. */
  port: number | undefined
  /** Signals that the launcher ignores, since its caller does. */
  ignored: NodeJS.Signals[]
}

/** Where the segment appears in a rank. */
const segmentFd = 3

const loader = new URL('../boot/loader.js', import.meta.url).href

export function spawnRank(rank: number, job: Job): RankProcess {
  const { options, segment, code } = job
  const args = ['--enable-source-maps', ...(options.nodeOptions ?? []), '--import', loader, options.script]
  return spawn(process.execPath, [...args, ...options.args], {
    detached: true,
    stdio: [rank === options.stdin && !shellReads() ? 'inherit' : 'ignore', 'pipe', 'pipe', segment, code, 'pipe'],
    env: { ...process.env, ...colour(), ...toStrings(rankEnv(rank, job)) },
  }) as RankProcess
}

/** The environment contract as it is for one rank. */
export function rankEnv(rank: number, { id, options, port, ignored }: Job): RankEnv {
  const { nproc, timeout, gpus, emulate, trace } = options
  const shared = gpus !== undefined && isShared(gpus)
  return {
    RANK: rank,
    LOCAL_RANK: rank,
    WORLD_SIZE: nproc,
    LOCAL_WORLD_SIZE: nproc,
    GROUP_RANK: 0,
    GROUP_WORLD_SIZE: 1,
    MASTER_ADDR: masterAddress,
    MASTER_PORT: port,
    OMP_NUM_THREADS: options.ompThreads ?? (process.env.OMP_NUM_THREADS || threads(nproc)),
    // Ranks on CPUs see no GPU: a script that asks whether there is one must not put all of them on the first.
    CUDA_VISIBLE_DEVICES: gpus ? (gpus[rank] ?? '') : process.env.CUDA_VISIBLE_DEVICES,
    NCCL_RUNTIME_CONNECT: gpus?.length ? 0 : process.env.NCCL_RUNTIME_CONNECT,
    NCCL_COMM_BLOCKING: gpus?.length ? 0 : process.env.NCCL_COMM_BLOCKING,
    // The kernels of ranks that share a GPU wait for each other, so each takes a few multiprocessors only.
    NCCL_MULTI_RANK_GPU_ENABLE: shared ? 1 : process.env.NCCL_MULTI_RANK_GPU_ENABLE,
    NCCL_MAX_CTAS: process.env.NCCL_MAX_CTAS ?? (shared ? 8 : undefined),
    DTRAIN_GPUS: gpus?.length || undefined,
    DTRAIN_EMULATE: emulate ? 1 : undefined,
    DTRAIN_EMULATION: emulate && gpus?.length ? emulation(gpus) : process.env.DTRAIN_EMULATION,
    DTRAIN_TRACE: trace ?? process.env.DTRAIN_TRACE,
    DTRAIN_JOB: id,
    DTRAIN_LAUNCHER_PID: process.pid,
    DTRAIN_SHM_FD: segmentFd,
    DTRAIN_TIMEOUT: timeout,
    DTRAIN_IGNORED_SIGNALS: ignored.join(',') || undefined,
    // A launcher that a rank starts in turn has another parent.
    DTRAIN_SEARCH_PID: undefined,
  }
}

/**
 * The job was started in the background of a terminal (`&`), where the shell reads what is typed. The kernel would stop
 * this process for reading too, but a rank, in a session of its own, would take lines away from the shell.
 */
function shellReads(): boolean {
  if (!isatty(0)) return false
  try {
    const [, , group, , , foreground] = statOf('self')
    // -1: it is not the terminal of this session.
    return foreground !== '-1' && foreground !== group
  } catch {
    return false // no /proc
  }
}

/** Enough emulated GPUs for all ranks, unless the caller says how many; a later setting wins. */
const emulation = (gpus: string[]) =>
  [`devices=${Math.max(...gpus.map(Number)) + 1}`, process.env.DTRAIN_EMULATION].filter(Boolean).join(',')

/** More threads than cores slow every rank down. */
const threads = (ranks: number) => Math.max(1, Math.floor(availableParallelism() / ranks))

/** A rank writes to a pipe and would print without colours. */
function colour(): NodeJS.ProcessEnv {
  const wanted = process.stdout.isTTY && process.env.NO_COLOR === undefined && process.env.FORCE_COLOR === undefined
  return wanted ? { FORCE_COLOR: '1' } : {}
}

/** Node leaves out a variable that is undefined: so nothing is inherited from a job this launcher may be a rank of. */
const toStrings = (env: RankEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === undefined ? value : String(value)]))

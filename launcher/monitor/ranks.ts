// Which processes of this machine are ranks, of whatever job and launcher, and on which GPUs. A rank is known by its
// environment: what it starts inherits that too, but only a rank has the launcher as its parent. Jobs of other users
// are seen by root alone.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { EnvName } from '../../src/job/env.ts'
import type { NvmlGpu } from '../../src/monitor/index.ts'
import { statOf } from '../../src/proc.ts'
import { environment, processes } from '../ranks/descendants.ts'

export interface Rank {
  job: string
  rank: number
  worldSize: number
  pid: number
  /** The script and its arguments. */
  script: string
  /** Its GPUs are emulated. */
  emulated: boolean
  /** CUDA_VISIBLE_DEVICES of a rank that has a GPU of its own. */
  gpu?: string
  /** CUDA numbers GPUs as the driver does. */
  inBusOrder: boolean
}

/** `1`, or `1:0` for a part (MIG). */
export const gpuName = ({ index, part }: NvmlGpu): string => (part === undefined ? `${index}` : `${index}:${part}`)

/** By job, then by rank. */
export function findRanks(): Rank[] {
  const ranks = processes().flatMap(pid => rankOf(pid) ?? [])
  return ranks.sort((a, b) => (a.job === b.job ? a.rank - b.rank : a.job < b.job ? -1 : 1))
}

function rankOf(pid: number): Rank | undefined {
  const variables = environment(pid)
  const value = (name: EnvName | 'CUDA_DEVICE_ORDER') =>
    variables.find(entry => entry.startsWith(`${name}=`))?.slice(name.length + 1)
  const job = value('DTRAIN_JOB')
  if (job === undefined) return undefined
  try {
    if (statOf(pid)[1] !== value('DTRAIN_LAUNCHER_PID')) return undefined
    return {
      job,
      rank: Number(value('RANK')),
      worldSize: Number(value('WORLD_SIZE')),
      pid,
      script: scriptOf(pid),
      emulated: value('DTRAIN_EMULATE') === '1',
      ...(value('DTRAIN_GPUS') && { gpu: value('CUDA_VISIBLE_DEVICES') }),
      inBusOrder: value('CUDA_DEVICE_ORDER') === 'PCI_BUS_ID',
    }
  } catch {
    return undefined // ended meanwhile
  }
}

/** What stands behind the launcher's own arguments of Node (ranks/spawn.ts). */
function scriptOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  const [script, ...args] = words.slice(words.indexOf('--import') + 2)
  return [basename(script ?? ''), ...args].join(' ')
}

/**
 * The GPUs that a rank computes on: those whose driver names its process, or else the one that it was given. CUDA
 * counts the fastest first and the driver by the bus, so a number says which only where all are alike, or CUDA was told
 * to count so too.
 */
export function gpusOf(rank: Rank, gpus: readonly NvmlGpu[]): NvmlGpu[] {
  const busy = gpus.filter(gpu => gpu.processes.some(({ pid }) => pid === rank.pid))
  if (busy.length > 0) return busy.filter(gpu => !isWholeOf(gpu, busy))
  const { gpu: given } = rank
  if (given === undefined) return []
  const whole = gpus.filter(({ part }) => part === undefined)
  if (!/^\d+$/.test(given)) return gpus.filter(({ uuid }) => uuid.startsWith(given))
  const alike = rank.emulated || rank.inBusOrder || new Set(whole.map(({ name }) => name)).size === 1
  return alike ? whole.filter(({ index }) => index === Number(given)) : []
}

/** The driver names a process of a part (MIG) for the whole GPU too. */
const isWholeOf = (gpu: NvmlGpu, others: readonly NvmlGpu[]) =>
  gpu.part === undefined && others.some(({ index, part }) => index === gpu.index && part !== undefined)

// The environment contract between launcher and rank: torchrun's names, plus DTRAIN_*. Every variable of dtrain's own is
// declared in this table and nowhere else. The launcher imports this file, so it must not import anything that loads the
// addon.
import { ArgumentError } from '../errors.ts'

type Kind = 'int' | 'string'

const table = {
  RANK: ['int', 'global rank of this process, 0 .. WORLD_SIZE-1'],
  LOCAL_RANK: ['int', 'rank among the processes of this machine'],
  WORLD_SIZE: ['int', 'number of ranks in the job'],
  LOCAL_WORLD_SIZE: ['int', 'number of ranks on this machine'],
  GROUP_RANK: ['int', 'rank of this machine (node)'],
  GROUP_WORLD_SIZE: ['int', 'number of machines (nodes)'],
  MASTER_ADDR: ['string', 'host of the control plane'],
  MASTER_PORT: ['int', 'port of the control plane'],
  OMP_NUM_THREADS: ['int', 'threads of one rank; the launcher sets cores / ranks'],
  DTRAIN_JOB: ['string', 'random id of the job'],
  DTRAIN_STORE: ['string', 'ZeroMQ endpoint of the control plane, tcp://host:port'],
  DTRAIN_STORE_SERVER_KEY: ['string', 'CURVE public key of the control plane (z85)'],
  DTRAIN_STORE_PUBLIC_KEY: ['string', 'CURVE public key of the ranks of this job (z85)'],
  DTRAIN_STORE_SECRET_KEY: ['string', 'CURVE secret key of the ranks of this job (z85)'],
  DTRAIN_SHM_FD: ['int', 'inherited descriptor of the shared control segment of the ranks of this machine'],
  DTRAIN_TIMEOUT: ['int', 'seconds a collective waits for its peers before it fails'],
  DTRAIN_MEMORY_BUDGET: [
    'string',
    'most native memory one rank may hold, e.g. 4GiB; default: its share of 80 % of the machine',
  ],
  DTRAIN_STABLE_FINALIZERS: ['string', 'set to 1: use stable Node-API finalizers, which run only between macrotasks'],
} as const satisfies Record<string, readonly [Kind, string]>

export type EnvName = keyof typeof table
type EnvValue<N extends EnvName> = (typeof table)[N][0] extends 'int' ? number : string

/** Names with one-line descriptions, for documentation and `--help`. */
export const envTable: Readonly<Record<EnvName, readonly [Kind, string]>> = table

/** Value of one declared variable, or undefined when unset. @throws ArgumentError when an integer is expected. */
export function env<N extends EnvName>(name: N): EnvValue<N> | undefined {
  const text = process.env[name]
  if (text === undefined || text === '') return undefined
  if (table[name][0] === 'string') return text as EnvValue<N>
  const value = Number(text)
  if (!Number.isInteger(value)) {
    throw new ArgumentError(`environment variable ${name} must be an integer (${table[name][1]}), got '${text}'`)
  }
  return value as EnvValue<N>
}

/** What the launcher sets for one rank; a missing variable is a compile error. */
export type RankEnv = Record<Exclude<EnvName, 'DTRAIN_MEMORY_BUDGET' | 'DTRAIN_STABLE_FINALIZERS'>, string | number>

/** This process's place in the job; a plain `node script` is rank 0 of 1. */
export function rankInfo(): { rank: number; worldSize: number; localRank: number; localWorldSize: number } {
  const rank = env('RANK') ?? 0
  const worldSize = env('WORLD_SIZE') ?? 1
  return { rank, worldSize, localRank: env('LOCAL_RANK') ?? rank, localWorldSize: env('LOCAL_WORLD_SIZE') ?? worldSize }
}

// The environment contract between launcher and rank: torchrun's names, plus DTRAIN_*. Every variable of dtrain's own
// is declared in this table and nowhere else. The launcher imports this file, so it must not import anything that loads
// the addon.
import { ArgumentError } from '../errors.ts'

type Kind = 'int' | 'string'

const table = {
  RANK: ['int', 'global rank of this process, 0 .. WORLD_SIZE-1'],
  LOCAL_RANK: ['int', 'rank among the processes of this machine'],
  WORLD_SIZE: ['int', 'number of ranks in the job'],
  LOCAL_WORLD_SIZE: ['int', 'number of ranks on this machine'],
  GROUP_RANK: ['int', 'rank of this machine (node)'],
  GROUP_WORLD_SIZE: ['int', 'number of machines (nodes)'],
  MASTER_ADDR: ['string', 'host of rank 0, for what the script opens itself'],
  MASTER_PORT: ['int', 'a port that was free there when the job began, for the same'],
  OMP_NUM_THREADS: ['int', 'threads of one rank; the launcher sets cores / ranks'],
  CUDA_VISIBLE_DEVICES: ['string', 'GPUs that a process sees, numbers or UUIDs; empty hides all'],
  NCCL_RUNTIME_CONNECT: ['int', 'set to 0 for jobs on GPUs: ranks connect when they join'],
  NCCL_COMM_BLOCKING: ['int', 'set to 0 for jobs on GPUs: no call of NCCL waits for another rank'],
  NCCL_MULTI_RANK_GPU_ENABLE: ['int', 'set to 1 for jobs with two ranks on a GPU (--gpus 0,0), which wants NCCL 2.30'],
  NCCL_MAX_CTAS: ['int', 'set for such jobs: on how many multiprocessors the collectives of a rank run'],
  DTRAIN_JOB: ['string', 'random id of the job'],
  DTRAIN_LAUNCHER_PID: ['int', 'process id of the launcher; a rank with another parent is an orphan'],
  DTRAIN_GPUS: ['int', 'number of ranks on this machine, if each of them has a GPU; unset when they train on CPUs'],
  DTRAIN_EMULATE: ['int', 'set to 1: GPUs are emulated on the CPU, for correctness, never for speed'],
  DTRAIN_EMULATION: ['string', 'settings of the emulated GPUs, e.g. devices=8,memory=2GiB'],
  DTRAIN_EMULATION_FAULT: ['string', 'which calls of an emulated GPU fail, e.g. malloc rank=1 after=40'],
  DTRAIN_TRACE: ['string', 'folder for a trace of each rank, rank-N.json'],
  DTRAIN_SHM_FD: ['int', 'inherited descriptor of the shared control segment of the ranks of this machine'],
  DTRAIN_IGNORED_SIGNALS: ['string', 'signals that the caller of the launcher ignores, e.g. SIGHUP,SIGINT'],
  DTRAIN_TIMEOUT: ['int', 'seconds a collective waits for its peers before it fails'],
  DTRAIN_MEMORY_BUDGET: [
    'string',
    'most native memory one rank may hold, e.g. 4GiB; default: its share of 80 % of the machine',
  ],
  DTRAIN_NO_MEMORY_CACHING: [
    'string',
    'set to 1: freed native memory is given back at once, for tools that watch memory',
  ],
  DTRAIN_LOOPS: ['string', 'instruction set of the inner loops of the CPU, sse2, avx2 or avx512; default: the best'],
  DTRAIN_BUILD: ['string', 'folder of the native core inside the package, e.g. build/asan for one under sanitizers'],
  DTRAIN_LIBRARY_PATH: ['string', 'folders with libcublasLt, libcudnn, libcusolver and libnccl, separated by colons'],
  DTRAIN_TRIAL: ['string', 'which trial of which search the script is, as JSON; dtrain/tune sets it'],
  DTRAIN_SEARCH_PID: ['int', 'process id of that search, the parent of the launcher: the job ends with it'],
  DTRAIN_BENCH: ['string', 'what `dtrain bench scaling` measures in this job, as JSON'],
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

/** Those that ranks inherit: a person may set them, or a search. */
type Settings =
  | 'DTRAIN_MEMORY_BUDGET'
  | 'DTRAIN_NO_MEMORY_CACHING'
  | 'DTRAIN_LOOPS'
  | 'DTRAIN_BUILD'
  | 'DTRAIN_LIBRARY_PATH'
  | 'DTRAIN_STABLE_FINALIZERS'
  | 'DTRAIN_EMULATION_FAULT'
  | 'DTRAIN_TRIAL'
  | 'DTRAIN_BENCH'
/** Those that only some jobs have; undefined takes them from the environment of a rank. */
type Occasional =
  | 'CUDA_VISIBLE_DEVICES'
  | 'MASTER_PORT'
  | 'NCCL_RUNTIME_CONNECT'
  | 'NCCL_COMM_BLOCKING'
  | 'NCCL_MULTI_RANK_GPU_ENABLE'
  | 'NCCL_MAX_CTAS'
  | 'DTRAIN_GPUS'
  | 'DTRAIN_EMULATE'
  | 'DTRAIN_EMULATION'
  | 'DTRAIN_TRACE'
  | 'DTRAIN_IGNORED_SIGNALS'
  | 'DTRAIN_SEARCH_PID'

/** What the launcher sets for one rank; a missing variable is a compile error. */
export type RankEnv = Record<Exclude<EnvName, Settings | Occasional>, string | number> &
  Record<Occasional, string | number | undefined>

/** What a person is told once when GPUs are emulated. */
export const emulationNotice = "GPUs are emulated on this machine's CPU: for correctness, never for speed"

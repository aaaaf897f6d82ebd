// One look at everything that `dtrain monitor` shows; --json prints it as it is.
import { machineGpus, type NvmlGpu } from '../../src/monitor/gpus.ts'
import { type MachineSample, type ProcessSample, Usage } from '../../src/monitor/machine.ts'
import { findRanks, gpuName, gpusOf } from './ranks.ts'

/** A rank of a job that runs on this machine. */
export interface RankSample extends ProcessSample {
  job: string
  rank: number
  worldSize: number
  pid: number
  script: string
  /** Their names in the table. */
  gpus: string[]
  /** Bytes on its GPUs, where the driver tells those of a process. */
  gpuMemory?: number
}

export interface Snapshot {
  /** As in 2026-11-28T01:02:03.456Z. */
  time: string
  machine: MachineSample
  gpus: NvmlGpu[]
  /** Why there are none. */
  noGpus?: string
  ranks: RankSample[]
}

/** Percent of the cores are of the time since the snapshot before. */
export class Snapshots {
  readonly #usage = new Usage()

  constructor(private readonly emulated: boolean) {
    this.#usage.processes(findRanks().map(({ pid }) => pid))
    machineGpus() // the driver takes its time for the first question
  }

  take(): Snapshot {
    const { gpus, noGpus } = machineGpus()
    const found = findRanks()
    const use = this.#usage.processes(found.map(({ pid }) => pid))
    const ranks = found.flatMap(rank => {
      const sample = use.get(rank.pid)
      if (sample === undefined) return []
      const { job, rank: number, worldSize, pid, script } = rank
      // GPUs that are emulated for a rank are none of the machine's, and the other way round.
      const own = rank.emulated === this.emulated ? gpusOf(rank, gpus) : []
      const memory = own.flatMap(gpu => gpu.processes.filter(one => one.pid === pid).map(one => one.memory))
      const gpuMemory = memory.reduce((sum, one) => (sum === undefined ? one : sum + (one ?? 0)), undefined)
      return [{ job, rank: number, worldSize, pid, script, gpus: own.map(gpuName), gpuMemory, ...sample }]
    })
    return { time: new Date().toISOString(), machine: this.#usage.machine(), gpus, noGpus, ranks }
  }
}

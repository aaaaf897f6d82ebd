// One look at the machine, this process and its GPUs.
import { type GpuSample, processGpus } from './gpus.ts'
import { type MachineSample, type ProcessSample, Usage } from './machine.ts'

/** What `sample` tells. A value that a GPU does not tell is absent. */
export interface Sample {
  /** Seconds since 1970. */
  time: number
  machine: MachineSample
  process: ProcessSample
  /** Those that this process sees: `gpus[0]` is most often `cuda:0`. */
  gpus: GpuSample[]
  /** Why there are none. */
  noGpus?: string
}

/** Percent are of the time since the sample before, or since it was made. */
export class Sampler {
  readonly #usage = new Usage()

  constructor() {
    this.#usage.processes([process.pid])
  }

  sample(): Sample {
    return {
      time: Date.now() / 1000,
      machine: this.#usage.machine(),
      process: this.#usage.processes([process.pid]).get(process.pid)!,
      ...processGpus(),
    }
  }
}

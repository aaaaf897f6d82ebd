// What the NVIDIA driver says of GPUs: of all that the machine has, or of those that this process sees.
import type { NvmlGpu } from '../native/addon.ts'
import { native } from '../native/load.ts'

export type { NvmlGpu }

/** A GPU that this process sees. */
export interface GpuSample extends NvmlGpu {
  /** As in `cuda:0`. */
  device: string
}

export interface Gpus<G extends NvmlGpu> {
  gpus: G[]
  /** Why there are none. */
  noGpus?: string
}

/** All of the machine, in the order of the bus, each followed by its parts (MIG). */
export function machineGpus(): Gpus<NvmlGpu> {
  const reason = native.nvmlUnavailable()
  if (reason !== '') return { gpus: [], noGpus: reason }
  const gpus = native.nvmlGpus()
  return gpus.length > 0 ? { gpus } : { gpus, noGpus: 'no NVIDIA GPU' }
}

/** Of the GPUs that this process sees: they stay, and CUDA takes its time to tell them. */
let uuids: string[] | undefined

/** Those that this process sees, in CUDA's order: CUDA and the driver number them differently, so by their UUIDs. */
export function processGpus(): Gpus<GpuSample> {
  uuids ??= native.cudaUuids()
  if (uuids.length === 0) return { gpus: [], noGpus: native.cudaUnavailable() }
  const { gpus, noGpus } = machineGpus()
  const own = uuids.flatMap((uuid, device) => {
    const gpu = gpus.find(gpu => gpu.uuid.endsWith(uuid))
    return gpu === undefined ? [] : [{ device: `cuda:${device}`, ...gpu }]
  })
  if (own.length > 0) return { gpus: own }
  return { gpus: [], noGpus: noGpus ?? 'the NVIDIA driver does not know the GPUs of this process' }
}

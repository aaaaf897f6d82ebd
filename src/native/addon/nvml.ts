// What the NVIDIA driver says of the machine's GPUs, whichever of them this process sees: src/monitor.
// Written by `npm run addon-types` from native/binding/tables/nvml.cc.
import type { NvmlGpu } from './types.ts'

export interface NvmlFunctions {
  /** Why the driver cannot be asked, or '' when it can. */
  nvmlUnavailable(): string
  /** All GPUs, each followed by its parts (MIG); none where the driver cannot be asked. */
  nvmlGpus(): NvmlGpu[]
}

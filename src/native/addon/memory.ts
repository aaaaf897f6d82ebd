// Memory of a device.
// Written by `npm run addon-types` from native/binding/tables/memory.cc.
import type { DeviceName, MemoryStats } from './types.ts'

export interface MemoryFunctions {
  memoryStats(device: DeviceName): MemoryStats
  resetPeakMemoryStats(device: DeviceName): void
  setMemoryBudget(bytes: number, device: DeviceName): void
  emptyCache(device: DeviceName): void
}

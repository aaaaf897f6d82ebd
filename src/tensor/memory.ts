// What the native memory of this process looks like, and its limit, on the CPU; src/cuda has the same for GPUs. Nothing
// here counts JavaScript's own heap.
import type { MemoryStats } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { atMost } from './refuse.ts'

export type { MemoryStats }

/** Bytes in use, cached and allowed, and how often garbage collection was forced. PyTorch: torch.cuda.memory_stats. */
export function memoryStats(): MemoryStats {
  atMost('memoryStats', 0, arguments.length)
  return native.memoryStats(null)
}

/** Makes `memoryStats().peak` start over from what is live now. */
export function resetPeakMemoryStats(): void {
  atMost('resetPeakMemoryStats', 0, arguments.length)
  native.resetPeakMemoryStats(null)
}

/** Returns freed memory that is kept for reuse to the system. PyTorch: torch.cuda.empty_cache. */
export function emptyCache(): void {
  atMost('emptyCache', 0, arguments.length)
  native.emptyCache(null)
}

/** Bytes tensors may take before garbage is collected and, if that does not help, OutOfMemoryError is thrown. */
export function setMemoryBudget(bytes: number): void {
  atMost('setMemoryBudget', 1, arguments.length)
  native.setMemoryBudget(bytes, null)
}

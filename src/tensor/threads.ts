// How many threads one op may use. The launcher divides the cores of a machine among its ranks by OMP_NUM_THREADS, so
// programs seldom call these.
import { native } from '../native/load.ts'
import { atMost } from './refuse.ts'

/** Threads an op may use. PyTorch: torch.get_num_threads. */
export function getNumThreads(): number {
  atMost('getNumThreads', 0, arguments.length)
  return native.numThreads()
}

/** Sets how many threads an op may use. PyTorch: torch.set_num_threads. @throws ArgumentError unless positive */
export function setNumThreads(n: number): void {
  atMost('setNumThreads', 1, arguments.length)
  native.setNumThreads(n)
}

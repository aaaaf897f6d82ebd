// Whether ops give the same bits on every run. On the CPU they always do, whatever the number of threads. On a GPU
// scattered elements are added up in any order, and of those written to one place any stays, unless this is on.
import { native } from '../native/load.ts'
import { flag } from './args.ts'
import { atMost } from './refuse.ts'

/**
 * Lets ops on GPUs give the same bits on every run: what is scattered is sorted by its place first, and convolutions
 * take cuDNN's algorithms that do. Slower; default: off. For all devices and Workers of the process. PyTorch:
 * torch.use_deterministic_algorithms.
 * @throws ArgumentError unless it is said by true or false
 * @example useDeterministicAlgorithms(true)
 */
export function useDeterministicAlgorithms(mode: boolean): void {
  atMost('useDeterministicAlgorithms', 1, arguments.length)
  native.cudaSetChoice('deterministic', flag('useDeterministicAlgorithms', mode))
}

/** Whether `useDeterministicAlgorithms` is on. PyTorch: torch.are_deterministic_algorithms_enabled. */
export function areDeterministicAlgorithmsEnabled(): boolean {
  atMost('areDeterministicAlgorithmsEnabled', 0, arguments.length)
  return native.cudaChoice('deterministic')
}

// What a dataset can learn about the worker thread it is in, and how a dataset tells what a worker makes it of.
import { atMost } from '../tensor/index.ts'

/** Which worker of a `DataLoader` this thread is. */
export interface WorkerInfo {
  /** From 0 to `numWorkers` - 1. */
  readonly id: number
  readonly numWorkers: number
  /** What the default generators of this worker were seeded with: `id` plus a number that the loader has drawn. */
  readonly seed: bigint
  /** This worker's copy of the loader's dataset; undefined while its module is being imported. */
  readonly dataset: unknown
}

/**
 * A class with this method is given to worker threads as `new Class(...object.toWorker())`, instead of property by
 * property. A class with private `#members` needs it.
 * @example
 * class Pairs implements Dataset<number[]>, ToWorker {
 *   #count: number
 *   constructor(count: number) { this.#count = count }
 *   toWorker() { return [this.#count] }
 *   get length() { return this.#count }
 *   get(index: number) { return [index, index] }
 * }
 */
export interface ToWorker {
  toWorker(): readonly unknown[]
}

let current: WorkerInfo | null = null

/** @internal */
export function setWorkerInfo(info: WorkerInfo): void {
  current = Object.freeze(info)
}

/**
 * Which worker of a `DataLoader` the calling thread is; null in all other threads, so also in the main one. PyTorch:
 * torch.utils.data.get_worker_info.
 * @example
 * class Range implements IterableDataset<number> {
 *   *[Symbol.iterator]() {
 *     const { id, numWorkers } = getWorkerInfo() ?? { id: 0, numWorkers: 1 }
 *     for (let i = id; i < 100; i += numWorkers) yield i // each worker has its share
 *   }
 * }
 */
export function getWorkerInfo(): WorkerInfo | null {
  atMost('getWorkerInfo', 0, arguments.length)
  return current
}

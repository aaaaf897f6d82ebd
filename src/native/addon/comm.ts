// Communication between the ranks of the job.
// Written by `npm run addon-types` from native/binding/tables/comm.cc.
import type { Bytes, Handle } from './types.ts'

export interface CommFunctions {
  /** `ncclId`: what rank 0's ncclUniqueId() gave, the same on all ranks; null in a job on CPUs. */
  commInit(rank: number, worldSize: number, fd: number, timeoutMs: number, ncclId: Bytes | null): void
  commAllReduce(x: Handle, op: 'sum' | 'mean'): void
  commBroadcast(xs: Handle[], root: number): void
  commAllGather(x: Handle): Handle
  commReduceScatter(x: Handle, op: 'sum' | 'mean'): Handle
  commBarrier(): void
  commAllReduceAsync(x: Handle, op: 'sum' | 'mean'): Promise<void>
  commBroadcastAsync(x: Handle, root: number): Promise<void>
  commAllGatherAsync(x: Handle): Promise<Handle>
  commReduceScatterAsync(x: Handle, op: 'sum' | 'mean'): Promise<Handle>
  commBarrierAsync(): Promise<void>
  commAbort(reason: string): void
  /** Before the process ends well: waits for its devices, and until the other ranks need it no more. */
  finish(): void
  /**
   * Before the process ends: stops threads. False when NCCL keeps one of them, beside which exit handlers must not
   * run.
   */
  commLeave(): boolean
  /** Ends the process without its exit handlers. The only function that does. */
  exitAtOnce(code: number): never
  ncclUniqueId(): Uint8Array
}

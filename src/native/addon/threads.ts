// Tensors on their way from one thread to another: both share the storage, nothing is copied. A given tensor waits
// under a number until a thread takes it, or until the worker thread it was given to or by has ended.
// Written by `npm run addon-types` from native/binding/tables/threads.cc.
import type { Handle } from './types.ts'

export interface ThreadsFunctions {
  /** The number to send to the other thread. `worker`: the thread that must be alive for somebody to take it. */
  give(x: Handle, worker: number): number
  takeGiven(number: number): Handle
  /** Lets go of all that waits for this worker or came from it. */
  takeBack(worker: number): void
}

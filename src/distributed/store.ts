// The job's key-value store, over the launcher's control plane. The launcher's boot code connects it before the script
// runs and leaves it under a well-known symbol, so this side needs no ZeroMQ.
import { DistributedError } from '../errors.ts'

/** Small values shared by all ranks of a job. Waits end with an error after `dtrain --timeout` seconds. */
export interface Store {
  set(key: string, value: Uint8Array | string): Promise<void>
  /** The value, once somebody has set it. */
  get(key: string): Promise<Uint8Array | string>
  /** Adds to a counter and returns its new value. */
  add(key: string, n: number): Promise<number>
  /** Resolves when every rank has called it with this name. */
  barrier(name: string): Promise<void>
}

/** The store of this job. PyTorch: torch.distributed.TCPStore. @throws DistributedError without the launcher */
export function getStore(): Store {
  const store = (globalThis as Record<symbol, unknown>)[Symbol.for('dtrain.store')]
  if (store === undefined) {
    throw new DistributedError('the job has no store: start the script with dtrain --nproc N <script>')
  }
  return store as Store
}

// What a rank can do with the job's key-value store. The launcher keeps the values, and its boot code connects each
// rank.

/** Small values only: tensors go another way. */
export type StoreValue = Uint8Array | string

/** Small values, counters and barriers shared by all ranks of a job. Waits end after `dtrain --timeout` seconds. */
export interface Store {
  set(key: string, value: StoreValue): Promise<void>
  /**
   * The value, once some rank has set it; a counter as decimal text.
   * @throws DistributedError when nobody sets it in time
   */
  get(key: string): Promise<StoreValue>
  /** Adds to a counter that starts at 0, and returns its new value. */
  add(key: string, n: number): Promise<number>
  /**
   * Resolves when every rank has called it with this name, which can be used again.
   * @throws DistributedError when a rank does not come in time, PeerError when one has exited
   */
  barrier(name: string): Promise<void>
}

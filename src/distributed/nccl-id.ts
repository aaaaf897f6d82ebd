// How the ranks of a GPU job get the id that NCCL wants from all of them: rank 0 makes one, and the store brings it to
// the others. Joining a group is synchronous (group.ts), the store is not; so the launcher's boot code does this before
// it imports the script, the only place that may await, and leaves the id where group.ts finds it.
import type { Store } from '../job/store.ts'
import { publish } from '../job/symbols.ts'
import { native } from '../native/load.ts'

const key = 'dtrain/nccl'

/** Leaves the same id on every rank. @throws UnsupportedError on rank 0 without NCCL */
export async function exchangeNcclId(store: Pick<Store, 'set' | 'get'>, rank: number): Promise<void> {
  const id = rank === 0 ? native.ncclUniqueId() : ((await store.get(key)) as Uint8Array)
  if (rank === 0) await store.set(key, id)
  publish('ncclId', id)
}

// The job's key-value store, over the launcher's control plane. The launcher's boot code connects it before the script
// runs.
import { DistributedError } from '../errors.ts'
import type { Store } from '../job/store.ts'
import { published } from '../job/symbols.ts'
import { atMost } from '../tensor/index.ts'

/** The store of this job. PyTorch: torch.distributed.TCPStore. @throws DistributedError without the launcher */
export function getStore(): Store {
  atMost('getStore', 0, arguments.length)
  const store = published('store')
  if (store !== undefined) return store
  throw new DistributedError('the job has no store: start the script with dtrain --nproc N <script>')
}

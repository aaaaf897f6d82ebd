// What 'dtrain/distributed' exports.
export type { Store, StoreValue } from '../job/store.ts'
export {
  type AllReduceOptions,
  abort,
  allGather,
  allReduce,
  type BroadcastOptions,
  barrier,
  broadcast,
  type ReduceOp,
  type ReduceScatterOptions,
  reduceScatter,
} from './collectives.ts'
export { DataParallel } from './data-parallel.ts'
export { DistributedDataParallel } from './distributed-data-parallel.ts'
export { getRank, getWorldSize, initProcessGroup, isInitialized } from './group.ts'
export type { ReplicaOptions } from './replica.ts'
export { save } from './save.ts'
export { getStore } from './store.ts'

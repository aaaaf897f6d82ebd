// Reducers of gradients, and what a replica of DataParallel exchanges with the others.
// Written by `npm run addon-types` from native/binding/tables/reducer.cc.
import type { GatherHandle, Handle, ReducerHandle } from './types.ts'

export interface ReducerFunctions {
  /** `wrapper`: the name of its class, for messages. */
  reducer(params: Handle[], firstBucketBytes: number, bucketBytes: number, wrapper: string): ReducerHandle
  /** Identity whose backward arms the reducer; `weight` is this rank's sample count. */
  reducerSink(reducer: ReducerHandle, x: Handle, weight: number): Handle
  /**
   * This rank's rows of each, for a gathering; another rank's, if there are none for it and it is idle. `call` says how
   * the module is called, which must be the same on all ranks.
   */
  scatterRows(reducer: ReducerHandle, xs: Handle[], call: string): [gather: GatherHandle, rows: Handle[]]
  gatherIdle(gather: GatherHandle): boolean
  /** All ranks' ys joined along dim 0, by rank; `structure` is that of the module's output. */
  gatherRows(gather: GatherHandle, ys: Handle[], structure: string): Handle[]
  /** The same for an idle rank, which learns the structure. */
  gatherNothing(gather: GatherHandle): [structure: string, joined: Handle[]]
  /** Instead of gathering: throws on all ranks, after those that would wait have heard why. */
  gatherFailure(gather: GatherHandle, reason: string): never
  /** Until leaveReplica(), this thread computes what belongs to a replica, and draws from streams of its own. */
  enterReplica(): void
  leaveReplica(): void
  reducerSync(reducer: ReducerHandle, on: boolean): void
  reducerBuckets(reducer: ReducerHandle): number[][]
  /** Lets go of the parameters. */
  reducerUnhook(reducer: ReducerHandle): void
  /** Whether a reducer watches this parameter. */
  isReduced(x: Handle): boolean
}

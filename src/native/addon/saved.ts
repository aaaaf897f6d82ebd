// What programs do with the tensors that are kept for backward: hooks that replace them, and checkpoint(), which
// computes them again.
// Written by `npm run addon-types` from native/binding/tables/saved.cc.
import type { Callback } from './types.ts'

export interface SavedFunctions {
  /** Calls fn. What is kept for backward meanwhile is given to `pack`, which returns a function that brings it back. */
  withSavedHooks(pack: Callback, fn: Callback): unknown
  /** Calls fn, and keeps nothing of what it keeps for backward: `recompute` brings it back, by calling fn again. */
  checkpointed(fn: Callback, recompute: Callback, compare: boolean, stopEarly: boolean): unknown
  /** Whether what runs in `recompute` may be left. */
  checkpointComplete(): boolean
}

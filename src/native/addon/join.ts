// Joining tensors.
// Written by `npm run addon-types` from native/binding/tables/join.cc.
import type { Handle } from './types.ts'

export interface JoinFunctions {
  cat(xs: Handle[], dim: number): Handle
}

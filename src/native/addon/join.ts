// Joining tensors, and bringing them to one shape.
// Written by `npm run addon-types` from native/binding/tables/join.cc.
import type { Dims, Handle } from './types.ts'

export interface JoinFunctions {
  cat(xs: Handle[], dim: number): Handle
  hstack(xs: Handle[]): Handle
  vstack(xs: Handle[]): Handle
  dstack(xs: Handle[]): Handle
  columnStack(xs: Handle[]): Handle
  broadcastTensors(xs: Handle[]): Handle[]
  meshgrid(xs: Handle[], indexing: 'ij' | 'xy'): Handle[]
  sumToSize(x: Handle, shape: Dims): Handle
}

// Distances of rows.
// Written by `npm run addon-types` from native/binding/tables/distance.cc.
import type { Handle } from './types.ts'

export interface DistanceFunctions {
  cdist(x: Handle, y: Handle, p: number, byProduct: boolean): Handle
  pdist(x: Handle, p: number): Handle
}

// Optimizers, one call for each step; `fresh` says that the momentum buffers hold nothing yet.
// Written by `npm run addon-types` from native/binding/tables/optim.cc.
import type { Handle } from './types.ts'

export interface OptimFunctions {
  sgd(
    params: Handle[],
    buffers: Handle[],
    fresh: boolean,
    lr: number,
    momentum: number,
    dampening: number,
    weightDecay: number,
    nesterov: boolean,
    maximize: boolean,
  ): void
}

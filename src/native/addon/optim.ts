// Optimizers: one call for each step of a group.
// Written by `npm run addon-types` from native/binding/tables/optim.cc.
import type { Handle } from './types.ts'

export interface OptimFunctions {
  optimStep(
    kind: 'sgd' | 'adam' | 'rmsprop' | 'centeredRmsprop' | 'adagrad',
    params: Handle[],
    states: Handle[][],
    scalars: number[],
  ): void
}

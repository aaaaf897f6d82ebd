// Optimizers: one call for each step of a group.
// Written by `npm run addon-types` from native/binding/tables/optim.cc.
import type { Handle } from './types.ts'

export interface OptimFunctions {
  haveGradients(params: Handle[]): Uint8Array
  optimStep(
    kind:
      | 'sgd'
      | 'adam'
      | 'rmsprop'
      | 'centeredRmsprop'
      | 'adagrad'
      | 'adadelta'
      | 'adamax'
      | 'asgd'
      | 'nadam'
      | 'radam'
      | 'rprop',
    params: Handle[],
    states: Handle[][],
    scalars: number[],
  ): void
  adafactorStep(params: Handle[], states: Handle[][], scalars: number[]): void
  muonStep(params: Handle[], states: Handle[][], scalars: number[]): void
}

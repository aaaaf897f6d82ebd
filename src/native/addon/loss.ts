// Losses over classes.
// Written by `npm run addon-types` from native/binding/tables/loss.cc.
import type { Handle } from './types.ts'

export interface LossFunctions {
  nllLoss(
    x: Handle,
    target: Handle,
    weight: Handle | null,
    reduction: 'none' | 'mean' | 'sum',
    ignoreIndex: number,
  ): Handle
  crossEntropy(
    x: Handle,
    target: Handle,
    weight: Handle | null,
    reduction: 'none' | 'mean' | 'sum',
    ignoreIndex: number,
    labelSmoothing: number,
  ): Handle
}

// Losses over classes, and of pairs of elements.
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
  mseLoss(x: Handle, target: Handle, reduction: 'none' | 'mean' | 'sum', weight: Handle | null): Handle
  l1Loss(x: Handle, target: Handle, reduction: 'none' | 'mean' | 'sum', weight: Handle | null): Handle
  ctcLoss(
    logProbs: Handle,
    targets: Handle,
    inputLengths: number[],
    targetLengths: number[],
    blank: number,
    reduction: 'none' | 'mean' | 'sum',
    zeroInfinity: boolean,
  ): Handle
  huberLoss(x: Handle, target: Handle, reduction: 'none' | 'mean' | 'sum', delta: number, weight: Handle | null): Handle
  smoothL1Loss(x: Handle, target: Handle, reduction: 'none' | 'mean' | 'sum', beta: number): Handle
  binaryCrossEntropy(x: Handle, target: Handle, weight: Handle | null, reduction: 'none' | 'mean' | 'sum'): Handle
  binaryCrossEntropyWithLogits(
    x: Handle,
    target: Handle,
    weight: Handle | null,
    reduction: 'none' | 'mean' | 'sum',
    posWeight: Handle | null,
  ): Handle
}

// How losses that are made of other ops become one number.
import { ArgumentError } from '../../errors.ts'
import { shown, type Tensor } from '../../tensor/index.ts'
import type { Reduction } from './loss-options.ts'

/** @throws ArgumentError for another word */
export function reduced(op: string, losses: Tensor, reduction: Reduction = 'mean'): Tensor {
  switch (reduction) {
    case 'none':
      return losses
    case 'mean':
      return losses.mean()
    case 'sum':
      return losses.sum()
    default:
      throw new ArgumentError(`${op}: reduction: expected 'none', 'mean' or 'sum', got '${shown(reduction)}'`)
  }
}

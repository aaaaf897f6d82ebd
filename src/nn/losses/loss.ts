// What all losses have in common.
import type { Tensor } from '../../tensor/index.ts'
import type { Reduction, ReductionOptions } from '../functional/loss-options.ts'
import { Module } from '../module/module.ts'

export abstract class Loss<Inputs extends unknown[] = [input: Tensor, target: Tensor]> extends Module<Inputs> {
  readonly reduction: Reduction

  constructor({ reduction = 'mean' }: ReductionOptions) {
    super()
    this.reduction = reduction
  }
}

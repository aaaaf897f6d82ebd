// Flattening as a layer. Unlike the function it starts at dimension 1, so it keeps the batch.
import { atMost, flatten, Options, repr, type Tensor } from '../../tensor/index.ts'
import { Module } from '../module/module.ts'

/** Options of `Flatten`. */
export interface FlattenLayerOptions {
  /** First dimension to join, default 1. */
  startDim?: number
  /** Last dimension to join, default -1. */
  endDim?: number
}

const flattenOptions = new Options<FlattenLayerOptions>({ startDim: true, endDim: true })

/** Joins all dimensions but the first. PyTorch: torch.nn.Flatten. @example new nn.Flatten() */
export class Flatten extends Module {
  readonly startDim: number
  readonly endDim: number

  constructor(startDim?: number | FlattenLayerOptions, options?: FlattenLayerOptions) {
    atMost('Flatten', 2, arguments.length)
    super()
    const given = flattenOptions.readFirst('Flatten', startDim, options)
    this.startDim = given.startDim ?? 1
    this.endDim = given.endDim ?? -1
  }

  forward(x: Tensor): Tensor {
    return flatten(x, { startDim: this.startDim, endDim: this.endDim })
  }

  override extraRepr(): string {
    return repr(this, 'startDim endDim')
  }
}

// Flattening as a layer, and its inverse. Unlike the function it starts at dimension 1, so it keeps the batch.
import { atMost, checked, flatten, Options, refuse, repr, type Tensor } from '../../tensor/index.ts'
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

/**
 * One dimension as several, of which one may be -1. PyTorch: torch.nn.Unflatten.
 * @example new nn.Unflatten(1, [2, -1])
 */
export class Unflatten extends Module {
  readonly dim: number
  readonly unflattenedSize: readonly number[]

  constructor(dim: number, unflattenedSize: readonly number[]) {
    atMost('Unflatten', 2, arguments.length)
    super()
    this.dim = typeof dim === 'number' ? dim : refuse('Unflatten: dim', 'a number', dim)
    if (!Array.isArray(unflattenedSize)) refuse('Unflatten: unflattenedSize', 'an array of sizes', unflattenedSize)
    this.unflattenedSize = Object.freeze([...unflattenedSize])
  }

  forward(x: Tensor): Tensor {
    return checked('Unflatten', x).unflatten(this.dim, this.unflattenedSize)
  }

  override extraRepr(): string {
    return repr(this, 'dim unflattenedSize')
  }
}

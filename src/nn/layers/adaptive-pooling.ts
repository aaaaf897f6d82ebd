// Layers whose results have a size of their own, whatever that of the input: windows share the input out evenly.
import { adaptiveAvgPool1d, atMost, type Pooled, repr, type Single, type Tensor } from '../../tensor/index.ts'
import {
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from '../functional/pool.ts'
import {
  type AdaptivePair,
  type AdaptiveTriple,
  type IndicesOptions,
  indicesOptions,
} from '../functional/pool-options.ts'
import { Module } from '../module/module.ts'

/** Nobody else can change it. */
const own = <S>(size: S): S => (Array.isArray(size) ? (Object.freeze([...size]) as S) : size)

abstract class AdaptiveAvgPoolNd<S> extends Module {
  readonly outputSize: S

  constructor(outputSize: S) {
    super()
    this.outputSize = own(outputSize)
  }

  override extraRepr(): string {
    return repr(this, 'outputSize')
  }
}

/** Means, so many that a sequence has the size. PyTorch: torch.nn.AdaptiveAvgPool1d. */
export class AdaptiveAvgPool1d extends AdaptiveAvgPoolNd<Single> {
  constructor(outputSize: Single) {
    atMost('AdaptiveAvgPool1d', 1, arguments.length)
    super(outputSize)
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize)
  }
}

/**
 * Means, so many that an image has the size; null is that of the input. PyTorch: torch.nn.AdaptiveAvgPool2d.
 * @example new nn.AdaptiveAvgPool2d([7, 7])(randn(1, 512, 9, 12)).shape // [1, 512, 7, 7]
 */
export class AdaptiveAvgPool2d extends AdaptiveAvgPoolNd<AdaptivePair> {
  constructor(outputSize: AdaptivePair) {
    atMost('AdaptiveAvgPool2d', 1, arguments.length)
    super(outputSize)
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize)
  }
}

/** The same of volumes. PyTorch: torch.nn.AdaptiveAvgPool3d. @example new nn.AdaptiveAvgPool3d([4, 7, null]) */
export class AdaptiveAvgPool3d extends AdaptiveAvgPoolNd<AdaptiveTriple> {
  constructor(outputSize: AdaptiveTriple) {
    atMost('AdaptiveAvgPool3d', 1, arguments.length)
    super(outputSize)
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.outputSize)
  }
}

abstract class AdaptiveMaxPoolNd<S, I extends boolean> extends Module<[Tensor], Pooled<I>> {
  readonly outputSize: S
  readonly returnIndices: I

  constructor(name: string, outputSize: S, returnIndices: I | IndicesOptions<I> | undefined) {
    super()
    this.outputSize = own(outputSize)
    this.returnIndices = (indicesOptions.readFirst(name, returnIndices).returnIndices ?? false) as I
  }

  override extraRepr(): string {
    return repr(this, 'outputSize')
  }
}

/** Largest values, so many that a sequence has the size. PyTorch: torch.nn.AdaptiveMaxPool1d. */
export class AdaptiveMaxPool1d<I extends boolean = false> extends AdaptiveMaxPoolNd<Single, I> {
  constructor(outputSize: Single, returnIndices?: I | IndicesOptions<I>) {
    atMost('AdaptiveMaxPool1d', 2, arguments.length)
    super('AdaptiveMaxPool1d', outputSize, returnIndices)
  }

  forward(x: Tensor): Pooled<I> {
    return adaptiveMaxPool1d(x, this.outputSize, this.returnIndices)
  }
}

/**
 * Largest values, so many that an image has the size; null is that of the input. PyTorch: torch.nn.AdaptiveMaxPool2d.
 * @example new nn.AdaptiveMaxPool2d([5, null])(randn(1, 6, 9, 12)).shape // [1, 6, 5, 12]
 */
export class AdaptiveMaxPool2d<I extends boolean = false> extends AdaptiveMaxPoolNd<AdaptivePair, I> {
  constructor(outputSize: AdaptivePair, returnIndices?: I | IndicesOptions<I>) {
    atMost('AdaptiveMaxPool2d', 2, arguments.length)
    super('AdaptiveMaxPool2d', outputSize, returnIndices)
  }

  forward(x: Tensor): Pooled<I> {
    return adaptiveMaxPool2d(x, this.outputSize, this.returnIndices)
  }
}

/** The same of volumes. PyTorch: torch.nn.AdaptiveMaxPool3d. */
export class AdaptiveMaxPool3d<I extends boolean = false> extends AdaptiveMaxPoolNd<AdaptiveTriple, I> {
  constructor(outputSize: AdaptiveTriple, returnIndices?: I | IndicesOptions<I>) {
    atMost('AdaptiveMaxPool3d', 2, arguments.length)
    super('AdaptiveMaxPool3d', outputSize, returnIndices)
  }

  forward(x: Tensor): Pooled<I> {
    return adaptiveMaxPool3d(x, this.outputSize, this.returnIndices)
  }
}

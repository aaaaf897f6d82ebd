// The way back from max pools, and max pools whose windows lie at random, as layers.
import { ArgumentError } from '../../errors.ts'
import {
  atMost,
  Options,
  type Pair,
  type Pooled,
  poolSizes,
  repr,
  type Single,
  type Tensor,
  type Triple,
} from '../../tensor/index.ts'
import {
  type FractionalMaxPoolOptions,
  fractionalMaxPoolOptions,
  type MaxUnpoolLayerOptions,
  type MaxUnpoolOptions,
  maxUnpoolLayerOptions,
} from '../functional/pool-options.ts'
import {
  fractionalMaxPool2d,
  fractionalMaxPool3d,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
} from '../functional/unpool.ts'
import { Module } from '../module/module.ts'

/** Options of a call of `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d`. */
export interface MaxUnpoolCallOptions {
  /** The shape of the result, where several have that result of pooling. */
  outputSize?: readonly number[] | null
}

const callOptions = new Options<MaxUnpoolCallOptions>({ outputSize: true })

type Call = [x: Tensor, indices: Tensor, outputSize?: readonly number[] | null | MaxUnpoolCallOptions]

abstract class MaxUnpoolNd<S> extends Module<Call> {
  readonly kernelSize: S
  readonly stride: S
  readonly padding: S

  constructor(
    name: string,
    dims: number,
    kernelSize: S,
    stride: S | null | MaxUnpoolLayerOptions<S> | undefined,
    options: MaxUnpoolLayerOptions<S> | undefined,
  ) {
    super()
    const given = maxUnpoolLayerOptions.readFirst(name, stride, options) as MaxUnpoolLayerOptions<S>
    this.kernelSize = poolSizes(`${name}: kernelSize`, kernelSize, dims) as S
    this.stride = poolSizes(`${name}: stride`, given.stride ?? kernelSize, dims) as S
    this.padding = poolSizes(`${name}: padding`, given.padding ?? 0, dims) as S
  }

  /** Those of the function, for a call of the layer. @internal */
  protected given(
    name: string,
    [x, indices, outputSize]: Call,
  ): [x: Tensor, indices: Tensor, kernelSize: S, options: MaxUnpoolOptions<S>] {
    const { kernelSize, stride, padding } = this
    return [x, indices, kernelSize, { stride, padding, ...callOptions.readFirst(name, outputSize) }]
  }

  override extraRepr(): string {
    return repr(this, 'kernelSize stride padding')
  }
}

/** Values of a sequence back at the places where they were the largest. PyTorch: torch.nn.MaxUnpool1d. */
export class MaxUnpool1d extends MaxUnpoolNd<Single> {
  constructor(
    kernelSize: Single,
    stride?: Single | null | MaxUnpoolLayerOptions<Single>,
    options?: MaxUnpoolLayerOptions<Single>,
  ) {
    atMost('MaxUnpool1d', 3, arguments.length)
    super('MaxUnpool1d', 1, kernelSize, stride, options)
  }

  forward(...call: Call): Tensor {
    return maxUnpool1d(...this.given('MaxUnpool1d', call))
  }
}

/** The same of images. PyTorch: torch.nn.MaxUnpool2d. */
export class MaxUnpool2d extends MaxUnpoolNd<Pair> {
  constructor(
    kernelSize: Pair,
    stride?: Pair | null | MaxUnpoolLayerOptions<Pair>,
    options?: MaxUnpoolLayerOptions<Pair>,
  ) {
    atMost('MaxUnpool2d', 3, arguments.length)
    super('MaxUnpool2d', 2, kernelSize, stride, options)
  }

  forward(...call: Call): Tensor {
    return maxUnpool2d(...this.given('MaxUnpool2d', call))
  }
}

/** The same of volumes. PyTorch: torch.nn.MaxUnpool3d. */
export class MaxUnpool3d extends MaxUnpoolNd<Triple> {
  constructor(
    kernelSize: Triple,
    stride?: Triple | null | MaxUnpoolLayerOptions<Triple>,
    options?: MaxUnpoolLayerOptions<Triple>,
  ) {
    atMost('MaxUnpool3d', 3, arguments.length)
    super('MaxUnpool3d', 3, kernelSize, stride, options)
  }

  forward(...call: Call): Tensor {
    return maxUnpool3d(...this.given('MaxUnpool3d', call))
  }
}

abstract class FractionalMaxPoolNd<S, I extends boolean> extends Module<[Tensor], Pooled<I>> {
  readonly kernelSize: S
  readonly outputSize: S | null
  readonly outputRatio: S | null
  readonly returnIndices: I
  declare _random_samples: Tensor | null

  constructor(
    name: string,
    dims: number,
    kernelSize: S,
    outputSize: S | null | FractionalMaxPoolOptions<S, I> | undefined,
    options: FractionalMaxPoolOptions<S, I> | undefined,
  ) {
    super()
    const given = fractionalMaxPoolOptions.readFirst(name, outputSize, options) as FractionalMaxPoolOptions<S, I>
    const { outputSize: size = null, outputRatio: ratio = null } = given
    if ((size === null) === (ratio === null))
      throw new ArgumentError(
        `${name}: expected either outputSize or outputRatio, got ${size === null ? 'none' : 'both'}`,
      )
    poolSizes(`${name}: kernelSize`, kernelSize, dims)
    const shares = ratio === null ? [] : poolSizes(`${name}: outputRatio`, ratio, dims)
    if (shares.some(share => !(share > 0 && share < 1)))
      throw new ArgumentError(`${name}: outputRatio must be between 0 and 1, got ${shares.join(', ')}`)
    this.kernelSize = kernelSize
    this.outputSize = size
    this.outputRatio = ratio
    this.returnIndices = given.returnIndices ?? (false as I)
    this.registerBuffer('_random_samples', given._randomSamples ?? null)
  }
}

/** Largest values of windows that lie at random. PyTorch: torch.nn.FractionalMaxPool2d. */
export class FractionalMaxPool2d<I extends boolean = false> extends FractionalMaxPoolNd<Pair, I> {
  constructor(
    kernelSize: Pair,
    outputSize?: Pair | null | FractionalMaxPoolOptions<Pair, I>,
    options?: FractionalMaxPoolOptions<Pair, I>,
  ) {
    atMost('FractionalMaxPool2d', 3, arguments.length)
    super('FractionalMaxPool2d', 2, kernelSize, outputSize, options)
  }

  forward(x: Tensor): Pooled<I> {
    const { kernelSize, outputSize, outputRatio, returnIndices, _random_samples: _randomSamples } = this
    return fractionalMaxPool2d(x, kernelSize, { outputSize, outputRatio, returnIndices, _randomSamples })
  }
}

/** The same of volumes. PyTorch: torch.nn.FractionalMaxPool3d. */
export class FractionalMaxPool3d<I extends boolean = false> extends FractionalMaxPoolNd<Triple, I> {
  constructor(
    kernelSize: Triple,
    outputSize?: Triple | null | FractionalMaxPoolOptions<Triple, I>,
    options?: FractionalMaxPoolOptions<Triple, I>,
  ) {
    atMost('FractionalMaxPool3d', 3, arguments.length)
    super('FractionalMaxPool3d', 3, kernelSize, outputSize, options)
  }

  forward(x: Tensor): Pooled<I> {
    const { kernelSize, outputSize, outputRatio, returnIndices, _random_samples: _randomSamples } = this
    return fractionalMaxPool3d(x, kernelSize, { outputSize, outputRatio, returnIndices, _randomSamples })
  }
}

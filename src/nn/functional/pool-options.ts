// The options of pools in nn.functional alone, of functions and of layers.
import { Options, type Tensor } from '../../tensor/index.ts'

/** The height and width of a result, or both as one number; null is that of the input. */
export type AdaptivePair = number | null | readonly [number | null, number | null]

/** The depth, height and width of a result, or all as one number; null is that of the input. */
export type AdaptiveTriple = number | null | readonly [number | null, number | null, number | null]

/** Options of pools that can say where the largest values were. */
export interface IndicesOptions<I extends boolean = boolean> {
  /** Give `[output, indices]`: where the largest values were, as positions in the plane, int64. */
  returnIndices?: I
}

/** @internal */
export const indicesOptions = new Options<IndicesOptions>({ returnIndices: true })

/** Options of layers that undo max pools; S is how sizes are given. */
export interface MaxUnpoolLayerOptions<S> {
  /** Default: the kernel size. */
  stride?: S | null
  /** Default 0. */
  padding?: S
}

/** @internal */
export const maxUnpoolLayerOptions = new Options<MaxUnpoolLayerOptions<unknown>>({ stride: true, padding: true })

/** Options of `maxUnpool1d`, `maxUnpool2d` and `maxUnpool3d`. */
export interface MaxUnpoolOptions<S> extends MaxUnpoolLayerOptions<S> {
  /** The shape of the result, with batch and channels or without, where several have that result of pooling. */
  outputSize?: readonly number[] | null
}

/** @internal */
export const maxUnpoolOptions = new Options<MaxUnpoolOptions<unknown>>({
  stride: true,
  padding: true,
  outputSize: true,
})

/** Options of `fractionalMaxPool2d` and `fractionalMaxPool3d`; S is how sizes are given. */
export interface FractionalMaxPoolOptions<S, I extends boolean = boolean> {
  /** The size of the result; or `outputRatio`. */
  outputSize?: S | null
  /** The size of the result as a part of that of the input, between 0 and 1. */
  outputRatio?: S | null
  /** Give `[output, indices]`: where the largest values were, as positions in the plane, int64. */
  returnIndices?: I
  /** Numbers from [0, 1) that say where the windows lie, (N, C, dimensions); drawn by default. */
  _randomSamples?: Tensor | null
}

/** @internal */
export const fractionalMaxPoolOptions = new Options<FractionalMaxPoolOptions<unknown>>({
  outputSize: true,
  outputRatio: true,
  returnIndices: true,
  _randomSamples: true,
})

/** Options of `lpPool1d`, `lpPool2d`, `lpPool3d` and their layers; S is how sizes are given. */
export interface LPPoolOptions<S> {
  /** Default: the kernel size. */
  stride?: S | null
  /** Round the output size up instead of down. */
  ceilMode?: boolean
}

/** @internal */
export const lpPoolOptions = new Options<LPPoolOptions<unknown>>({ stride: true, ceilMode: true })

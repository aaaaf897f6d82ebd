// The options of pooling, of functions and of layers.
import type { Pair } from './args.ts'
import { Options } from './options.ts'

/** Options of `maxPool2d`. */
export interface MaxPool2dOptions {
  /** Default: the kernel size. */
  stride?: Pair
  padding?: Pair
  dilation?: Pair
  /** Round the output size up instead of down. */
  ceilMode?: boolean
}

/** Those of the function, which can say where the largest values were. */
export interface MaxPool2dFunctionOptions<I extends boolean = boolean> extends MaxPool2dOptions {
  /** Give `[output, indices]`. */
  returnIndices?: I
}

/** @internal */
export const maxPool2dOptions = new Options<MaxPool2dOptions>({
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
})

/** @internal */
export const maxPool2dFunctionOptions = new Options<MaxPool2dFunctionOptions>({
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
  returnIndices: true,
})

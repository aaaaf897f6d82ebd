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

/** @internal */
export const maxPool2dOptions = new Options<MaxPool2dOptions>({
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
})

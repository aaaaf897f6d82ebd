// The options of activations, of functions and of modules.
import { type InplaceOptions, Options } from '../../tensor/index.ts'

/** Options of `leakyRelu`. */
export interface LeakyReluOptions extends InplaceOptions {
  /** Factor below zero, default 0.01. */
  negativeSlope?: number
}

/** @internal */
export const leakyReluOptions = new Options<LeakyReluOptions>({ negativeSlope: true, inplace: true })

/** Options of `RReLU`. */
export interface RreluOptions extends InplaceOptions {
  /** Least factor below zero, default 1 / 8. */
  lower?: number
  /** Largest factor below zero, default 1 / 3. */
  upper?: number
}

/** @internal */
export const rreluOptions = new Options<RreluOptions>({ lower: true, upper: true, inplace: true })

/** Options of the function `rrelu`. */
export interface RreluFunctionOptions extends RreluOptions {
  /** Draw factors rather than take the one in the middle; default false. */
  training?: boolean
}

/** @internal */
export const rreluFunctionOptions = new Options<RreluFunctionOptions>({
  lower: true,
  upper: true,
  training: true,
  inplace: true,
})

/** Options of `elu` and `celu`. */
export interface EluOptions extends InplaceOptions {
  /** What the result goes to far below zero, but for its sign; default 1. */
  alpha?: number
}

/** @internal */
export const eluOptions = new Options<EluOptions>({ alpha: true, inplace: true })

/** Options of `gelu`. */
export interface GeluOptions {
  /** By the error function, or about that by a hyperbolic tangent; default 'none'. */
  approximate?: 'none' | 'tanh'
}

/** @internal */
export const geluOptions = new Options<GeluOptions>({ approximate: true })

/** Options of `softplus`. */
export interface SoftplusOptions {
  /** How sharply it bends, default 1. */
  beta?: number
  /** Where `beta * x` is more than this, default 20, the result is x. */
  threshold?: number
}

/** @internal */
export const softplusOptions = new Options<SoftplusOptions>({ beta: true, threshold: true })

/** Options of `hardtanh`. */
export interface HardtanhOptions extends InplaceOptions {
  /** Default -1. */
  minVal?: number
  /** Default 1. */
  maxVal?: number
}

/** @internal */
export const hardtanhOptions = new Options<HardtanhOptions>({ minVal: true, maxVal: true, inplace: true })

/** Options of `glu`. */
export interface GluOptions {
  /** The dimension that is halved, default the last. */
  dim?: number
}

/** @internal */
export const gluOptions = new Options<GluOptions>({ dim: true })

/** Options of `hardshrink` and `softshrink`. */
export interface ShrinkOptions {
  /** How far from zero x must be, default 0.5. */
  lambd?: number
}

/** @internal */
export const shrinkOptions = new Options<ShrinkOptions>({ lambd: true })

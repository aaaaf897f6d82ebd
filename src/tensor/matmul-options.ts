// The options of sums with a product.
import { Options } from './options.ts'

/** Options of `addmm` and its relatives. */
export interface AddmmOptions {
  /** Factor of the input, default 1. */
  beta?: number
  /** Factor of the product, default 1. */
  alpha?: number
}

/** @internal */
export const addmmOptions = new Options<AddmmOptions>({ beta: true, alpha: true })

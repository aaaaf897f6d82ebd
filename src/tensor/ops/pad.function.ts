// Padding with a number, a function only; nn.functional.pad has all modes.
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { asNumber } from '../scalar.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `constantPadNd`. */
export interface ConstantPadNdOptions {
  /** Default 0. */
  value?: number | boolean
}

const constantPadNdOptions = new Options<ConstantPadNdOptions>({ value: true })

/**
 * So many elements of one value before and behind the last dimension, then the one before it, and so on; negative
 * numbers cut off. PyTorch: torch.constant_pad_nd.
 * @throws ArgumentError for more numbers than two for each dimension, ShapeError when nothing is left
 * @example constantPadNd(ones(2), [1, 2]).tolist() // [0, 1, 1, 0, 0]
 */
export function constantPadNd(x: Tensor, pad: Dims, value?: number | boolean | ConstantPadNdOptions): Tensor {
  atMost('constantPadNd', 3, arguments.length)
  const given = constantPadNdOptions.readFirst('constantPadNd', value)
  return wrap(native.constantPadNd(handleOf('constantPadNd', x), pad as number[], asNumber(given.value ?? 0)))
}

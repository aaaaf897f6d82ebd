// Dropout, functions only. While training, each element (or each channel) is 0 with probability p, and what stays is
// divided by 1 - p, so that sums are what they were on average. The choices are those of `bernoulli_`.
import { native } from '../../native/load.ts'
import { atMost, flag, handleOf, Options, type Tensor, wrap } from '../../tensor/index.ts'

/** Options of `dropout` and `dropout2d`. */
export interface DropoutOptions {
  /** Probability of 0, default 0.5. */
  p?: number
  /** Default true; otherwise x is returned as it is. */
  training?: boolean
  /** Change x itself. */
  inplace?: boolean
}

const dropoutOptions = new Options<DropoutOptions>({ p: true, training: true, inplace: true })

function drop(name: 'dropout' | 'dropout2d', x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  const given = dropoutOptions.readFirst(name, p, options)
  const { p: chance = 0.5 } = given
  const [training, inplace] = [flag(name, given.training ?? true), flag(name, given.inplace ?? false)]
  const handle = handleOf(name, x)
  const whole = name === 'dropout'
  if (!training || inplace) {
    ;(whole ? native.dropout_ : native.featureDropout_)(handle, chance, training)
    return x
  }
  return wrap((whole ? native.dropout : native.featureDropout)(handle, chance, true))
}

/**
 * Sets elements to 0 with probability p. PyTorch: torch.nn.functional.dropout.
 * @throws ArgumentError unless p is from 0 to 1
 * @example dropout(x, { p: 0.2, training: model.training })
 */
export function dropout(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('dropout', 3, arguments.length)
  return drop('dropout', x, p, options)
}

/**
 * Sets whole channels of (N, C, …) to 0 with probability p. PyTorch: torch.nn.functional.dropout2d.
 * @throws ArgumentError unless p is from 0 to 1, ShapeError for fewer than 2 dimensions
 */
export function dropout2d(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('dropout2d', 3, arguments.length)
  return drop('dropout2d', x, p, options)
}

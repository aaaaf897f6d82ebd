// Dropout, functions only. While training, each element (or each channel) is 0 with probability p, and what stays is
// divided by 1 - p, so that sums are what they were on average. The choices are those of `bernoulli_`.
import { ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { atMost, checked, flag, handleOf, named, Options, refuse, type Tensor, wrap } from '../../tensor/index.ts'

/** Options of `dropout` and its relatives. */
export interface DropoutOptions {
  /** Probability of 0, default 0.5. */
  p?: number
  /** Default true, but for those with `alpha` in their names; otherwise x is returned as it is. */
  training?: boolean
  /** Change x itself. */
  inplace?: boolean
}

const dropoutOptions = new Options<DropoutOptions>({ p: true, training: true, inplace: true })

type Given = number | DropoutOptions | undefined
type Op = 'dropout' | 'featureDropout' | 'alphaDropout' | 'featureAlphaDropout'

function drop(name: string, op: Op, trains: boolean, x: Tensor, p: Given, options?: DropoutOptions): Tensor {
  const given = dropoutOptions.readFirst(name, p, options)
  const { p: chance = 0.5 } = given
  const [training, inplace] = [flag(name, given.training ?? trains), flag(name, given.inplace ?? false)]
  const handle = handleOf(name, x)
  if (typeof chance !== 'number') refuse(`${name}: p`, 'a number', chance)
  if (training && !inplace) return named(name, () => wrap(native[op](handle, chance, true)))
  named(name, () => native[`${op}_`](handle, chance, training))
  return x
}

/** Of channels with `dims` dimensions each; without a dimension of samples it is one sample. */
function channels(name: string, dims: number, x: Tensor, p: Given, options?: DropoutOptions): Tensor {
  checked(name, x)
  if (x.dim() === dims + 2) return drop(name, 'featureDropout', true, x, p, options)
  if (x.dim() === dims + 1) return drop(name, 'featureDropout', true, x.unsqueeze(0), p, options).squeeze(0)
  throw new ShapeError(`${name}: expected a tensor of ${dims + 1} or ${dims + 2} dimensions, got ${x.dim()}`)
}

/**
 * Sets elements to 0 with probability p. PyTorch: torch.nn.functional.dropout.
 * @throws ArgumentError unless p is from 0 to 1
 * @example dropout(x, { p: 0.2, training: model.training })
 */
export function dropout(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('dropout', 3, arguments.length)
  return drop('dropout', 'dropout', true, x, p, options)
}

/**
 * Sets whole channels of (N, C, L) or (C, L) to 0 with probability p. PyTorch: torch.nn.functional.dropout1d.
 * @throws ArgumentError unless p is from 0 to 1, ShapeError for other numbers of dimensions
 */
export function dropout1d(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('dropout1d', 3, arguments.length)
  return channels('dropout1d', 1, x, p, options)
}

/**
 * Sets whole channels of (N, C, …) to 0 with probability p. PyTorch: torch.nn.functional.dropout2d.
 * @throws ArgumentError unless p is from 0 to 1, ShapeError for fewer than 2 dimensions
 */
export function dropout2d(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('dropout2d', 3, arguments.length)
  return drop('dropout2d', 'featureDropout', true, x, p, options)
}

/**
 * Sets whole channels of (N, C, D, H, W) or (C, D, H, W) to 0 with probability p. PyTorch:
 * torch.nn.functional.dropout3d.
 * @throws ArgumentError unless p is from 0 to 1, ShapeError for other numbers of dimensions
 */
export function dropout3d(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('dropout3d', 3, arguments.length)
  return channels('dropout3d', 3, x, p, options)
}

/**
 * Dropout for networks of SELU: what is left out becomes what SELU tends to, and mean and variance stay. In training
 * only, which has to be said. PyTorch: torch.nn.functional.alpha_dropout. Source: https://arxiv.org/abs/1706.02515.
 * @throws ArgumentError unless p is from 0 to 1
 */
export function alphaDropout(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('alphaDropout', 3, arguments.length)
  return drop('alphaDropout', 'alphaDropout', false, x, p, options)
}

/**
 * `alphaDropout` of whole channels of (N, C, …). PyTorch: torch.nn.functional.feature_alpha_dropout.
 * @throws ArgumentError unless p is from 0 to 1, ShapeError for fewer than 2 dimensions
 */
export function featureAlphaDropout(x: Tensor, p?: number | DropoutOptions, options?: DropoutOptions): Tensor {
  atMost('featureAlphaDropout', 3, arguments.length)
  return drop('featureAlphaDropout', 'featureAlphaDropout', false, x, p, options)
}

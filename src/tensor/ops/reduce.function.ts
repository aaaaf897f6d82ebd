// Reductions with two results, functions only.
import type { Dims } from '../../native/addon.ts'
import { named } from '../args.ts'
import { type SpreadOptions, spreadOf } from '../reduce-options.ts'
import { atMost } from '../refuse.ts'
import type { Tensor } from '../tensor.ts'
import { mean, std, var as variance } from './reduce.ts'

function withMean(
  name: 'varMean' | 'stdMean',
  x: Tensor,
  dim?: number | Dims | null | SpreadOptions,
  options?: SpreadOptions,
): [Tensor, Tensor] {
  const given = spreadOf(name, dim, options)
  const spread = name === 'varMean' ? variance : std
  return named(name, () => [spread(x, given), mean(x, { dim: given.dim, keepdim: given.keepdim })])
}

/** Variance and mean. PyTorch: torch.var_mean. @throws IndexError, DTypeError as `std` */
export function varMean(
  x: Tensor,
  dim?: number | Dims | null | SpreadOptions,
  options?: SpreadOptions,
): [variance: Tensor, mean: Tensor] {
  atMost('varMean', 3, arguments.length)
  return withMean('varMean', x, dim, options)
}

/** Standard deviation and mean. PyTorch: torch.std_mean. @throws IndexError, DTypeError as `std` */
export function stdMean(
  x: Tensor,
  dim?: number | Dims | null | SpreadOptions,
  options?: SpreadOptions,
): [std: Tensor, mean: Tensor] {
  atMost('stdMean', 3, arguments.length)
  return withMean('stdMean', x, dim, options)
}

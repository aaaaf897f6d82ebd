// Parts of a tensor along a dimension, as views.
import { ArgumentError, ShapeError } from '../../errors.ts'
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { checked, handleOf, named } from '../args.ts'
import { atMost, refuse } from '../refuse.ts'
import { Tensor, wrap } from '../tensor.ts'
import { type DimOptions, dimOptions } from '../view-options.ts'

/**
 * At most `chunks` equal parts of a dimension (default 0), the last one smaller. PyTorch: torch.chunk.
 * @throws IndexError when there is no such dimension, ArgumentError unless `chunks` is a positive integer
 * @example arange(10).chunk(4).map(part => part.numel()) // [3, 3, 3, 1]
 */
export function chunk(x: Tensor, chunks: number, dim?: number | DimOptions): Tensor[] {
  atMost('chunk', 3, arguments.length)
  return native.chunk(handleOf('chunk', x), chunks, dimOptions.readFirst('chunk', dim).dim ?? 0).map(wrap)
}

/**
 * Parts of one size along a dimension (default 0), the last one smaller; or of each of these sizes, which must cover
 * it. PyTorch: torch.split.
 * @throws IndexError when there is no such dimension, ArgumentError for sizes that do not fit
 * @example arange(5).split(2).map(part => part.tolist()) // [[0, 1], [2, 3], [4]]
 */
export function split(x: Tensor, splitSizeOrSections: number | Dims, dim?: number | DimOptions): Tensor[] {
  atMost('split', 3, arguments.length)
  if (Array.isArray(splitSizeOrSections)) return splitWithSizes(x, splitSizeOrSections, dim)
  const at = dimOptions.readFirst('split', dim).dim ?? 0
  return native.split(handleOf('split', x), splitSizeOrSections as number, at).map(wrap)
}

/**
 * Parts of these sizes along a dimension (default 0). PyTorch: torch.split_with_sizes.
 * @throws IndexError when there is no such dimension, ArgumentError unless the sizes sum up to that of it
 */
export function splitWithSizes(x: Tensor, splitSizes: Dims, dim?: number | DimOptions): Tensor[] {
  atMost('splitWithSizes', 3, arguments.length)
  const at = dimOptions.readFirst('splitWithSizes', dim).dim ?? 0
  return native.splitWithSizes(handleOf('splitWithSizes', x), splitSizes as number[], at).map(wrap)
}

/**
 * So many parts along a dimension (default 0), the first ones longer by one where it does not divide; or the parts
 * before, between and behind these positions. A tensor gives either. PyTorch: torch.tensor_split.
 * @throws IndexError when there is no such dimension, ArgumentError unless the number is a positive integer
 * @example arange(7).tensorSplit(3).map(part => part.numel()) // [3, 2, 2]
 * @example arange(7).tensorSplit([1, 4]).map(part => part.numel()) // [1, 3, 3]
 */
export function tensorSplit(x: Tensor, indicesOrSections: number | Dims | Tensor, dim?: number | DimOptions): Tensor[] {
  atMost('tensorSplit', 3, arguments.length)
  const given = indicesOrSections instanceof Tensor ? positions(indicesOrSections) : indicesOrSections
  return parts('tensorSplit', x, given, dimOptions.readFirst('tensorSplit', dim).dim ?? 0)
}

function positions(at: Tensor): number | Dims {
  if (at.dtype !== 'int64' || at.ndim > 1) {
    throw new ArgumentError(
      `tensorSplit: expected a 0-d or 1-d tensor of int64, got shape [${at.shape.join(', ')}] of ${at.dtype}`,
    )
  }
  return at.tolist() as number | Dims
}

function parts(op: string, x: Tensor, given: number | Dims, dim: number): Tensor[] {
  const handle = handleOf(op, x)
  if (Array.isArray(given)) return native.tensorSplit(handle, given as number[], dim).map(wrap)
  return named(op, () => native.tensorSplitSections(handle, given as number, dim).map(wrap))
}

/** `tensorSplit` for tensors of so many dimensions, into equal parts. */
function equalParts(op: string, x: Tensor, given: number | Dims, least: number, dim: number): Tensor[] {
  const { ndim, shape } = checked(op, x)
  if (ndim < least) {
    throw new ShapeError(
      `${op}: expected at least ${least} dimension${least > 1 ? 's' : ''}, got [${shape.join(', ')}]`,
    )
  }
  if (typeof given === 'number') {
    if (!(Number.isInteger(given) && given > 0 && shape[dim]! % given === 0)) {
      throw new ArgumentError(`${op}: dim ${dim} of size ${shape[dim]} does not divide into ${given} parts`)
    }
  } else if (!Array.isArray(given)) refuse(op, 'a number of parts or positions', given)
  return parts(op, x, given, dim)
}

/**
 * Equal parts along dim 1, of a vector along dim 0; or the parts between these positions. PyTorch: torch.hsplit.
 * @throws ShapeError for a 0-d tensor, ArgumentError unless the dimension divides
 */
export function hsplit(x: Tensor, indicesOrSections: number | Dims): Tensor[] {
  atMost('hsplit', 2, arguments.length)
  return equalParts('hsplit', x, indicesOrSections, 1, checked('hsplit', x).ndim === 1 ? 0 : 1)
}

/**
 * Equal parts along dim 0, or those between these positions. PyTorch: torch.vsplit.
 * @throws ShapeError for fewer than 2 dimensions, ArgumentError unless the dimension divides
 */
export function vsplit(x: Tensor, indicesOrSections: number | Dims): Tensor[] {
  atMost('vsplit', 2, arguments.length)
  return equalParts('vsplit', x, indicesOrSections, 2, 0)
}

/**
 * Equal parts along dim 2, or those between these positions. PyTorch: torch.dsplit.
 * @throws ShapeError for fewer than 3 dimensions, ArgumentError unless the dimension divides
 */
export function dsplit(x: Tensor, indicesOrSections: number | Dims): Tensor[] {
  atMost('dsplit', 2, arguments.length)
  return equalParts('dsplit', x, indicesOrSections, 3, 2)
}

// Places in an order, functions only. What surprises: NaN comes behind all elements.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, flag, handleOf, named, operand, optional } from '../args.ts'
import { Options } from '../options.ts'
import { atMost, refuse } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `bucketize`. */
export interface BucketizeOptions {
  /** int32 in place of int64; default false. */
  outInt32?: boolean
  /** Behind equal elements in place of before them; default false. */
  right?: boolean
}

const bucketizeOptions = new Options<BucketizeOptions>({ outInt32: true, right: true })

/** Options of `searchsorted`. */
export interface SearchsortedOptions extends BucketizeOptions {
  /** The same as `right` by the names 'left' and 'right'. */
  side?: 'left' | 'right' | null
  /** The order in which the sequence is ascending, as `argsort` gives it, where it is not itself. */
  sorter?: Tensor | null
}

const searchsortedOptions = new Options<SearchsortedOptions>({
  outInt32: true,
  right: true,
  side: true,
  sorter: true,
})

function found(
  op: string,
  sequence: Tensor,
  values: Tensor | number,
  { outInt32 = false, right = false, side, sorter }: SearchsortedOptions,
): Tensor {
  flag(`${op}: outInt32`, outInt32)
  flag(`${op}: right`, right)
  if (side != null && side !== 'left' && side !== 'right') refuse(`${op}: side`, 'left or right', side)
  if (side === 'left' && right) throw new ArgumentError(`${op}: side is left, but right is true; give one of them`)
  const [handle, wanted] = [handleOf(op, sequence), operand(op, values)]
  const behind = right || side === 'right'
  const at = named(op, () => wrap(native.searchsorted(handle, wanted, behind, optional(op, sorter))))
  return outInt32 ? at.int() : at
}

/**
 * Where values would be inserted among the elements of the last dimension, which are ascending, so that they stay so:
 * int64. A sequence of one dimension is for all values, another for those at the same place in its other dimensions.
 * PyTorch: torch.searchsorted.
 * @throws ShapeError when the shapes do not fit, DTypeError for bool, ArgumentError
 * @example searchsorted(tensor([1, 3, 5]), tensor([3, 6])).tolist() // [1, 3]
 */
export function searchsorted(sortedSequence: Tensor, values: Tensor | number, options?: SearchsortedOptions): Tensor {
  atMost('searchsorted', 3, arguments.length)
  return found('searchsorted', sortedSequence, values, searchsortedOptions.read('searchsorted', options))
}

/**
 * The bucket that each element lies in, between boundaries that are ascending: `searchsorted` the other way round.
 * PyTorch: torch.bucketize.
 * @throws ShapeError unless the boundaries have one dimension, DTypeError for bool
 * @example bucketize(tensor([0.5, 3]), tensor([1, 3, 5])).tolist() // [0, 1]
 */
export function bucketize(x: Tensor | number, boundaries: Tensor, options?: BucketizeOptions): Tensor {
  atMost('bucketize', 3, arguments.length)
  const given = bucketizeOptions.read('bucketize', options)
  if (checked('bucketize', boundaries).ndim !== 1) {
    throw new ShapeError(`bucketize: expected boundaries of 1 dimension, got [${boundaries.shape.join(', ')}]`)
  }
  return found('bucketize', boundaries, x, given)
}

// What is there once, and elements several times.
import { native } from '../../native/load.ts'
import { flag, handleOf, named } from '../args.ts'
import { isOptions, Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `uniqueConsecutive`; `I` and `C` say whether the result has more than the elements. */
export interface UniqueConsecutiveOptions<I extends boolean = boolean, C extends boolean = boolean> {
  /** Also where each element is among the different ones; default false. */
  returnInverse?: I
  /** Also how many of each there are; default false. */
  returnCounts?: C
  /** Slices of this dimension in place of elements. */
  dim?: number | null
}

/** Options of `unique`. */
export interface UniqueOptions<I extends boolean = boolean, C extends boolean = boolean>
  extends UniqueConsecutiveOptions<I, C> {
  /** They always are. */
  sorted?: boolean
}

const uniqueOptions = new Options<UniqueOptions>({ sorted: true, returnInverse: true, returnCounts: true, dim: true })
const uniqueConsecutiveOptions = new Options<UniqueConsecutiveOptions>({
  returnInverse: true,
  returnCounts: true,
  dim: true,
})

function different(op: 'unique' | 'uniqueConsecutive', x: Tensor, given: UniqueConsecutiveOptions) {
  const inverse = flag(`${op}: returnInverse`, given.returnInverse ?? false)
  const counts = flag(`${op}: returnCounts`, given.returnCounts ?? false)
  const [output, ...others] = native[op](handleOf(op, x), inverse, counts, given.dim ?? null).map(wrap)
  return others.length === 0 ? output! : [output!, ...others]
}

type Inverse = { returnInverse: true }
type Counts = { returnCounts: true }

/**
 * The different elements in ascending order, or the different slices of a dimension. NaN differs from all. The host
 * waits for it, since it must know how many there are. PyTorch: torch.unique.
 * @throws IndexError when there is no such dimension, ShapeError when slices have no elements
 * @example unique(tensor([3, 1, 3])).tolist() // [1, 3]
 * @example const [output, inverse, counts] = x.unique({ returnInverse: true, returnCounts: true })
 */
export function unique(
  x: Tensor,
  sorted?: boolean | UniqueOptions<false, false>,
  options?: UniqueOptions<false, false>,
): Tensor
export function unique(
  x: Tensor,
  sorted: boolean | (UniqueOptions<true, false> & Inverse),
  options?: UniqueOptions<true, false> & Inverse,
): [output: Tensor, inverseIndices: Tensor]
export function unique(
  x: Tensor,
  sorted: boolean | (UniqueOptions<false, true> & Counts),
  options?: UniqueOptions<false, true> & Counts,
): [output: Tensor, counts: Tensor]
export function unique(
  x: Tensor,
  sorted: boolean | (UniqueOptions & Inverse & Counts),
  options?: UniqueOptions & Inverse & Counts,
): [output: Tensor, inverseIndices: Tensor, counts: Tensor]
export function unique(x: Tensor, sorted?: boolean | UniqueOptions, options?: UniqueOptions): Tensor | Tensor[] {
  atMost('unique', 3, arguments.length)
  const given = uniqueOptions.readFirst('unique', sorted, options)
  flag('unique: sorted', given.sorted ?? true)
  return different('unique', x, given)
}

/**
 * The first of each run of equal elements, or of equal slices of a dimension. PyTorch: torch.unique_consecutive.
 * @throws IndexError when there is no such dimension, ShapeError when slices have no elements
 * @example uniqueConsecutive(tensor([1, 1, 2, 1])).tolist() // [1, 2, 1]
 */
export function uniqueConsecutive(
  x: Tensor,
  returnInverse?: false | UniqueConsecutiveOptions<false, false>,
  options?: UniqueConsecutiveOptions<false, false>,
): Tensor
export function uniqueConsecutive(
  x: Tensor,
  returnInverse: true | (UniqueConsecutiveOptions<true, false> & Inverse),
  options?: UniqueConsecutiveOptions<true, false>,
): [output: Tensor, inverseIndices: Tensor]
export function uniqueConsecutive(
  x: Tensor,
  returnInverse: false | (UniqueConsecutiveOptions<false, true> & Counts),
  options?: UniqueConsecutiveOptions<false, true> & Counts,
): [output: Tensor, counts: Tensor]
export function uniqueConsecutive(
  x: Tensor,
  returnInverse: true | (UniqueConsecutiveOptions & Inverse & Counts),
  options?: UniqueConsecutiveOptions & Counts,
): [output: Tensor, inverseIndices: Tensor, counts: Tensor]
export function uniqueConsecutive(
  x: Tensor,
  returnInverse?: boolean | UniqueConsecutiveOptions,
  options?: UniqueConsecutiveOptions,
): Tensor | Tensor[] {
  atMost('uniqueConsecutive', 3, arguments.length)
  const given = uniqueConsecutiveOptions.readFirst('uniqueConsecutive', returnInverse, options)
  return different('uniqueConsecutive', x, given)
}

/** Options of `repeatInterleave`. */
export interface RepeatInterleaveOptions {
  /** The dimension; null, the default, repeats all elements in row-major order. */
  dim?: number | null
  /** How many elements or slices the result has; with it the host need not wait for a device. */
  outputSize?: number | null
}

/** Options of `repeatInterleave` of numbers alone. */
export type RepeatsOptions = Pick<RepeatInterleaveOptions, 'outputSize'>

const repeatsOptions = new Options<RepeatsOptions>({ outputSize: true })
const repeatInterleaveOptions = new Options<RepeatInterleaveOptions>({ dim: true, outputSize: true })

/**
 * Each element so many times, or each slice of a dimension; or, of a tensor of numbers alone, the positions 0, 1, …,
 * each so many times. The gradient of an element is the sum of those of its copies. PyTorch: torch.repeat_interleave.
 * @throws ArgumentError for negative numbers, ShapeError when there is not a number for each slice, DTypeError
 * @example tensor([1, 2]).repeatInterleave(2).tolist() // [1, 1, 2, 2]
 * @example tensor([1, 2]).repeatInterleave(tensor([0, 3], { dtype: 'int64' })).tolist() // [2, 2, 2]
 */
export function repeatInterleave(
  x: Tensor,
  repeats: number | Tensor,
  dim?: number | null | RepeatInterleaveOptions,
  options?: RepeatInterleaveOptions,
): Tensor
export function repeatInterleave(repeats: Tensor, options?: RepeatsOptions): Tensor
export function repeatInterleave(
  x: Tensor,
  repeats?: number | Tensor | RepeatInterleaveOptions,
  dim?: number | null | RepeatInterleaveOptions,
  options?: RepeatInterleaveOptions,
): Tensor {
  const op = 'repeatInterleave'
  atMost('repeatInterleave', 4, arguments.length)
  if (repeats === undefined || isOptions(repeats)) {
    const given = repeatsOptions.read(op, repeats as RepeatsOptions | undefined)
    return named(op, () => wrap(native.repeatedIndices(handleOf(op, x), given.outputSize ?? null)))
  }
  const { dim: along = null, outputSize = null } = repeatInterleaveOptions.readFirst(op, dim, options)
  const handle = handleOf(op, x)
  if (typeof repeats === 'number') return wrap(native.repeatInterleave(handle, repeats, along, outputSize))
  return named(op, () => wrap(native.repeatInterleaveBy(handle, handleOf(op, repeats), along, outputSize)))
}

// Several tensors made one: functions only, because the first argument is an array.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { dimOf, firstOption, handlesOf } from '../args.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `cat`, `stack` and `chunk`. */
export interface DimOptions {
  dim?: number
}

/** Joins tensors along a dimension, default 0. PyTorch: torch.cat. @throws ShapeError when other sizes differ */
export function cat(xs: readonly Tensor[], dim?: number | DimOptions): Tensor {
  return wrap(native.cat(handlesOf('cat', xs), firstOption<DimOptions>('dim', dim).dim ?? 0))
}

/**
 * Joins tensors of one shape along a new dimension, default 0. PyTorch: torch.stack.
 * @throws ShapeError when the shapes differ, IndexError when there is no such dimension
 * @example stack([tensor([1, 2]), tensor([3, 4])]) // tensor([[1., 2.], [3., 4.]])
 */
export function stack(xs: readonly Tensor[], dim?: number | DimOptions): Tensor {
  const handles = handlesOf('stack', xs)
  const first = xs[0]
  if (first === undefined) throw new ArgumentError('stack: expected at least one tensor')
  const other = xs.find(x => x.shape.join() !== first.shape.join())
  if (other !== undefined) {
    throw new ShapeError(
      `stack: expected equal shapes, got [${first.shape.join(', ')}] and [${other.shape.join(', ')}]`,
    )
  }
  const at = dimOf('stack', firstOption<DimOptions>('dim', dim).dim ?? 0, first.ndim + 1)
  const rows = handles.map(handle => native.unsqueeze(handle, at))
  const joined = native.cat(rows, at)
  for (const row of rows) native.dispose(row)
  return wrap(joined)
}

// Several tensors made one: functions only, because the first argument is an array.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { dimOf, handlesOf } from '../args.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'
import { type DimOptions, dimOptions } from '../view-options.ts'

export type { DimOptions }

/** Joins tensors along a dimension, default 0. PyTorch: torch.cat. @throws ShapeError when other sizes differ */
export function cat(xs: readonly Tensor[], dim?: number | DimOptions): Tensor {
  atMost('cat', 2, arguments.length)
  return wrap(native.cat(handlesOf('cat', xs), dimOptions.readFirst('cat', dim).dim ?? 0))
}

/**
 * Joins tensors of one shape along a new dimension, default 0. PyTorch: torch.stack.
 * @throws ShapeError when the shapes differ, IndexError when there is no such dimension
 * @example stack([tensor([1, 2]), tensor([3, 4])]) // tensor([[1., 2.], [3., 4.]])
 */
export function stack(xs: readonly Tensor[], dim?: number | DimOptions): Tensor {
  atMost('stack', 2, arguments.length)
  const handles = handlesOf('stack', xs)
  const first = xs[0]
  if (first === undefined) throw new ArgumentError('stack: expected at least one tensor')
  const other = xs.find(x => x.shape.join() !== first.shape.join())
  if (other !== undefined) {
    throw new ShapeError(
      `stack: expected equal shapes, got [${first.shape.join(', ')}] and [${other.shape.join(', ')}]`,
    )
  }
  const at = dimOf('stack', dimOptions.readFirst('stack', dim).dim ?? 0, first.ndim + 1)
  const rows = handles.map(handle => native.unsqueeze(handle, at))
  const joined = native.cat(rows, at)
  for (const row of rows) native.dispose(row)
  return wrap(joined)
}

/** Joined along dim 1, vectors along dim 0. PyTorch: torch.hstack. @throws ShapeError when other sizes differ */
export function hstack(xs: readonly Tensor[]): Tensor {
  atMost('hstack', 1, arguments.length)
  return wrap(native.hstack(handlesOf('hstack', xs)))
}

/** Joined along dim 0, vectors as rows. PyTorch: torch.vstack. @throws ShapeError when other sizes differ */
export function vstack(xs: readonly Tensor[]): Tensor {
  atMost('vstack', 1, arguments.length)
  return wrap(native.vstack(handlesOf('vstack', xs)))
}

/** Joined along dim 2, as `atleast3d` makes them. PyTorch: torch.dstack. @throws ShapeError when other sizes differ */
export function dstack(xs: readonly Tensor[]): Tensor {
  atMost('dstack', 1, arguments.length)
  return wrap(native.dstack(handlesOf('dstack', xs)))
}

/** Joined along dim 1, vectors as columns. PyTorch: torch.column_stack. @throws ShapeError when other sizes differ */
export function columnStack(xs: readonly Tensor[]): Tensor {
  atMost('columnStack', 1, arguments.length)
  return wrap(native.columnStack(handlesOf('columnStack', xs)))
}

export { cat as concat, cat as concatenate, vstack as rowStack }

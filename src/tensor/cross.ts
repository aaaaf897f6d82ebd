// The cross product along a dimension, for `cross` and `linalg.cross`, which differ in which dimension that is.
import { ShapeError } from '../errors.ts'
import { checked, dimOf } from './args.ts'
import { tensor } from './create.ts'
import type { Tensor } from './tensor.ts'

const shapes = (...tensors: Tensor[]) => tensors.map(x => `[${x.shape.join(', ')}]`).join(' x ')

/** @throws ShapeError unless the dimension has size 3 on both sides, IndexError when there is none such */
export function crossAlong(op: string, x: Tensor, y: Tensor, dim: number): Tensor {
  const at = dimOf(op, dim, checked(op, x).ndim)
  if (x.ndim !== checked(op, y).ndim)
    throw new ShapeError(`${op}: expected as many dimensions on both sides, got ${shapes(x, y)}`)
  if (x.size(at) !== 3 || y.size(at) !== 3)
    throw new ShapeError(`${op}: dim ${dim} must have size 3 on both sides, got ${shapes(x, y)}`)
  const { device } = x
  const [next, last] = [
    [1, 2, 0],
    [2, 0, 1],
  ].map(order => tensor(order, { dtype: 'int64', device }))
  const turned = (one: Tensor, order: Tensor | undefined) => one.indexSelect(at, order!)
  return turned(x, next)
    .mul(turned(y, last))
    .sub(turned(x, last).mul(turned(y, next)))
}

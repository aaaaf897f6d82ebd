// The cross product along a dimension, for `cross` and `linalg.cross`, which differ in which dimension that is.
import { ShapeError } from '../errors.ts'
import { checked, dimOf } from './args.ts'
import { stack } from './ops/join.function.ts'
import type { Tensor } from './tensor.ts'

const shapes = (...tensors: Tensor[]) => tensors.map(x => `[${x.shape.join(', ')}]`).join(' x ')

/** @throws ShapeError unless the dimension has size 3 on both sides, IndexError when there is none such */
export function crossAlong(op: string, x: Tensor, y: Tensor, dim: number): Tensor {
  const at = dimOf(op, dim, checked(op, x).ndim)
  if (x.ndim !== checked(op, y).ndim)
    throw new ShapeError(`${op}: expected as many dimensions on both sides, got ${shapes(x, y)}`)
  if (x.size(at) !== 3 || y.size(at) !== 3)
    throw new ShapeError(`${op}: dim ${dim} must have size 3 on both sides, got ${shapes(x, y)}`)
  const [x0, x1, x2] = x.unbind(at) as [Tensor, Tensor, Tensor]
  const [y0, y1, y2] = y.unbind(at) as [Tensor, Tensor, Tensor]
  const minor = (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => a.mul(d).sub(b.mul(c))
  return stack([minor(x1, x2, y1, y2), minor(x2, x0, y2, y0), minor(x0, x1, y0, y1)], at)
}

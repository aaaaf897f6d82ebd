// Positions from places among all elements, a function only.
import { DTypeError, ShapeError } from '../../errors.ts'
import { checked, named } from '../args.ts'
import { tensor } from '../create.ts'
import { atMost, refuse } from '../refuse.ts'
import { shown } from '../repr.ts'
import type { Tensor } from '../tensor.ts'

/**
 * The positions in a tensor of this shape that places among all its elements have, a tensor for each dimension.
 * PyTorch: torch.unravel_index.
 * @throws DTypeError unless they are integers, ShapeError for sizes that are not positive
 * @example
 * const [rows, columns] = unravelIndex(x.argmax(), [2, 3])
 */
export function unravelIndex(indices: Tensor, shape: number | bigint | readonly (number | bigint)[]): Tensor[] {
  const op = 'unravelIndex'
  atMost('unravelIndex', 2, arguments.length)
  const { dtype, device } = checked(op, indices)
  if (dtype.includes('float') || dtype === 'bool') throw new DTypeError(`${op}: expected integers, got ${dtype}`)
  const sizes = (Array.isArray(shape) ? shape : [shape]) as (number | bigint)[]
  for (const size of sizes) {
    if (typeof size !== 'bigint' && !Number.isSafeInteger(size)) refuse(op, 'integers as sizes', size)
    if (size <= 0) throw new ShapeError(`${op}: sizes must be positive, got ${shown(shape)}`)
  }
  if (sizes.length === 0) return []
  const strides = sizes.map((_, dim) => sizes.slice(dim + 1).reduce<bigint>((all, size) => all * BigInt(size), 1n))
  return named(op, () => {
    const [steps, ends] = [strides, sizes.map(BigInt)].map(all => tensor(all, { dtype: 'int64', device }))
    return indices.unsqueeze(-1).div(steps!, { roundingMode: 'floor' }).remainder(ends!).unbind(-1)
  })
}

// Shapes of several tensors, functions only; and slices of one dimension, for which a tensor has `index`.
import { ShapeError } from '../../errors.ts'
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { checked, checkSizes, handleOf, handlesOf } from '../args.ts'
import { isOptions, Options } from '../options.ts'
import { atMost, refuse } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'
import { type SliceOptions, sliceOf } from '../view-options.ts'

export type { SliceOptions }

/** Tensors one by one, or as an array. */
type Tensors = readonly Tensor[] | [readonly Tensor[]]

function listOf(tensors: Tensors): readonly Tensor[] {
  return Array.isArray(tensors[0]) ? (tensors[0] as Tensor[]) : (tensors as Tensor[])
}

/** The function of one tensor, or of each. */
function each(op: 'atleast1d' | 'atleast2d' | 'atleast3d', tensors: Tensors): Tensor | Tensor[] {
  const shaped = (x: Tensor) => wrap(native[op](handleOf(op, x)))
  const [first] = tensors
  return tensors.length === 1 && !Array.isArray(first) ? shaped(first as Tensor) : listOf(tensors).map(shaped)
}

/** A number as a vector; what has a dimension stays. Several tensors give an array. PyTorch: torch.atleast_1d. */
export function atleast1d(x: Tensor): Tensor
export function atleast1d(...tensors: Tensors): Tensor[]
export function atleast1d(...tensors: Tensors): Tensor | Tensor[] {
  return each('atleast1d', tensors)
}

/** A vector as a row, a number as a matrix; several tensors give an array. PyTorch: torch.atleast_2d. */
export function atleast2d(x: Tensor): Tensor
export function atleast2d(...tensors: Tensors): Tensor[]
export function atleast2d(...tensors: Tensors): Tensor | Tensor[] {
  return each('atleast2d', tensors)
}

/**
 * With at least three dimensions: a vector as `[1, n, 1]`, a matrix as `[m, n, 1]`; several tensors give an array.
 * PyTorch: torch.atleast_3d.
 */
export function atleast3d(x: Tensor): Tensor
export function atleast3d(...tensors: Tensors): Tensor[]
export function atleast3d(...tensors: Tensors): Tensor | Tensor[] {
  return each('atleast3d', tensors)
}

/**
 * The shape that these broadcast to; a number is a shape of one dimension. PyTorch: torch.broadcast_shapes.
 * @throws ShapeError when they do not
 * @example broadcastShapes([2, 1], [3], 1) // [2, 3]
 */
export function broadcastShapes(...shapes: readonly (number | Dims)[]): number[] {
  let result: number[] = []
  for (const given of shapes) {
    if (typeof given !== 'number' && !Array.isArray(given)) refuse('broadcastShapes', 'shapes', given)
    const shape = checkSizes('broadcastShapes', typeof given === 'number' ? [given] : given)
    const n = Math.max(result.length, shape.length)
    const sizeAt = (sizes: Dims, i: number) => sizes[i - n + sizes.length] ?? 1
    const before = result
    result = Array.from({ length: n }, (_, i) => {
      const [a, b] = [sizeAt(before, i), sizeAt(shape, i)]
      if (a === b || b === 1) return a
      if (a === 1) return b
      throw new ShapeError(
        `broadcastShapes: shapes do not broadcast: [${before.join(', ')}] and [${shape.join(', ')}] (${a} != ${b} in dim ${i})`,
      )
    })
  }
  return result
}

/** Views of these tensors in the shape that they broadcast to. PyTorch: torch.broadcast_tensors. @throws ShapeError */
export function broadcastTensors(...tensors: Tensors): Tensor[] {
  return native.broadcastTensors(handlesOf('broadcastTensors', listOf(tensors))).map(wrap)
}

/** Options of `meshgrid`. */
export interface MeshgridOptions {
  /** `'xy'` swaps the first two dimensions; default `'ij'`. */
  indexing?: 'ij' | 'xy'
}

const meshgridOptions = new Options<MeshgridOptions>({ indexing: true })

/**
 * A grid for each of some vectors, which is constant along the dimensions of the others; as views. PyTorch:
 * torch.meshgrid.
 * @throws ShapeError for more than one dimension, DTypeError for different dtypes
 * @example const [x, y] = meshgrid(arange(3), arange(2), { indexing: 'xy' }) // both [2, 3]
 */
export function meshgrid(...args: Tensors | [...Tensors, MeshgridOptions]): Tensor[] {
  const last = args.at(-1)
  const given = isOptions(last) ? meshgridOptions.read('meshgrid', last as MeshgridOptions) : undefined
  const tensors = (given === undefined ? args : args.slice(0, -1)) as Tensors
  return native.meshgrid(handlesOf('meshgrid', listOf(tensors)), given?.indexing ?? 'ij').map(wrap)
}

/**
 * A slice of a dimension, as a view; `index` with strings is the same of all dimensions. PyTorch: torch.ops.aten.slice.
 * @throws IndexError when there is no such dimension, ArgumentError for a step that is not positive
 * @example slice(x, 1, { start: 1, end: -2, step: 3 }) // x.index(':', '1:-2:3')
 */
export function slice(x: Tensor, dim?: number | SliceOptions, options?: SliceOptions): Tensor {
  atMost('slice', 3, arguments.length)
  return wrap(native.slice(checked('slice', x).handle, ...sliceOf('slice', dim, options)))
}

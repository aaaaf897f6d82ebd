// Tensors that follow a pattern: the places of a triangle, and powers.

import { ShapeError } from '../errors.ts'
import type { Dims } from '../native/addon.ts'
import { afford, checked, checkSizes, named } from './args.ts'
import { arange, type TensorOptions, tensor } from './create.ts'
import { isFloatingPoint } from './dtype.ts'
import { Options } from './options.ts'
import { atMost } from './refuse.ts'
import type { Tensor } from './tensor.ts'

/** Options of `trilIndices` and `triuIndices`. */
export interface TriangleIndicesOptions extends Pick<TensorOptions, 'dtype' | 'device'> {
  /** Columns right of the main diagonal, default 0; negative ones are left of it. */
  offset?: number
}

const triangleOptions = new Options<TriangleIndicesOptions>({ offset: true, dtype: true, device: true })

/** Rows and columns of the elements for which that holds, row by row. */
function indices(
  op: string,
  [rows, columns]: Dims,
  options: TriangleIndicesOptions,
  inside: (row: number, column: number, offset: number) => boolean,
): Tensor {
  const { offset = 0, dtype = 'int64', device = 'cpu' } = options
  afford(op, [2, rows! * columns!])
  const found: [number[], number[]] = [[], []]
  for (let row = 0; row < rows! && columns! > 0; row++) {
    for (let column = 0; column < columns!; column++) {
      if (!inside(row, column, offset)) continue
      found[0].push(row)
      found[1].push(column)
    }
  }
  return named(op, () => tensor(found, { dtype, device }).view(2, found[0].length))
}

/**
 * Rows and columns (2, n) of the lower triangle of a matrix, int64. PyTorch: torch.tril_indices.
 * @example const [row, column] = trilIndices(3, 3).unbind()
 */
export function trilIndices(
  row: number,
  col: number,
  offset?: number | TriangleIndicesOptions,
  options?: TriangleIndicesOptions,
): Tensor {
  atMost('trilIndices', 4, arguments.length)
  const given = triangleOptions.readFirst('trilIndices', offset, options)
  return indices(
    'trilIndices',
    checkSizes('trilIndices', [row, col]),
    given,
    (row, column, offset) => column - row <= offset,
  )
}

/** Rows and columns (2, n) of the upper triangle of a matrix, int64. PyTorch: torch.triu_indices. */
export function triuIndices(
  row: number,
  col: number,
  offset?: number | TriangleIndicesOptions,
  options?: TriangleIndicesOptions,
): Tensor {
  atMost('triuIndices', 4, arguments.length)
  const given = triangleOptions.readFirst('triuIndices', offset, options)
  return indices(
    'triuIndices',
    checkSizes('triuIndices', [row, col]),
    given,
    (row, column, offset) => column - row >= offset,
  )
}

/** Options of `vander`. */
export interface VanderOptions {
  /** Number of columns, default as many as elements. */
  N?: number | null
  /** Whether the powers go up from 0 rather than down to it, default false. */
  increasing?: boolean
}

const vanderOptions = new Options<VanderOptions>({ N: true, increasing: true })

/** The powers 0 to n - 1 of the elements as the last dimension; integers give int64. @internal */
export function powers(x: Tensor, n: number): Tensor {
  const base = isFloatingPoint(x.dtype) ? x : x.to('int64')
  return base.unsqueeze(-1).pow(arange(n, { device: x.device }))
}

/**
 * The Vandermonde matrix: in each row the powers of an element, from the highest down; integers give int64. PyTorch:
 * torch.vander.
 * @throws ShapeError unless x has one dimension
 * @example vander(tensor([1, 2, 3]), { N: 2 }).tolist() // [[1, 1], [2, 1], [3, 1]]
 */
export function vander(x: Tensor, N?: number | null | VanderOptions, options?: VanderOptions): Tensor {
  atMost('vander', 3, arguments.length)
  const { N: columns, increasing = false } = vanderOptions.readFirst('vander', N, options)
  if (checked('vander', x).ndim !== 1)
    throw new ShapeError(`vander: expected one dimension, got [${x.shape.join(', ')}]`)
  const n = checkSizes('vander', [columns ?? x.shape[0]!])[0]!
  return named('vander', () => {
    const result = powers(x, n)
    return increasing || n === 0 ? result : result.indexSelect(1, arange(n - 1, -1, -1, { device: x.device }))
  })
}

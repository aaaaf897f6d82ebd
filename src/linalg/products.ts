// Products of vectors and matrices that PyTorch has in torch.linalg.
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import {
  arange,
  atMost,
  checked,
  crossAlong,
  handlesOf,
  isFloatingPoint,
  matrixPowerOf,
  multiply,
  Options,
  shown,
  type Tensor,
} from '../tensor/index.ts'

export { matmul, matrixExp } from '../tensor/index.ts'

/** Options of `linalg.vecdot` and `linalg.cross`. */
export interface VectorOptions {
  /** The dimension of the vectors, default the last. */
  dim?: number
}

const vectorOptions = new Options<VectorOptions>({ dim: true })

/** Dot products of vectors along a dimension. PyTorch: torch.linalg.vecdot. @throws ShapeError, IndexError */
export function vecdot(x: Tensor, y: Tensor, options?: VectorOptions): Tensor {
  atMost('vecdot', 3, arguments.length)
  const { dim = -1 } = vectorOptions.read('vecdot', options)
  for (const one of [x, y]) {
    checked('vecdot', one)
    if (!isFloatingPoint(one.dtype)) throw new DTypeError(`vecdot: not implemented for ${one.dtype}`)
  }
  return x.mul(y).sum(dim)
}

/** Cross products of vectors of size 3. PyTorch: torch.linalg.cross. @throws ShapeError, IndexError */
export function cross(x: Tensor, y: Tensor, options?: VectorOptions): Tensor {
  atMost('cross', 3, arguments.length)
  return crossAlong('cross', x, y, vectorOptions.read('cross', options).dim ?? -1)
}

/**
 * The product of matrices in the order that needs the fewest operations; the first may be a row, the last a column.
 * PyTorch: torch.linalg.multi_dot.
 * @throws ArgumentError for fewer than two, ShapeError when sizes do not fit
 */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  atMost('multiDot', 1, arguments.length)
  handlesOf('multiDot', tensors)
  for (const x of tensors) checked('multiDot', x)
  if (tensors.length < 2) throw new ArgumentError(`multiDot: expected at least 2 tensors, got ${tensors.length}`)
  const last = tensors.length - 1
  const [row, column] = [tensors[0]!.ndim === 1, tensors[last]!.ndim === 1]
  const matrices = tensors.map((x, i) => {
    if (x.ndim === 1 && i === 0) return x.unsqueeze(0)
    if (x.ndim === 1 && i === last) return x.unsqueeze(1)
    if (x.ndim !== 2) throw new ShapeError(`multiDot: expected matrices, got [${x.shape.join(', ')}] at ${i}`)
    return x
  })
  const product = multiply('multiDot', matrices)
  const gone = [...(row ? [0] : []), ...(column ? [1] : [])]
  return gone.length === 0 ? product : product.squeeze(gone)
}

/**
 * A matrix, or each of a batch, to an integer power. PyTorch: torch.linalg.matrix_power.
 * @throws ShapeError unless matrices are square, ArgumentError
 */
export function matrixPower(x: Tensor, n: number): Tensor {
  atMost('matrixPower', 2, arguments.length)
  return matrixPowerOf('matrixPower', x, n)
}

/** Options of `linalg.diagonal`. */
export interface MatrixDiagonalOptions {
  /** How far above the main diagonal, default 0. */
  offset?: number
  /** Rows, default -2. */
  dim1?: number
  /** Columns, default -1. */
  dim2?: number
}

const diagonalOptions = new Options<MatrixDiagonalOptions>({ offset: true, dim1: true, dim2: true })

/** The diagonal of each matrix, without a copy. PyTorch: torch.linalg.diagonal. @throws IndexError, ShapeError */
export function diagonal(x: Tensor, options?: MatrixDiagonalOptions): Tensor {
  atMost('diagonal', 2, arguments.length)
  const { offset = 0, dim1 = -2, dim2 = -1 } = diagonalOptions.read('diagonal', options)
  checked('diagonal', x)
  return x.diagonal({ offset, dim1, dim2 })
}

/** Options of `linalg.vander`. */
export interface VanderMatrixOptions {
  /** Number of columns, default that of the elements. */
  N?: number | null
}

const vanderOptions = new Options<VanderMatrixOptions>({ N: true })

/**
 * Powers 0, 1, … of each element as a row: (…, n) to (…, n, N). PyTorch: torch.linalg.vander.
 * @throws ArgumentError for an N below 1, ShapeError for a 0-d tensor
 */
export function vander(x: Tensor, options?: VanderMatrixOptions): Tensor {
  atMost('vander', 2, arguments.length)
  checked('vander', x)
  if (x.ndim === 0) throw new ShapeError('vander: expected at least 1 dimension, got a 0-d tensor')
  const columns = vanderOptions.read('vander', options).N ?? x.size(-1)
  if (!Number.isInteger(columns) || columns < 1)
    throw new ArgumentError(`vander: N must be at least 1, got ${shown(columns)}`)
  return x.unsqueeze(-1).pow(arange(columns, { device: x.device, dtype: 'int64' }))
}

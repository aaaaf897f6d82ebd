// Products of vectors, of matrices and of batches of them, and sums with one. Those that add take `beta` and `alpha`:
// beta * input + alpha * product, where beta 0 leaves the input out.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import { checked, handleOf, named } from '../args.ts'
import { crossAlong } from '../cross.ts'
import { type AddmmOptions, addmmOptions } from '../matmul-options.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

const shapes = (op: string, ...tensors: Tensor[]) =>
  tensors.map(x => `[${checked(op, x).shape.join(', ')}]`).join(' x ')

/**
 * Products of a batch of matrices: (b, n, k) x (b, k, m). PyTorch: torch.bmm.
 * @throws ShapeError unless both are batches of as many matrices and the inner dimensions are equal
 */
export function bmm(x: Tensor, y: Tensor): Tensor {
  atMost('bmm', 2, arguments.length)
  return wrap(native.bmm(handleOf('bmm', x), handleOf('bmm', y)))
}

/** A matrix (n, m) by a vector (m). PyTorch: torch.mv. @throws ShapeError */
export function mv(matrix: Tensor, vector: Tensor): Tensor {
  atMost('mv', 2, arguments.length)
  if (checked('mv', matrix).ndim !== 2 || checked('mv', vector).ndim !== 1)
    throw new ShapeError(`mv: expected a matrix and a vector, got ${shapes('mv', matrix, vector)}`)
  return named('mv', () => wrap(native.matmul(matrix.handle, vector.handle)))
}

function dotOf(op: string, x: Tensor, y: Tensor): Tensor {
  if (checked(op, x).ndim !== 1 || checked(op, y).ndim !== 1 || x.size(0) !== y.size(0))
    throw new ShapeError(`${op}: expected two vectors of one length, got ${shapes(op, x, y)}`)
  return named(op, () => wrap(native.matmul(x.handle, y.handle)))
}

/** Sum of the products of the elements of two vectors. PyTorch: torch.dot. @throws ShapeError */
export function dot(x: Tensor, y: Tensor): Tensor {
  atMost('dot', 2, arguments.length)
  return dotOf('dot', x, y)
}

/** `dot`, of which complex numbers would have the conjugate of x. PyTorch: torch.vdot. @throws ShapeError */
export function vdot(x: Tensor, y: Tensor): Tensor {
  atMost('vdot', 2, arguments.length)
  return dotOf('vdot', x, y)
}

/**
 * Sums over the last dimension of both: (…, k) and (…, k) to (…, …); a 0-d tensor multiplies. PyTorch: torch.inner.
 * @throws ShapeError when the last dimensions differ
 */
export function inner(x: Tensor, y: Tensor): Tensor {
  atMost('inner', 2, arguments.length)
  if (checked('inner', x).ndim === 0 || checked('inner', y).ndim === 0) return x.mul(y)
  const size = x.size(-1)
  if (size !== y.size(-1)) throw new ShapeError(`inner: the last dimensions differ: ${shapes('inner', x, y)}`)
  const rows = (one: Tensor) =>
    one.reshape(
      one.shape.slice(0, -1).reduce((a, b) => a * b, 1),
      size,
    )
  return rows(x)
    .matmul(rows(y).t())
    .reshape(...x.shape.slice(0, -1), ...y.shape.slice(0, -1))
}

function outerOf(op: string, x: Tensor, y: Tensor): Tensor {
  if (checked(op, x).ndim !== 1 || checked(op, y).ndim !== 1)
    throw new ShapeError(`${op}: expected two vectors, got ${shapes(op, x, y)}`)
  return x.unsqueeze(1).mul(y)
}

/** Products of all pairs of elements: (n) and (m) to (n, m). PyTorch: torch.outer. @throws ShapeError */
export function outer(x: Tensor, y: Tensor): Tensor {
  atMost('outer', 2, arguments.length)
  return outerOf('outer', x, y)
}

/** `outer` by its older name. PyTorch: torch.ger. @throws ShapeError */
export function ger(x: Tensor, y: Tensor): Tensor {
  atMost('ger', 2, arguments.length)
  return outerOf('ger', x, y)
}

type Added = 'addmv' | 'addr' | 'addbmm' | 'baddbmm'

function added(op: Added, input: Tensor, x: Tensor, y: Tensor, beta?: number | AddmmOptions, options?: AddmmOptions) {
  const given = addmmOptions.readFirst(op, beta, options)
  const start = handleOf(op, input)
  return wrap(native[op](start, handleOf(op, x), handleOf(op, y), given.beta ?? 1, given.alpha ?? 1))
}

/** `beta * input + alpha * (matrix @ vector)`. PyTorch: torch.addmv. @throws ShapeError, DTypeError */
export function addmv(
  input: Tensor,
  matrix: Tensor,
  vector: Tensor,
  beta?: number | AddmmOptions,
  options?: AddmmOptions,
): Tensor {
  atMost('addmv', 5, arguments.length)
  return added('addmv', input, matrix, vector, beta, options)
}

/** `beta * input + alpha * outer(x, y)`. PyTorch: torch.addr. @throws ShapeError */
export function addr(
  input: Tensor,
  x: Tensor,
  y: Tensor,
  beta?: number | AddmmOptions,
  options?: AddmmOptions,
): Tensor {
  atMost('addr', 5, arguments.length)
  return added('addr', input, x, y, beta, options)
}

/** `beta * input + alpha *` the sum of `bmm(x, y)`. PyTorch: torch.addbmm. @throws ShapeError, DTypeError */
export function addbmm(
  input: Tensor,
  x: Tensor,
  y: Tensor,
  beta?: number | AddmmOptions,
  options?: AddmmOptions,
): Tensor {
  atMost('addbmm', 5, arguments.length)
  return added('addbmm', input, x, y, beta, options)
}

/** `beta * input + alpha * bmm(x, y)`. PyTorch: torch.baddbmm. @throws ShapeError, DTypeError */
export function baddbmm(
  input: Tensor,
  x: Tensor,
  y: Tensor,
  beta?: number | AddmmOptions,
  options?: AddmmOptions,
): Tensor {
  atMost('baddbmm', 5, arguments.length)
  return added('baddbmm', input, x, y, beta, options)
}

/**
 * Each element of x times the whole of y, block by block. PyTorch: torch.kron.
 * @example kron(eye(2), ones(1, 2)).tolist() // [[1, 1, 0, 0], [0, 0, 1, 1]]
 */
export function kron(x: Tensor, y: Tensor): Tensor {
  atMost('kron', 2, arguments.length)
  const ndim = Math.max(checked('kron', x).ndim, checked('kron', y).ndim)
  const sizes = (one: Tensor) => [...Array<number>(ndim - one.ndim).fill(1), ...one.shape]
  const [a, b] = [sizes(x), sizes(y)]
  const left = x.reshape(a.flatMap(size => [size, 1]))
  const right = y.reshape(b.flatMap(size => [1, size]))
  return left.mul(right).reshape(a.map((size, i) => size * b[i]!))
}

/** The sum of a matrix's diagonal. PyTorch: torch.trace. @throws ShapeError unless it is a matrix */
export function trace(x: Tensor): Tensor {
  atMost('trace', 1, arguments.length)
  if (checked('trace', x).ndim !== 2) throw new ShapeError(`trace: expected a matrix, got ${shapes('trace', x)}`)
  return x.diagonal().sum()
}

/** Options of `cross`. */
export interface CrossOptions {
  /** The dimension of the vectors, which has size 3; default the first such. */
  dim?: number | null
}

const crossOptions = new Options<CrossOptions>({ dim: true })

/**
 * Cross products of vectors of size 3. PyTorch: torch.cross.
 * @throws ArgumentError when no dimension has size 3, ShapeError
 */
export function cross(x: Tensor, y: Tensor, dim?: number | null | CrossOptions): Tensor {
  atMost('cross', 3, arguments.length)
  const given = crossOptions.readFirst('cross', dim).dim ?? checked('cross', x).shape.indexOf(3)
  if (given === -1 && dim == null) throw new ArgumentError(`cross: no dimension has size 3: ${shapes('cross', x)}`)
  return crossAlong('cross', x, y, given)
}

/** Options of `diagflat`. */
export interface DiagflatOptions {
  /** How far above the main diagonal, default 0. */
  offset?: number
}

const diagflatOptions = new Options<DiagflatOptions>({ offset: true })

/** A matrix with all elements of x on a diagonal. PyTorch: torch.diagflat. */
export function diagflat(x: Tensor, offset?: number | DiagflatOptions): Tensor {
  atMost('diagflat', 2, arguments.length)
  const given = diagflatOptions.readFirst('diagflat', offset)
  return checked('diagflat', x).reshape(-1).diagEmbed({ offset: given.offset })
}

// Rows of a table by their numbers, one for each number or one for a bag of them. Gradients are dense: of a row that
// comes twice they are added, in order.
import { ArgumentError, UnsupportedError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  atMost,
  checked,
  flag,
  handleOf,
  isGradEnabled,
  noGrad,
  Options,
  optional,
  refuse,
  shown,
  type Tensor,
  tidy,
  where,
  wrap,
} from '../../tensor/index.ts'

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** The number of a row that gets no gradient; negative ones count from the end. */
  paddingIdx?: number | null
  /** Rows that are read and whose norm is larger become so long, in place. */
  maxNorm?: number | null
  /** Of that norm, default 2. */
  normType?: number
  /** Divide the gradient of a row by how often it is read. */
  scaleGradByFreq?: boolean
  /** Only where nothing is differentiated: there are no sparse gradients. */
  sparse?: boolean
}

/** @internal */
export const embeddingOptions = new Options<EmbeddingOptions>({
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  sparse: true,
})

/** The number of the padding row counted from the start. @throws ArgumentError out of range @internal */
export function paddingRow(op: string, padding: number | null | undefined, rows: number): number | null {
  if (padding == null) return null
  if (typeof padding !== 'number') refuse(`${op}: paddingIdx`, 'a number', padding)
  const at = padding < 0 ? padding + rows : padding
  if (Number.isInteger(at) && at >= 0 && at < rows) return at
  throw new ArgumentError(`${op}: paddingIdx ${shown(padding)} is out of range for ${rows} rows`)
}

/** Shortens the rows that are read; checks what else both functions have. */
function prepare(op: string, x: Tensor, weight: Tensor, given: EmbeddingOptions | EmbeddingBagOptions): void {
  checked(op, x)
  checked(op, weight)
  if (flag(`${op}: sparse`, given.sparse ?? false) && weight.requiresGrad && isGradEnabled()) {
    throw new UnsupportedError(`${op}: there are no sparse gradients; leave sparse out, and they are dense`)
  }
  const { maxNorm = null, normType = 2 } = given
  if (maxNorm === null || x.numel() === 0) return
  if (typeof maxNorm !== 'number') refuse(`${op}: maxNorm`, 'a number', maxNorm)
  noGrad(() =>
    tidy(() => {
      const numbers = x.reshape([-1])
      const rows = weight.indexSelect(0, numbers)
      const norms = rows.norm(normType, { dim: 1, keepdim: true })
      const factors = norms.add(1e-7).reciprocal().mul(maxNorm)
      weight.indexCopy_(0, numbers, where(norms.gt(maxNorm), rows.mul(factors), rows))
    }),
  )
}

/**
 * Rows of `weight` (V, D) by numbers of any shape: (…) to (…, D). PyTorch: torch.nn.functional.embedding.
 * @throws IndexError for a number that is no row's, DTypeError unless they are int64 or int32, ShapeError
 * @example nn.functional.embedding(tensor([[1n, 2n]]), randn(10, 3)).shape // [1, 2, 3]
 */
export function embedding(
  x: Tensor,
  weight: Tensor,
  paddingIdx?: number | null | EmbeddingOptions,
  options?: EmbeddingOptions,
): Tensor {
  atMost('embedding', 4, arguments.length)
  const given = embeddingOptions.readFirst('embedding', paddingIdx, options)
  prepare('embedding', x, weight, given)
  const padding = paddingRow('embedding', given.paddingIdx, weight.shape[0] ?? 0)
  const scaled = flag('embedding: scaleGradByFreq', given.scaleGradByFreq ?? false)
  return wrap(native.embedding(handleOf('embedding', weight), handleOf('embedding', x), padding, scaled))
}

/** What becomes of the rows of a bag. */
export type BagMode = 'sum' | 'mean' | 'max'

/** Options of `embeddingBag`. */
export interface EmbeddingBagOptions {
  /** Where each bag begins, of numbers (k); the first is 0. */
  offsets?: Tensor | null
  /** Rows that are read and whose norm is larger become so long, in place. */
  maxNorm?: number | null
  /** Of that norm, default 2. */
  normType?: number
  /** Divide the gradient of a row by how often it is read; not with `'max'`. */
  scaleGradByFreq?: boolean
  /** Default `'mean'`. */
  mode?: BagMode
  /** Only where nothing is differentiated: there are no sparse gradients. */
  sparse?: boolean
  /** Factors of the rows, in the shape of the numbers; with `'sum'`. */
  perSampleWeights?: Tensor | null
  /** The last of the offsets says where the last bag ends. */
  includeLastOffset?: boolean
  /** The number of a row that is in no bag; negative ones count from the end. */
  paddingIdx?: number | null
}

const bagOptions = new Options<EmbeddingBagOptions>({
  offsets: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  mode: true,
  sparse: true,
  perSampleWeights: true,
  includeLastOffset: true,
  paddingIdx: true,
})

/**
 * Sums, means or maxima of rows of `weight` (V, D): of numbers (B, L) those of each row, of (k) those between two
 * offsets; (B, D). A bag without rows is 0. PyTorch: torch.nn.functional.embedding_bag.
 * @throws IndexError for a number that is no row's, ShapeError, DTypeError, ArgumentError, UnsupportedError
 * @example nn.functional.embeddingBag(tensor([1n, 2n, 4n]), randn(10, 3), tensor([0n, 2n])).shape // [2, 3]
 */
export function embeddingBag(
  x: Tensor,
  weight: Tensor,
  offsets?: Tensor | null | EmbeddingBagOptions,
  options?: EmbeddingBagOptions,
): Tensor {
  const op = 'embeddingBag'
  atMost('embeddingBag', 4, arguments.length)
  const given = bagOptions.readFirst(op, offsets, options)
  prepare(op, x, weight, given)
  const padding = paddingRow(op, given.paddingIdx, weight.shape[0] ?? 0)
  const scaled = flag(`${op}: scaleGradByFreq`, given.scaleGradByFreq ?? false)
  const last = flag(`${op}: includeLastOffset`, given.includeLastOffset ?? false)
  const [table, numbers, mode] = [handleOf(op, weight), handleOf(op, x), given.mode ?? 'mean']
  const [starts, factors] = [optional(op, given.offsets), optional(op, given.perSampleWeights)]
  return wrap(native.embeddingBag(table, numbers, starts, mode, scaled, factors, last, padding))
}

// How far apart vectors are, functions only.
import {
  atMost,
  broadcastShapes,
  checked,
  isFloatingPoint,
  named,
  noGrad,
  Options,
  type Tensor,
} from '../../tensor/index.ts'

/** Options of `cosineSimilarity`. */
export interface CosineSimilarityOptions {
  /** The dimension of the vectors, default 1. */
  dim?: number
  /** The least length that is divided by, default 1e-8. */
  eps?: number
}

/** @internal */
export const cosineSimilarityOptions = new Options<CosineSimilarityOptions>({ dim: true, eps: true })

/** Options of `pairwiseDistance`. */
export interface PairwiseDistanceOptions {
  /** Of the norm, default 2. */
  p?: number
  /** Added to each difference, default 1e-6. */
  eps?: number
  /** Keep the last dimension with size 1. */
  keepdim?: boolean
}

/** @internal */
export const pairwiseDistanceOptions = new Options<PairwiseDistanceOptions>({ p: true, eps: true, keepdim: true })

/** Norm of `x1 - x2` along the last dimension. PyTorch: torch.nn.functional.pairwise_distance. @throws ShapeError */
export function pairwiseDistance(
  x1: Tensor,
  x2: Tensor,
  p?: number | PairwiseDistanceOptions,
  options?: PairwiseDistanceOptions,
): Tensor {
  atMost('pairwiseDistance', 4, arguments.length)
  const given = pairwiseDistanceOptions.readFirst('pairwiseDistance', p, options)
  for (const x of [x1, x2]) checked('pairwiseDistance', x)
  const { p: power = 2, eps = 1e-6, keepdim = false } = given
  const difference = x1.sub(x2)
  const real = isFloatingPoint(difference.dtype) ? difference : difference.to('float32')
  return real.add(eps).norm(power, { dim: -1, keepdim })
}

/** The length of vectors, at least `eps`; the gradient is that of the length. */
function lengths(x: Tensor, dim: number, eps: number): Tensor {
  const norm = x.norm(2, { dim, keepdim: true }).clone()
  noGrad(() => norm.clampMin_(eps))
  return norm
}

/**
 * Cosine of the angle between vectors along a dimension. PyTorch: torch.nn.functional.cosine_similarity.
 * @throws IndexError when there is no such dimension, ShapeError
 */
export function cosineSimilarity(
  x1: Tensor,
  x2: Tensor,
  dim?: number | CosineSimilarityOptions,
  options?: CosineSimilarityOptions,
): Tensor {
  atMost('cosineSimilarity', 4, arguments.length)
  const { dim: along = 1, eps = 1e-8 } = cosineSimilarityOptions.readFirst('cosineSimilarity', dim, options)
  for (const x of [x1, x2]) checked('cosineSimilarity', x)
  const sizes = named('cosineSimilarity', () => broadcastShapes(x1.shape, x2.shape))
  const [a, b] = [x1.expand(...sizes), x2.expand(...sizes)]
  return a
    .div(lengths(a, along, eps))
    .mul(b.div(lengths(b, along, eps)))
    .sum(along)
}

/** Options of `normalize`. */
export interface UnitOptions {
  /** Of the norm, default 2. */
  p?: number
  /** Default 1. */
  dim?: number
  /** The least that is divided by, default 1e-12. */
  eps?: number
}

const normalizeOptions = new Options<UnitOptions>({ p: true, dim: true, eps: true })

/** x divided by its norm along a dimension. PyTorch: torch.nn.functional.normalize. @throws IndexError */
export function normalize(x: Tensor, p?: number | UnitOptions, options?: UnitOptions): Tensor {
  atMost('normalize', 3, arguments.length)
  const { p: power = 2, dim = 1, eps = 1e-12 } = normalizeOptions.readFirst('normalize', p, options)
  checked('normalize', x)
  return x.div(x.norm(power, { dim, keepdim: true }).clampMin(eps))
}

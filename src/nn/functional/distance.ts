// How far apart vectors are, functions only.
import { atMost, handleOf, Options, type Tensor } from '../../tensor/index.ts'

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
  for (const x of [x1, x2]) handleOf('pairwiseDistance', x)
  const { p: power = 2, eps = 1e-6, keepdim = false } = given
  return x1.sub(x2).add(eps).norm(power, { dim: -1, keepdim })
}

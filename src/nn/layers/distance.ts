// Distances of two tensors' vectors, as layers.
import { atMost, type Tensor } from '../../tensor/index.ts'
import {
  type CosineSimilarityOptions,
  cosineSimilarity,
  cosineSimilarityOptions,
  type PairwiseDistanceOptions,
  pairwiseDistance,
  pairwiseDistanceOptions,
} from '../functional/distance.ts'
import { Module } from '../module/module.ts'

/** Cosine of the angle between vectors along a dimension. PyTorch: torch.nn.CosineSimilarity. */
export class CosineSimilarity extends Module<[x1: Tensor, x2: Tensor]> {
  readonly dim: number
  readonly eps: number

  constructor(dim?: number | CosineSimilarityOptions, options?: CosineSimilarityOptions) {
    atMost('CosineSimilarity', 2, arguments.length)
    super()
    const given = cosineSimilarityOptions.readFirst('CosineSimilarity', dim, options)
    this.dim = given.dim ?? 1
    this.eps = given.eps ?? 1e-8
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, { dim: this.dim, eps: this.eps })
  }
}

/** Norm of the difference of vectors along the last dimension. PyTorch: torch.nn.PairwiseDistance. */
export class PairwiseDistance extends Module<[x1: Tensor, x2: Tensor]> {
  readonly norm: number
  readonly eps: number
  readonly keepdim: boolean

  constructor(p?: number | PairwiseDistanceOptions, options?: PairwiseDistanceOptions) {
    atMost('PairwiseDistance', 2, arguments.length)
    super()
    const given = pairwiseDistanceOptions.readFirst('PairwiseDistance', p, options)
    this.norm = given.p ?? 2
    this.eps = given.eps ?? 1e-6
    this.keepdim = given.keepdim ?? false
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, { p: this.norm, eps: this.eps, keepdim: this.keepdim })
  }
}

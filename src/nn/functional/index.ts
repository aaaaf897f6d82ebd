// `nn.functional`, usually called F: the ops that PyTorch keeps in torch.nn.functional, as plain functions. Those that
// it has nowhere else stand in this folder, by family; those that are in torch too come from there, a family at a time.
export * from '../../tensor/ops/activation.ts'
export * from '../../tensor/ops/conv.function.ts'
export * from '../../tensor/ops/pool.function.ts'
export { type PdistOptions, pdist } from '../../tensor/ops/products.function.ts'
export * from '../../tensor/ops/rearrange.function.ts'
export * from '../../tensor/ops/softmax.ts'
export { sigmoid, tanh } from '../../tensor/ops/unary.ts'
export * from './activation.ts'
export * from './activation-inplace.ts'
export * from './attention.ts'
export { ctcLoss, type Lengths } from './ctc-loss.ts'
export {
  type CosineSimilarityOptions,
  cosineSimilarity,
  normalize,
  type PairwiseDistanceOptions,
  pairwiseDistance,
  type UnitOptions,
} from './distance.ts'
export * from './dropout.ts'
export {
  type BagMode,
  type EmbeddingBagOptions,
  type EmbeddingOptions,
  embedding,
  embeddingBag,
} from './embedding.ts'
export { type FoldOptions, fold, unfold } from './fold.ts'
export * from './gate.ts'
export * from './grid.ts'
export * from './interpolate.ts'
export * from './likelihood-loss.ts'
export * from './loss.ts'
export {
  type LocalResponseNormOptions,
  type LPPoolOptions,
  localResponseNorm,
  lpPool1d,
  lpPool2d,
  lpPool3d,
} from './lp-pool.ts'
export * from './margin-loss.ts'
export * from './matmul.ts'
export * from './norm.ts'
export * from './one-hot.ts'
export * from './pad.ts'
export * from './pair-loss.ts'
export * from './pool.ts'
export * from './shrink.ts'
export * from './unpool.ts'

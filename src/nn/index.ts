// Everything of torch.nn that dtrain has: `import * as nn from 'dtrain/nn'`.
export * as functional from './functional/index.ts'
export type { CrossEntropyLossOptions } from './functional/loss-options.ts'
export * as init from './init/index.ts'
export * from './layers/activation.ts'
export * from './layers/adaptive-pooling.ts'
export * from './layers/conv.ts'
export * from './layers/conv-transpose.ts'
export * from './layers/distance.ts'
export * from './layers/dropout.ts'
export * from './layers/embedding.ts'
export { Flatten, type FlattenLayerOptions, Unflatten } from './layers/flatten.ts'
export * from './layers/layer-norm.ts'
export { Bilinear, Identity, Linear, type LinearOptions } from './layers/linear.ts'
export * from './layers/lp-pooling.ts'
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  type NormLayerOptions,
} from './layers/norm.ts'
export * from './layers/padding.ts'
export * from './layers/pooling.ts'
export * from './layers/rearrange.ts'
export * from './layers/relu.ts'
export * from './layers/unpooling.ts'
export * from './layers/upsample.ts'
export { type AdaptiveLogSoftmaxOptions, AdaptiveLogSoftmaxWithLoss } from './losses/adaptive.ts'
export { CrossEntropyLoss, NLLLoss } from './losses/classification.ts'
export { LinearCrossEntropyLoss, type LinearCrossEntropyLossOptions } from './losses/linear.ts'
export * from './losses/margins.ts'
export { BCELoss, BCEWithLogitsLoss, HuberLoss, L1Loss, MSELoss, SmoothL1Loss } from './losses/pairs.ts'
export { CTCLoss } from './losses/sequence.ts'
export { type EntriesOptions, ModuleList, type Named, Sequential } from './module/container.ts'
export { ModuleDict, ParameterDict, ParameterList } from './module/dictionaries.ts'
export type {
  BackwardHook,
  BackwardPreHook,
  ForwardHook,
  ForwardHookOptions,
  ForwardHookWithKwargs,
  ForwardPreHook,
  ForwardPreHookOptions,
  ForwardPreHookWithKwargs,
} from './module/hooks.ts'
export { type AnyModule, type MembersOptions, Module } from './module/module.ts'
export { Parameter, type ParameterOptions } from './module/parameter.ts'
export type { LoadOptions, LoadResult, StateDict, StateDictOptions } from './module/state-dict.ts'
export * as modules from './modules.ts'
export { type CellOptions, GRUCell, LSTMCell, RNNCell, type RNNCellOptions } from './rnn/cells.ts'
export { GRU, type GRUOptions, LSTM, type LSTMOptions, RNN, type RNNOptions, type Sequence } from './rnn/layers.ts'
export { SyncBatchNorm } from './sync-batch-norm.ts'
export {
  type AttentionCallOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './transformer/attention.ts'
export {
  type DecoderLayerCallOptions,
  type EncoderLayerCallOptions,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer/layers.ts'
export {
  type DecoderCallOptions,
  type EncoderCallOptions,
  type SubsequentMaskOptions,
  Transformer,
  type TransformerCallOptions,
  TransformerDecoder,
  type TransformerDecoderOptions,
  TransformerEncoder,
  type TransformerEncoderOptions,
  type TransformerOptions,
} from './transformer/stacks.ts'
export * as utils from './utils/index.ts'

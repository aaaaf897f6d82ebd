// What 'dtrain/tensorboard' exports. PyTorch: torch.utils.tensorboard.
export type { Bins } from './histogram.ts'
export type { HParam } from './hparams.ts'
export {
  type AddEmbeddingOptions,
  type AddHistogramOptions,
  type AddHparamsOptions,
  type AddImageOptions,
  type AddOptions,
  type AddScalarOptions,
  SummaryWriter,
  type SummaryWriterOptions,
} from './writer.ts'

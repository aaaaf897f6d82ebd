// Everything of torch.utils.data that dtrain has: `import { DataLoader } from 'dtrain/data'`.
export { type Collated, defaultCollate } from './collate.ts'
export { ChainDataset, ConcatDataset, StackDataset, type Stacked } from './combined.ts'
export { DataLoader, type DataLoaderOptions } from './data-loader.ts'
export { type Dataset, type IterableDataset, randomSplit, type SplitOptions, Subset, TensorDataset } from './dataset.ts'
export { DistributedSampler, type DistributedSamplerOptions } from './distributed-sampler.ts'
export type { DataLoaderState, EpochState, WorkerState } from './epoch.ts'
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  type Sized,
  SubsetRandomSampler,
  type SubsetRandomSamplerOptions,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from './sampler.ts'
export { getWorkerInfo, type ToWorker, type WorkerInfo } from './worker-info.ts'

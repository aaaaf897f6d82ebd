// Everything of torch.utils.data that dtrain has: `import { DataLoader } from 'dtrain/data'`.
export { type Collated, defaultCollate } from './collate.ts'
export { DataLoader, type DataLoaderOptions } from './data-loader.ts'
export { type Dataset, randomSplit, Subset, TensorDataset } from './dataset.ts'
export { DistributedSampler, type DistributedSamplerOptions } from './distributed-sampler.ts'
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  type Sized,
} from './sampler.ts'

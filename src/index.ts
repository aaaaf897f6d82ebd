// What a program imports from 'dtrain': tensors, the functions on them, and the namespaces nn, optim, data and metrics.
// Each namespace is an entry point of its own too, as 'dtrain/nn' is; 'dtrain/distributed' is only that.

export {
  type CheckpointOptions,
  type CheckpointSequentialOptions,
  checkpoint,
  checkpointSequential,
} from './autograd/checkpoint.ts'
export { type GradOptions, grad } from './autograd/grad.ts'
export * as autograd from './autograd/index.ts'
export { type BenchSettings, benchStep } from './bench-step.ts'
export { Checkpoint, type Stateful, type Stream } from './checkpoint.ts'
export { backends } from './cuda/backends.ts'
export * as cuda from './cuda/index.ts'
export * as data from './data/index.ts'
export {
  ChainDataset,
  type Collated,
  ConcatDataset,
  DataLoader,
  type Dataset,
  DistributedSampler,
  getWorkerInfo,
  type IterableDataset,
  randomSplit,
  Subset,
  TensorDataset,
} from './data/index.ts'
export {
  ArgumentError,
  AutogradError,
  DisposedError,
  DistributedError,
  DTypeError,
  DtrainError,
  IndexError,
  InternalError,
  LinAlgError,
  OutOfMemoryError,
  PeerError,
  ShapeError,
  UnsupportedError,
  WorkerError,
} from './errors.ts'
export { type LoadFileOptions, load, type MapLocation, type Saved, type SaveOptions, save } from './io/index.ts'
export * as linalg from './linalg/index.ts'
export * as metrics from './metrics/index.ts'
export { Accuracy, Average, ConfusionMatrix, EarlyStopping, RunningMean } from './metrics/index.ts'
export * as nn from './nn/index.ts'
export * as optim from './optim/index.ts'
export { type ProgressOptions, progress } from './progress.ts'
export {
  type ChoiceOptions,
  type NormalOptions,
  type RandintOptions,
  RandomState,
  type RandomStateTuple,
  type SeedOptions,
  type Size,
  type SizeOptions,
  type UniformOptions,
} from './random/random-state.ts'
export { seedEverything } from './random/seed-everything.ts'
export * as special from './special/index.ts'
export * from './tensor/create.ts'
export * from './tensor/functions.ts'
export {
  areDeterministicAlgorithmsEnabled,
  bfloat16,
  type Device,
  type DType,
  dtypes,
  emptyCache,
  enableGrad,
  type FloatInfo,
  finfo,
  float16,
  getNumThreads,
  type HalfConversion,
  type Index,
  type InferenceModeOptions,
  type IntegerInfo,
  iinfo,
  inferenceMode,
  isAnomalyCheckNanEnabled,
  isAnomalyEnabled,
  isGradEnabled,
  isInferenceModeEnabled,
  keep,
  type MemoryStats,
  memoryStats,
  type NestedArray,
  Node,
  type NodeGradients,
  type NodeHookResult,
  noGrad,
  type PrintoptionsOptions,
  type RemovableHandle,
  resetPeakMemoryStats,
  type Slice,
  setGradEnabled,
  setMemoryBudget,
  setNumThreads,
  setPrintoptions,
  Tensor,
  type TensorHook,
  type ToOptions,
  type TypedArray,
  tidy,
  useDeterministicAlgorithms,
} from './tensor/index.ts'
export { emptyPermuted, emptyStrided } from './tensor/layout.ts'
export { type TriangleIndicesOptions, trilIndices, triuIndices, type VanderOptions, vander } from './tensor/patterns.ts'
export * from './tensor/random.ts'

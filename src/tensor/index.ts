// The tensor layer as the other folders see it. Importing it puts the methods on Tensor.
import './methods.ts'

export {
  type AnomalyOptions,
  detectAnomaly,
  explained,
  isAnomalyCheckNanEnabled,
  isAnomalyEnabled,
  setDetectAnomaly,
} from './anomaly.ts'
export {
  afford,
  checked,
  checkSizes,
  convPadding,
  deeper,
  flag,
  generatorOf,
  handleOf,
  handlesOf,
  isPlainObject,
  named,
  operand,
  optional,
  type Pair,
  pair,
  runNow,
  type Single,
  spatial,
  type Triple,
} from './args.ts'
export * from './create.ts'
export { crossAlong } from './cross.ts'
export { areDeterministicAlgorithmsEnabled, useDeterministicAlgorithms } from './determinism.ts'
export { type Device, deviceCode, isDevice } from './device.ts'
export { type DType, dtypeCode, dtypes, isFloatingPoint, isHalf, itemSize, type TypedArray } from './dtype.ts'
export { type InplaceOptions, inplaceOptions, isInplace } from './elementwise-options.ts'
export * from './finfo.ts'
export * from './functions.ts'
export {
  enableGrad,
  type InferenceModeOptions,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from './grad-mode.ts'
export { bfloat16, float16, type HalfConversion } from './half.ts'
export {
  addHook,
  callTensorHook,
  type NodeGradients,
  type NodeHookResult,
  type RemovableHandle,
  type TensorHook,
} from './hooks.ts'
export * from './layout.ts'
export { type CholeskyOptions, isUpper } from './linalg-options.ts'
export { mapTensors } from './map-tensors.ts'
export { matrixPowerOf } from './matrix-power.ts'
export { emptyCache, type MemoryStats, memoryStats, resetPeakMemoryStats, setMemoryBudget } from './memory.ts'
export { multiply } from './multi-dot.ts'
export { Node } from './node.ts'
export type { Index, Slice } from './ops/index.method.ts'
export { isOptions, Options } from './options.ts'
export * from './patterns.ts'
export {
  adaptiveAveraged,
  averaged,
  avgPoolDivisorOptions,
  avgPoolOptions,
  maxPoolOptions,
  pooled,
  poolSizes,
  poolStride,
} from './pooling.ts'
export { type PrintoptionsOptions, setPrintoptions } from './print.ts'
export * from './random.ts'
export { atMost, refuse } from './refuse.ts'
export { kindOf, python, reals, repr, shown, torchSize } from './repr.ts'
export { keep, tidy } from './scope.ts'
export { singularValues } from './singular-values.ts'
export { type BackwardOptions, type NestedArray, type RequiresGradOptions, Tensor, wrap } from './tensor.ts'
export { getNumThreads, setNumThreads } from './threads.ts'
export { type CudaOptions, cudaArguments, type TensorToOptions, type ToOptions, toOptions } from './to-options.ts'

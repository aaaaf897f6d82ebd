// The tensor layer as the other folders see it. Importing it puts the methods on Tensor.
import './methods.ts'

export {
  checkSizes,
  convPadding,
  copyOptions,
  firstOption,
  flag,
  generatorOf,
  givenOptions,
  handleOf,
  handlesOf,
  isOptions,
  isPlainObject,
  optional,
  type Pair,
  pair,
  refuse,
  runNow,
} from './args.ts'
export * from './create.ts'
export { type Device, deviceCode, isDevice } from './device.ts'
export { type DType, dtypeCode, dtypes, isFloatingPoint, type TypedArray } from './dtype.ts'
export * from './functions.ts'
export { enableGrad, isGradEnabled, noGrad } from './grad-mode.ts'
export { mapTensors } from './map-tensors.ts'
export { emptyCache, type MemoryStats, memoryStats, resetPeakMemoryStats, setMemoryBudget } from './memory.ts'
export { Node } from './node.ts'
export type { Index, Slice } from './ops/index.method.ts'
export * from './random.ts'
export { kindOf, python, repr, torchSize } from './repr.ts'
export { keep, tidy } from './scope.ts'
export { type BackwardOptions, type NestedArray, Tensor, wrap } from './tensor.ts'
export { getNumThreads, setNumThreads } from './threads.ts'
export { type ToOptions, toOptions } from './to-options.ts'

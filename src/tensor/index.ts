// The tensor layer as the other folders see it. Importing it puts the methods on Tensor.
import './methods.ts'

export { firstOption, handleOf, handlesOf, isOptions, optional, type Pair, pair, refuse } from './args.ts'
export {
  arange,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  type NestedData,
  ones,
  onesLike,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from './create.ts'
export { type DType, dtypeCode, dtypes, isFloatingPoint, type TypedArray } from './dtype.ts'
export { enableGrad, isGradEnabled, noGrad } from './grad-mode.ts'
export { emptyCache, type MemoryStats, memoryStats, resetPeakMemoryStats, setMemoryBudget } from './memory.ts'
export { Node } from './node.ts'
export { type Conv2dOptions, conv2d, convPadding } from './ops/conv.ts'
export { clone, contiguous } from './ops/copy.ts'
export { add, div, eq, exp, ge, gt, le, log, lt, mul, ne, neg, relu, sub } from './ops/elementwise.ts'
export { cat, chunk, type Index, indexSelect, narrow, type Slice, select, stack } from './ops/index.ts'
export { type ClassificationLossOptions, crossEntropy, nllLoss, type Reduction } from './ops/loss.ts'
export { addmm, linear, matmul, mm } from './ops/matmul.ts'
export { type MaxPool2dOptions, maxPool2d } from './ops/pool.ts'
export { type ArgmaxOptions, argmax, type MaxResult, max, mean, type ReduceOptions, sum } from './ops/reduce.ts'
export { logSoftmax } from './ops/softmax.ts'
export { flatten, permute, reshape, squeeze, t, transpose, unsqueeze } from './ops/view.ts'
export {
  defaultGenerator,
  Generator,
  manualSeed,
  normal,
  type RandomOptions,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
} from './random.ts'
export { kindOf, python, torchSize, tuple } from './repr.ts'
export { keep, tidy } from './scope.ts'
export { type BackwardOptions, type NestedArray, Tensor, wrap } from './tensor.ts'
export { getNumThreads, setNumThreads } from './threads.ts'

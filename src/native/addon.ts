// The typed face of the addon: what native/binding/tables hands to JavaScript. Tensors cross as opaque externals,
// shapes as plain arrays, options as positional arguments. Written by `npm run addon-types`.
import type { ActivationFunctions } from './addon/activation.ts'
import type { ArithmeticFunctions } from './addon/arithmetic.ts'
import type { AttentionFunctions } from './addon/attention.ts'
import type { BitwiseFunctions } from './addon/bitwise.ts'
import type { CommFunctions } from './addon/comm.ts'
import type { CompareFunctions } from './addon/compare.ts'
import type { ConvFunctions } from './addon/conv.ts'
import type { CopiesFunctions } from './addon/copies.ts'
import type { CopyFunctions } from './addon/copy.ts'
import type { CreationFunctions } from './addon/creation.ts'
import type { CudaFunctions } from './addon/cuda.ts'
import type { DistanceFunctions } from './addon/distance.ts'
import type { DropoutFunctions } from './addon/dropout.ts'
import type { FilesFunctions } from './addon/files.ts'
import type { FoldFunctions } from './addon/fold.ts'
import type { FunctionFunctions } from './addon/function.ts'
import type { GraphFunctions } from './addon/graph.ts'
import type { HooksFunctions } from './addon/hooks.ts'
import type { IndexFunctions } from './addon/index.ts'
import type { JoinFunctions } from './addon/join.ts'
import type { LifecycleFunctions } from './addon/lifecycle.ts'
import type { LinalgFunctions } from './addon/linalg.ts'
import type { LossFunctions } from './addon/loss.ts'
import type { MatmulFunctions } from './addon/matmul.ts'
import type { MemoryFunctions } from './addon/memory.ts'
import type { NormFunctions } from './addon/norm.ts'
import type { NvmlFunctions } from './addon/nvml.ts'
import type { OptimFunctions } from './addon/optim.ts'
import type { PadFunctions } from './addon/pad.ts'
import type { PoolFunctions } from './addon/pool.ts'
import type { ProductsFunctions } from './addon/products.ts'
import type { RandomFunctions } from './addon/random.ts'
import type { RearrangeFunctions } from './addon/rearrange.ts'
import type { ReduceFunctions } from './addon/reduce.ts'
import type { ReducerFunctions } from './addon/reducer.ts'
import type { ResampleFunctions } from './addon/resample.ts'
import type { SavedFunctions } from './addon/saved.ts'
import type { ScanFunctions } from './addon/scan.ts'
import type { SearchFunctions } from './addon/search.ts'
import type { SelectFunctions } from './addon/select.ts'
import type { SoftmaxFunctions } from './addon/softmax.ts'
import type { SortFunctions } from './addon/sort.ts'
import type { SpecialFunctions } from './addon/special.ts'
import type { SplitFunctions } from './addon/split.ts'
import type { StatisticsFunctions } from './addon/statistics.ts'
import type { StridedFunctions } from './addon/strided.ts'
import type { TensorFunctions } from './addon/tensor.ts'
import type { ThreadsFunctions } from './addon/threads.ts'
import type { TraceFunctions } from './addon/trace.ts'
import type { UnaryFunctions } from './addon/unary.ts'
import type { ViewFunctions } from './addon/view.ts'

export type * from './addon/types.ts'

export interface Addon
  extends ActivationFunctions,
    ArithmeticFunctions,
    AttentionFunctions,
    BitwiseFunctions,
    CommFunctions,
    CompareFunctions,
    ConvFunctions,
    CopiesFunctions,
    CopyFunctions,
    CreationFunctions,
    CudaFunctions,
    DistanceFunctions,
    DropoutFunctions,
    FilesFunctions,
    FoldFunctions,
    FunctionFunctions,
    GraphFunctions,
    HooksFunctions,
    IndexFunctions,
    JoinFunctions,
    LifecycleFunctions,
    LinalgFunctions,
    LossFunctions,
    MatmulFunctions,
    MemoryFunctions,
    NormFunctions,
    NvmlFunctions,
    OptimFunctions,
    PadFunctions,
    PoolFunctions,
    ProductsFunctions,
    RandomFunctions,
    RearrangeFunctions,
    ReduceFunctions,
    ReducerFunctions,
    ResampleFunctions,
    SavedFunctions,
    ScanFunctions,
    SearchFunctions,
    SelectFunctions,
    SoftmaxFunctions,
    SortFunctions,
    SpecialFunctions,
    SplitFunctions,
    StatisticsFunctions,
    StridedFunctions,
    TensorFunctions,
    ThreadsFunctions,
    TraceFunctions,
    UnaryFunctions,
    ViewFunctions {}

// Typed face of the addon: one line per native function, the same names as in native/binding/table.cc (compared when
// the addon is loaded). Tensors cross as opaque externals; shapes as plain arrays; options as positional arguments.

declare const handle: unique symbol
/** A native tensor: an external owned by exactly one JavaScript Tensor. */
export type Handle = { readonly [handle]: 'tensor' }
/** A native random generator. */
export type GeneratorHandle = { readonly [handle]: 'generator' }
/** A node of the autograd graph. */
export type NodeHandle = { readonly [handle]: 'node' }
/** A stream or an event of a CUDA device. */
export type StreamHandle = { readonly [handle]: 'stream' }
export type EventHandle = { readonly [handle]: 'event' }
/** A gradient reducer. */
export type ReducerHandle = { readonly [handle]: 'reducer' }

/** Numbers stay numbers: a weak scalar never becomes a one-element tensor. */
export type Operand = Handle | number
export type Dims = readonly number[]
/** 'cpu', 'cuda' (the current one) or 'cuda:N'; null is the CPU. */
export type DeviceName = string | null
/** Index into `dtypes` of src/tensor/dtype.ts. */
export type DTypeCode = number
export type Bytes = ArrayBufferView

export interface MemoryStats {
  /** Bytes in tensors now. */
  live: number
  /** Largest `live` so far (see resetPeakMemoryStats). */
  peak: number
  /** Bytes freed by tensors and kept for reuse. */
  cached: number
  /** Bytes `live` may reach before collection, then OutOfMemoryError. */
  budget: number
  /** JavaScript tensors not yet disposed or collected. */
  wrappers: number
  /** Garbage collections dtrain asked for. */
  minorCollections: number
  majorCollections: number
  /** System allocations made (a steady loop makes none). */
  systemAllocations: number
}

export type CudaChoice = 'matmulTf32' | 'convTf32' | 'convBenchmark' | 'convDeterministic'

export interface CudaInfo {
  name: string
  /** Bytes. */
  memory: number
  /** Compute capability. */
  major: number
  minor: number
  multiprocessors: number
  /** Bytes. */
  l2: number
  memoryPools: boolean
}

export interface Addon {
  // life cycle
  functions(): string[]
  setErrorFactory(make: (code: string, message: string) => Error): void
  setCollector(collect: ((major: boolean) => void) | null): void
  dispose(x: Handle): void
  /** True once in a process, whichever of its threads asks first. */
  isFirst(): boolean
  memoryStats(device: DeviceName): MemoryStats
  resetPeakMemoryStats(device: DeviceName): void
  setMemoryBudget(bytes: number, device: DeviceName): void
  emptyCache(device: DeviceName): void
  numThreads(): number
  setNumThreads(n: number): void
  libraries(): Record<string, string>

  // CUDA devices, streams and events
  cudaDeviceCount(): number
  /** Why there is no device, or '' when there is one. */
  cudaUnavailable(): string
  /** Versions of the libraries that are opened at first use, or why one cannot be. */
  cudaLibraries(): Record<string, string>
  cudaInfo(device: DeviceName): CudaInfo
  cudaCurrentDevice(): number
  cudaSetDevice(index: number): void
  cudaSynchronize(device: DeviceName): void
  /** What NVIDIA's libraries may do for speed: src/cuda/backends.ts. */
  cudaChoice(which: CudaChoice): boolean
  cudaSetChoice(which: CudaChoice, on: boolean): void
  cudaStream(device: DeviceName, priority: number): StreamHandle
  /** The compute stream. */
  cudaDefaultStream(device: DeviceName): StreamHandle
  cudaSetStream(stream: StreamHandle): void
  streamDevice(stream: StreamHandle): string
  streamDone(stream: StreamHandle): boolean
  streamSynchronize(stream: StreamHandle): void
  streamWaitEvent(stream: StreamHandle, event: EventHandle): void
  cudaEvent(device: DeviceName, timing: boolean): EventHandle
  eventRecord(event: EventHandle, stream: StreamHandle): void
  eventDone(event: EventHandle): boolean
  eventSynchronize(event: EventHandle): void
  eventElapsed(start: EventHandle, end: EventHandle): number
  recordStream(x: Handle, stream: StreamHandle): void

  // tensor properties and data
  fromData(data: Bytes, shape: Dims, dtype: DTypeCode, device: DeviceName): Handle
  toData(x: Handle, into: Bytes): void
  sizes(x: Handle): number[]
  strides(x: Handle): number[]
  storageOffset(x: Handle): number
  dtype(x: Handle): DTypeCode
  device(x: Handle): string
  item(x: Handle): number | bigint
  isContiguous(x: Handle): boolean
  sharesStorage(x: Handle, y: Handle): boolean
  version(x: Handle): number

  // autograd
  gradEnabled(): boolean
  setGradEnabled(on: boolean): boolean
  requiresGrad(x: Handle): boolean
  setRequiresGrad(x: Handle, on: boolean): void
  isLeaf(x: Handle): boolean
  retainGrad(x: Handle): void
  grad(x: Handle): Handle | null
  setGrad(x: Handle, grad: Handle | null): void
  gradFn(x: Handle): NodeHandle | null
  nodeName(node: NodeHandle): string
  nodeNext(node: NodeHandle): [NodeHandle | null, number][]
  detach(x: Handle): Handle
  backward(x: Handle, gradient: Handle | null, retainGraph: boolean, createGraph: boolean): void
  gradients(
    outputs: Handle[],
    inputs: Handle[],
    gradOutputs: (Handle | null)[],
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): (Handle | null)[]

  // creation
  empty(shape: Dims, dtype: DTypeCode, device: DeviceName): Handle
  full(shape: Dims, value: number, dtype: DTypeCode, device: DeviceName): Handle
  arange(start: number, end: number, step: number, dtype: DTypeCode, device: DeviceName): Handle

  // random numbers; a null generator is the default one of the device
  generator(seed: number, device: DeviceName): GeneratorHandle
  manualSeed(generator: GeneratorHandle | null, seed: number): void
  initialSeed(generator: GeneratorHandle | null): number
  generatorState(generator: GeneratorHandle | null): Uint8Array
  setGeneratorState(generator: GeneratorHandle | null, state: Uint8Array): void
  rand(shape: Dims, dtype: DTypeCode, device: DeviceName, generator: GeneratorHandle | null): Handle
  randn(shape: Dims, dtype: DTypeCode, device: DeviceName, generator: GeneratorHandle | null): Handle
  randint(
    low: number,
    high: number,
    shape: Dims,
    dtype: DTypeCode,
    device: DeviceName,
    generator: GeneratorHandle | null,
  ): Handle
  randperm(n: number, device: DeviceName, generator: GeneratorHandle | null): Handle
  uniform_(x: Handle, from: number, to: number, generator: GeneratorHandle | null): void
  normal_(x: Handle, mean: number, std: number, generator: GeneratorHandle | null): void
  /** torch.empty((), dtype=int64).random_(): an int64 scalar over [0, 2^63). */
  random64(generator: GeneratorHandle | null): Handle

  // copy and cast
  clone(x: Handle): Handle
  contiguous(x: Handle): Handle
  cast(x: Handle, dtype: DTypeCode): Handle
  to(x: Handle, device: DeviceName, nonBlocking: boolean): Handle
  pinMemory(x: Handle): Handle
  isPinned(x: Handle): boolean

  // views
  view(x: Handle, shape: Dims): Handle
  reshape(x: Handle, shape: Dims): Handle
  flatten(x: Handle, startDim: number, endDim: number): Handle
  permute(x: Handle, dims: Dims): Handle
  transpose(x: Handle, dim0: number, dim1: number): Handle
  t(x: Handle): Handle
  expand(x: Handle, shape: Dims): Handle
  slice(x: Handle, dim: number, start: number, end: number, step: number): Handle
  select(x: Handle, dim: number, index: number): Handle
  squeeze(x: Handle, dim: number | null): Handle
  unsqueeze(x: Handle, dim: number): Handle
  cat(xs: Handle[], dim: number): Handle
  indexSelect(x: Handle, dim: number, index: Handle): Handle

  // elementwise
  add(x: Operand, y: Operand, alpha: number): Handle
  sub(x: Operand, y: Operand, alpha: number): Handle
  mul(x: Operand, y: Operand): Handle
  div(x: Operand, y: Operand): Handle
  eq(x: Operand, y: Operand): Handle
  ne(x: Operand, y: Operand): Handle
  lt(x: Operand, y: Operand): Handle
  le(x: Operand, y: Operand): Handle
  gt(x: Operand, y: Operand): Handle
  ge(x: Operand, y: Operand): Handle
  neg(x: Handle): Handle
  exp(x: Handle): Handle
  log(x: Handle): Handle
  relu(x: Handle): Handle

  // in place; the tensor must not need a gradient while gradients are recorded
  add_(x: Handle, y: Operand, alpha: number): void
  sub_(x: Handle, y: Operand, alpha: number): void
  mul_(x: Handle, y: Operand): void
  div_(x: Handle, y: Operand): void
  fill_(x: Handle, value: number): void
  zero_(x: Handle): void
  copy_(x: Handle, source: Handle, nonBlocking: boolean): void

  // reductions; null dims means all
  sum(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  mean(x: Handle, dims: Dims | null, keepdim: boolean, dtype: DTypeCode | null): Handle
  max(x: Handle): Handle
  maxDim(x: Handle, dim: number, keepdim: boolean): [Handle, Handle]
  argmax(x: Handle, dim: number | null, keepdim: boolean): Handle

  // linear algebra
  matmul(x: Handle, y: Handle): Handle
  addmm(input: Handle, x: Handle, y: Handle, beta: number, alpha: number): Handle
  linear(x: Handle, weight: Handle, bias: Handle | null): Handle

  // convolution and pooling, NCHW
  conv2d(
    x: Handle,
    weight: Handle,
    bias: Handle | null,
    stride: Dims,
    padding: Dims,
    dilation: Dims,
    groups: number,
  ): Handle
  maxPool2d(x: Handle, kernelSize: Dims, stride: Dims, padding: Dims, dilation: Dims, ceilMode: boolean): Handle

  // softmax and losses; reduction: 0 none, 1 mean, 2 sum
  logSoftmax(x: Handle, dim: number, dtype: DTypeCode | null): Handle
  nllLoss(x: Handle, target: Handle, weight: Handle | null, reduction: number, ignoreIndex: number): Handle
  crossEntropy(x: Handle, target: Handle, weight: Handle | null, reduction: number, ignoreIndex: number): Handle

  // optimizers: one call per step; `fresh` says the momentum buffers hold nothing yet
  sgd(
    params: Handle[],
    buffers: Handle[],
    fresh: boolean,
    lr: number,
    momentum: number,
    dampening: number,
    weightDecay: number,
    nesterov: boolean,
    maximize: boolean,
  ): void

  // communication between the ranks of the job
  /** `ncclId`: what rank 0's ncclUniqueId() gave, the same on all ranks; null in a job on CPUs. */
  commInit(rank: number, worldSize: number, fd: number, timeoutMs: number, ncclId: Uint8Array | null): void
  commAllReduce(x: Handle, op: number): void
  commBroadcast(xs: Handle[], root: number): void
  commAllGather(x: Handle): Handle
  commReduceScatter(x: Handle, op: number): Handle
  commBarrier(): void
  commAllReduceAsync(x: Handle, op: number): Promise<void>
  commBroadcastAsync(x: Handle, root: number): Promise<void>
  commAllGatherAsync(x: Handle): Promise<Handle>
  commReduceScatterAsync(x: Handle, op: number): Promise<Handle>
  commBarrierAsync(): Promise<void>
  commAbort(reason: string): void
  /** Before the process ends well: waits for its devices, and until the other ranks need it no more. */
  finish(): void
  /**
   * Before the process ends: stops threads. False when NCCL keeps one of them, beside which exit handlers must not run.
   */
  commLeave(): boolean
  /** Ends the process without its exit handlers. The only function that does. */
  exitAtOnce(code: number): never
  ncclUniqueId(): Uint8Array
  /** `wrapper`: the name of its class, for messages. */
  reducer(params: Handle[], firstBucketBytes: number, bucketBytes: number, wrapper: string): ReducerHandle
  /** Identity whose backward arms the reducer; `weight` is this rank's sample count. */
  reducerSink(reducer: ReducerHandle, x: Handle, weight: number): Handle
  /**
   * A token for the gathering, and this rank's rows of each; another rank's, if there are none for it and it is idle.
   * `call` says how the module is called, which must be the same on all ranks.
   */
  reducerScatter(reducer: ReducerHandle, xs: Handle[], call: string): [token: Handle | null, ...parts: Handle[]]
  reducerIdle(reducer: ReducerHandle): boolean
  /** All ranks' ys joined along dim 0, by rank; `structure` is that of the module's output. */
  reducerGather(reducer: ReducerHandle, token: Handle | null, ys: Handle[], structure: string): Handle[]
  /** The same for an idle rank, which learns the structure. */
  reducerGatherNothing(reducer: ReducerHandle, token: Handle | null): [structure: string, joined: Handle[]]
  /** Instead of gathering: throws on all ranks, after those that would wait have heard why. */
  reducerGatherFailure(reducer: ReducerHandle, reason: string): never
  /** Until leaveReplica(), this thread computes what belongs to a replica, and draws from streams of its own. */
  enterReplica(): void
  leaveReplica(): void
  reducerSync(reducer: ReducerHandle, on: boolean): void
  reducerBuckets(reducer: ReducerHandle): number[][]
  /** Lets go of the parameters. */
  reducerUnhook(reducer: ReducerHandle): void
  /** Whether a reducer watches this parameter. */
  isReduced(x: Handle): boolean

  // step trace
  traceStart(): void
  /** All events so far, as the text of a Chrome trace. */
  traceEvents(rank: number): string
}

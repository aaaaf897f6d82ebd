// What crosses between JavaScript and the native core, beside numbers, strings and arrays: src/native/addon/*.ts says
// where.

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
/** One call of DataParallel, from the scattering of rows to their gathering. */
export type GatherHandle = { readonly [handle]: 'gather' }

/** Removes a hook; it does not keep it. */
export type HookHandle = { readonly [handle]: 'hook' }
/** What the core calls while it walks a graph: with arrays of handles, null for gradients that are missing. */
export type Callback = (...lists: never[]) => unknown

/** Numbers stay numbers: a weak scalar never becomes a one-element tensor. */
export type Operand = Handle | number | boolean
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

/** A GPU, or a part of one (MIG), as the NVIDIA driver sees it now. What it does not tell is absent. */
export interface NvmlGpu {
  /** In the order of the bus, whatever this process sees; CUDA may number otherwise. */
  index: number
  /** Number of a part of that GPU. */
  part?: number
  name: string
  /** As in GPU-8932f937-d72c-4106-c12f-20bd9faed9f6; of a part MIG-… */
  uuid: string
  busId: string
  /** Percent of the last moments in which something was computed. */
  utilization?: number
  /** Percent of the last moments in which memory was read or written. */
  memoryUtilization?: number
  /** Bytes, of all processes. */
  memoryUsed?: number
  memoryTotal?: number
  /** Degrees Celsius. */
  temperature?: number
  /** Watts. */
  power?: number
  powerLimit?: number
  /** MHz of the multiprocessors. */
  smClock?: number
  /** MHz of the memory. */
  memoryClock?: number
  /** Those that compute on it, with their memory in bytes. */
  processes: { pid: number; memory?: number }[]
  /** Why values are absent that every GPU has. */
  problem?: string
}

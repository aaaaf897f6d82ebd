// What DataParallel and DistributedDataParallel share: the wrapped module, equal on all ranks from the start, and the
// reducer that averages gradients during backward. With one rank there is no reducer and the wrapper is transparent. The
// reducer's buckets are on the module's device, so converting the wrapper makes a new one; converting the module inside it
// is an error.
import { ArgumentError } from '../errors.ts'
import type { ReducerHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { conversion, Module } from '../nn/module.ts'
import { type Device, type DType, isGradEnabled, Tensor, type ToOptions } from '../tensor/index.ts'
import { getRank, getWorldSize, initProcessGroup } from './group.ts'

/** Options of both wrappers. */
export interface ReplicaOptions {
  /** Size of a gradient bucket in MiB, default 25; the first is closed at 1 MiB, so that communication starts early. */
  bucketCapMb?: number
}

const MiB = 2 ** 20

export abstract class Replica<A extends unknown[], R> extends Module<A, R> {
  /** The wrapped module; its keys in the state dict begin with `module.`, as in PyTorch. */
  module: Module<A, R>
  readonly #bucketBytes: number
  #reducer: ReducerHandle | null = null

  constructor(module: Module<A, R>, { bucketCapMb = 25 }: ReplicaOptions = {}) {
    super()
    const name = new.target.name
    if (!(module instanceof Module)) throw new ArgumentError(`${name}: expected a module, got ${typeof module}`)
    if (!(bucketCapMb > 0)) throw new ArgumentError(`${name}: bucketCapMb must be positive, got ${bucketCapMb}`)
    this.module = module
    this.#bucketBytes = Math.ceil(bucketCapMb * MiB)
    this.training = module.training
    this.#replicate()
  }

  /** @internal */
  get reducer(): ReducerHandle | null {
    return this.#reducer
  }

  /** Makes the module that of rank 0, and its gradients everybody's. */
  #replicate(): void {
    if (getWorldSize() === 1) return
    initProcessGroup()
    const { module } = this
    const state = [...module.parameters(), ...module.buffers()]
    native.commBroadcast(
      state.map(tensor => tensor.handle),
      0,
    )
    const learned = module.parameters().filter(parameter => parameter.requiresGrad)
    const handles = learned.map(parameter => parameter.handle)
    this.#reducer = native.reducer(handles, Math.min(this.#bucketBytes, MiB), this.#bucketBytes)
  }

  /**
   * Converts the wrapped module; every rank must. What it computed before cannot be followed by `backward` any more.
   * PyTorch: torch.nn.Module.to.
   */
  override to(first: Device | DType | ToOptions, dtype?: DType): this {
    if (this.#reducer === null) return super.to(first, dtype)
    conversion(first, dtype) // what all ranks refuse changes nothing
    native.reducerUnhook(this.#reducer)
    this.#reducer = null
    try {
      super.to(first, dtype)
    } catch (error) {
      native.commAbort(`rank ${getRank()} could not convert its module: ${(error as Error).message}`)
      throw error
    }
    this.#replicate()
    return this
  }

  /** Tensors of the CPU in `inputs`, moved to the module's GPU if it is on one. @internal */
  place<T>(inputs: T): T {
    const [first] = this.module.parameters()
    const device = first?.device ?? 'cpu'
    return device === 'cpu' ? inputs : mapTensors(inputs, x => (x.device === 'cpu' ? x.to(device) : x))
  }

  /**
   * Runs `fn` without averaging: backward inside it only accumulates on this rank, and the next backward outside averages
   * the sum. For gradient accumulation. PyTorch: DistributedDataParallel.no_sync.
   */
  noSync<T>(fn: () => T): T {
    const reducer = this.#reducer
    if (reducer === null) return fn()
    native.reducerSync(reducer, false)
    try {
      return fn()
    } finally {
      native.reducerSync(reducer, true)
    }
  }

  /** Indices into `parameters()` of each bucket, in the order of reduction. */
  buckets(): number[][] {
    return this.#reducer === null ? [] : native.reducerBuckets(this.#reducer)
  }
}

/** `value` with every tensor in it (itself, in arrays, maps and plain objects) replaced; the rest is shared. @internal */
export function mapTensors<T>(value: T, fn: (x: Tensor) => Tensor): T {
  const map = (v: unknown): unknown => {
    if (v instanceof Tensor) return fn(v)
    if (Array.isArray(v)) return v.map(map)
    if (v instanceof Map) return new Map(Array.from(v, ([key, item]) => [key, map(item)]))
    if (typeof v === 'object' && v !== null && Object.getPrototypeOf(v) === Object.prototype) {
      return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, map(item)]))
    }
    return v
  }
  return map(value) as T
}

/** What a replica returned, if backward can be followed from it. @throws ArgumentError when it holds no tensor @internal */
export function checkOutput<R>(wrapper: string, output: R): R {
  if (firstTensor(output) !== undefined || !isGradEnabled()) return output
  throw new ArgumentError(
    `${wrapper}: the module returned no tensor, nor any inside arrays, maps or plain objects, so its gradients could not be averaged`,
  )
}

/** The first tensor in `value`, in the order of `mapTensors`. @internal */
export function firstTensor(value: unknown): Tensor | undefined {
  let found: Tensor | undefined
  mapTensors(value, x => {
    found ??= x
    return x
  })
  return found
}

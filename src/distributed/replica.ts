// What DataParallel and DistributedDataParallel share: the wrapped module, equal on all ranks from the start, and the
// reducer that averages gradients during backward. With one rank there is no reducer and the wrapper is transparent;
// only in a job that is traced there is one, which sends nothing, since the trace has when buckets are ready.
// The reducer's buckets are on the module's device, so converting the wrapper makes a new one; converting the module
// inside it is an error.
import { ArgumentError } from '../errors.ts'
import type { ReducerHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { tracing } from '../native/trace.ts'
import { conversion } from '../nn/module/conversion.ts'
import { type AnyModule, Module } from '../nn/module/module.ts'
import {
  atMost,
  type Device,
  type DType,
  mapTensors,
  Options,
  refuse,
  runNow,
  type Tensor,
  type ToOptions,
  wrap,
} from '../tensor/index.ts'
import { getRank, getWorldSize, initProcessGroup } from './group.ts'

/** Options of both wrappers. */
export interface ReplicaOptions {
  /** Size of a gradient bucket in MiB, default 25; the first is closed at 1 MiB, so that communication starts early. */
  bucketCapMb?: number
}

const replicaOptions = new Options<ReplicaOptions>({ bucketCapMb: true })

const MiB = 2 ** 20

/** The wrapper of each wrapped parameter. */
const owners = new WeakMap<Tensor, WeakRef<AnyModule>>()

export abstract class Replica<A extends unknown[], R> extends Module<A, R> {
  /** The wrapped module; its keys in the state dict begin with `module.`, as in PyTorch. */
  module: Module<A, R>
  readonly #bucketBytes: number
  #reducer: ReducerHandle | null = null
  #sync = true

  constructor(module: Module<A, R>, options?: ReplicaOptions) {
    atMost(new.target.name, 2, arguments.length)
    super()
    const name = new.target.name
    if (!(module instanceof Module)) refuse(name, 'a module', module)
    const { bucketCapMb = 25 } = replicaOptions.read(name, options)
    if (!(Number.isFinite(bucketCapMb) && bucketCapMb > 0)) {
      throw new ArgumentError(`${name}: bucketCapMb must be a positive number, got ${bucketCapMb}`)
    }
    claim(module, this)
    this.module = module
    this.#bucketBytes = Math.ceil(bucketCapMb * MiB)
    this.training = module.training
    this.#replicate()
  }

  /** The name of the class, for messages. @internal */
  get className(): string {
    return this.constructor.name
  }

  /** @internal */
  get reducer(): ReducerHandle | null {
    return this.#reducer
  }

  /** Makes the module that of rank 0, and its gradients everybody's. */
  #replicate(): void {
    if (getWorldSize() === 1 && !tracing) return
    initProcessGroup()
    const { module } = this
    const state = [...module.parameters(), ...module.buffers()]
    native.commBroadcast(
      state.map(tensor => tensor.handle),
      0,
    )
    const learned = module.parameters().filter(parameter => parameter.requiresGrad)
    const handles = learned.map(parameter => parameter.handle)
    this.#reducer = native.reducer(handles, Math.min(this.#bucketBytes, MiB), this.#bucketBytes, this.className)
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

  /** The output of the module, through which backward comes to the reducer. @internal */
  sink(reducer: ReducerHandle, output: R, weight: number): R {
    return mapTensors(output, x => wrap(native.reducerSink(reducer, x.handle, weight)))
  }

  /** Tensors of the CPU in `inputs`, moved to the module's GPU if it is on one. @internal */
  place<T>(inputs: T): T {
    const [first] = this.module.parameters()
    const device = first?.device ?? 'cpu'
    return device === 'cpu' ? inputs : mapTensors(inputs, x => (x.device === 'cpu' ? x.to(device) : x))
  }

  /**
   * Runs `fn` without averaging: backward inside it only accumulates on this rank, and the next backward outside
   * averages the sum. For gradient accumulation. PyTorch: DistributedDataParallel.no_sync.
   * @throws ArgumentError when `fn` returns a promise
   */
  noSync<T>(fn: () => T): T {
    const reducer = this.#reducer
    if (reducer === null) return runNow('noSync', fn)
    const before = this.#sync
    const set = (sync: boolean) => {
      this.#sync = sync
      native.reducerSync(reducer, sync)
    }
    set(false)
    try {
      return runNow('noSync', fn)
    } finally {
      set(before)
    }
  }

  /** Indices into `parameters()` of each bucket, in the order of reduction. */
  buckets(): number[][] {
    return this.#reducer === null ? [] : native.reducerBuckets(this.#reducer)
  }
}

/** Notes whose the module's parameters are. @throws ArgumentError when another wrapper has some of them */
function claim(module: AnyModule, wrapper: AnyModule): void {
  const name = wrapper.constructor.name
  for (const [at, inner] of module.namedModules()) {
    if (!(inner instanceof Replica)) continue
    const where = at === '' ? 'is' : `has in '${at}'`
    throw new ArgumentError(`${name}: the module ${where} a ${inner.constructor.name} already; wrap a model once`)
  }
  const parameters = module.parameters()
  for (const parameter of parameters) {
    if (owners.get(parameter)?.deref() === undefined) continue
    throw new ArgumentError(
      `${name}: a parameter of shape [${parameter.shape.join(', ')}] already belongs to another wrapper`,
    )
  }
  const owner = new WeakRef(wrapper)
  for (const parameter of parameters) owners.set(parameter, owner)
}

// Collectives on tensors. All ranks must call the same ones in the same order with matching shapes; a mismatch is an
// error on every rank that names both calls. With `asyncOp` they return a promise and the event loop stays free;
// without, they behave like PyTorch's: on the CPU they block, and on a GPU what is computed next waits for them.
import { ArgumentError, later } from '../errors.ts'
import { native } from '../native/load.ts'
import { atMost, flag, handleOf, Options, refuse, type Tensor, wrap } from '../tensor/index.ts'
import { getRank, getWorldSize, initProcessGroup } from './group.ts'

/** How `allReduce` combines the ranks' values. */
export type ReduceOp = 'sum' | 'mean'

/** Options of `allGather` and `barrier`. */
export interface AsyncOptions {
  /** Return a promise instead of blocking; the tensor must not be touched until it settles. */
  asyncOp?: boolean
}

/** Options of `allReduce`. */
export interface AllReduceOptions extends AsyncOptions {
  /** Default 'sum'. */
  op?: ReduceOp
}

/** Options of `broadcast`. */
export interface BroadcastOptions extends AsyncOptions {
  /** The rank whose values everybody gets, default 0. */
  src?: number
}

/** Options of `reduceScatter`. */
export type ReduceScatterOptions = AllReduceOptions

const asyncOptions = new Options<AsyncOptions>({ asyncOp: true })
const reduceOptions = new Options<AllReduceOptions>({ op: true, asyncOp: true })
const reduceScatterOptions = new Options<ReduceScatterOptions>({ op: true, asyncOp: true })
const broadcastOptions = new Options<BroadcastOptions>({ src: true, asyncOp: true })

function operator(name: string, op: ReduceOp): ReduceOp {
  if (op === 'sum' || op === 'mean') return op
  throw new ArgumentError(`${name}: op must be 'sum' or 'mean', got '${op}'`)
}

/** The promise of `caller`, which fails with a stack that shows where it was called. */
function failing<T>(caller: (...args: never[]) => unknown, promise: Promise<T>): Promise<T> {
  const at = later(caller)
  return promise.catch(error => {
    throw at(error)
  })
}

const isAsync = (name: string, { asyncOp = false }: AsyncOptions) => flag(`${name}: asyncOp`, asyncOp)

/**
 * Replaces x on every rank by the sum (or, of floats, mean) of all ranks' x; contiguous, any shape, the same on every
 * rank. All ranks get the same bits. Sums of integers wrap around; of booleans, the sum is whether any is true.
 * PyTorch: torch.distributed.all_reduce.
 * @throws DistributedError when the ranks' calls do not match or a rank is late, PeerError when one has died
 * @example const total = tensor(labels.numel()); allReduce(total) // every rank now holds the global count
 */
export function allReduce(x: Tensor, options: AllReduceOptions & { asyncOp: true }): Promise<void>
export function allReduce(x: Tensor, op: ReduceOp, options: AllReduceOptions & { asyncOp: true }): Promise<void>
export function allReduce(x: Tensor, op?: ReduceOp | AllReduceOptions, options?: AllReduceOptions): void
export function allReduce(
  x: Tensor,
  op?: ReduceOp | AllReduceOptions,
  options?: AllReduceOptions,
): void | Promise<void> {
  atMost('allReduce', 3, arguments.length)
  const given = reduceOptions.readFirst('allReduce', op, options)
  const how = operator('allReduce', given.op ?? 'sum')
  const handle = handleOf('allReduce', x)
  initProcessGroup()
  return isAsync('allReduce', given)
    ? failing(allReduce, native.commAllReduceAsync(handle, how))
    : native.commAllReduce(handle, how)
}

/**
 * Replaces x on every rank by rank `src`'s x. PyTorch: torch.distributed.broadcast.
 * @throws DistributedError when the ranks' calls do not match or a rank is late, PeerError when one has died
 */
export function broadcast(x: Tensor, options: BroadcastOptions & { asyncOp: true }): Promise<void>
export function broadcast(x: Tensor, src: number, options: BroadcastOptions & { asyncOp: true }): Promise<void>
export function broadcast(x: Tensor, src?: number | BroadcastOptions, options?: BroadcastOptions): void
export function broadcast(
  x: Tensor,
  src?: number | BroadcastOptions,
  options?: BroadcastOptions,
): void | Promise<void> {
  atMost('broadcast', 3, arguments.length)
  const given = broadcastOptions.readFirst('broadcast', src, options)
  const handle = handleOf('broadcast', x)
  const root = given.src ?? 0
  const last = getWorldSize() - 1
  if (typeof root !== 'number') refuse('broadcast: src', 'a rank', root, broadcast)
  if (!Number.isInteger(root) || root < 0 || root > last)
    throw new ArgumentError(`broadcast: src must be a rank, 0 to ${last}, got ${root}`)
  initProcessGroup()
  return isAsync('broadcast', given)
    ? failing(broadcast, native.commBroadcastAsync(handle, root))
    : native.commBroadcast([handle], root)
}

/**
 * Every rank's x, in rank order. PyTorch: torch.distributed.all_gather.
 * @throws DistributedError when the ranks' calls do not match or a rank is late, PeerError when one has died
 */
export function allGather(x: Tensor, options: AsyncOptions & { asyncOp: true }): Promise<Tensor[]>
export function allGather(x: Tensor, options?: AsyncOptions): Tensor[]
export function allGather(x: Tensor, options?: AsyncOptions): Tensor[] | Promise<Tensor[]> {
  atMost('allGather', 2, arguments.length)
  const given = asyncOptions.read('allGather', options)
  const handle = handleOf('allGather', x)
  initProcessGroup()
  const parts = (all: Tensor) => Array.from({ length: all.size(0) }, (_, rank) => all.select(0, rank))
  if (isAsync('allGather', given))
    return failing(allGather, native.commAllGatherAsync(handle)).then(all => parts(wrap(all)))
  return parts(wrap(native.commAllGather(handle)))
}

/**
 * This rank's part of the sum (or mean) of all ranks' x: the r-th of equal parts along dim 0 on rank r. x as for
 * `allReduce`; it stays as it is. PyTorch: torch.distributed.reduce_scatter_tensor.
 * @throws ShapeError when dim 0 cannot be divided by the number of ranks, and as `allReduce`
 */
export function reduceScatter(x: Tensor, options: ReduceScatterOptions & { asyncOp: true }): Promise<Tensor>
export function reduceScatter(
  x: Tensor,
  op: ReduceOp,
  options: ReduceScatterOptions & { asyncOp: true },
): Promise<Tensor>
export function reduceScatter(x: Tensor, op?: ReduceOp | ReduceScatterOptions, options?: ReduceScatterOptions): Tensor
export function reduceScatter(
  x: Tensor,
  op?: ReduceOp | ReduceScatterOptions,
  options?: ReduceScatterOptions,
): Tensor | Promise<Tensor> {
  atMost('reduceScatter', 3, arguments.length)
  const given = reduceScatterOptions.readFirst('reduceScatter', op, options)
  const how = operator('reduceScatter', given.op ?? 'sum')
  const handle = handleOf('reduceScatter', x)
  initProcessGroup()
  if (isAsync('reduceScatter', given))
    return failing(reduceScatter, native.commReduceScatterAsync(handle, how)).then(wrap)
  return wrap(native.commReduceScatter(handle, how))
}

/** Waits until every rank is here. PyTorch: torch.distributed.barrier. */
export function barrier(options: AsyncOptions & { asyncOp: true }): Promise<void>
export function barrier(options?: AsyncOptions): void
export function barrier(options?: AsyncOptions): void | Promise<void> {
  atMost('barrier', 1, arguments.length)
  const given = asyncOptions.read('barrier', options)
  initProcessGroup()
  return isAsync('barrier', given) ? failing(barrier, native.commBarrierAsync()) : native.commBarrier()
}

/** Makes every rank fail at its next collective, with this rank and reason named. */
export function abort(reason: string): void {
  atMost('abort', 1, arguments.length)
  if (typeof reason !== 'string') refuse('abort', 'a string', reason, abort)
  initProcessGroup()
  native.commAbort(`rank ${getRank()} aborted: ${reason}`)
}

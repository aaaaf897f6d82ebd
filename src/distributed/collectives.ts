// Collectives on tensors. All ranks must call the same ones in the same order with matching shapes; a mismatch is an
// error on every rank that names both calls. With `asyncOp` they return a promise and the event loop stays free;
// without, they behave like PyTorch's: on the CPU they block, and on a GPU what is computed next waits for them.
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { firstOption, flag, givenOptions, handleOf, type Tensor, wrap } from '../tensor/index.ts'
import { getRank, initProcessGroup } from './group.ts'

/** How `allReduce` combines the ranks' values. */
export type ReduceOp = 'sum' | 'mean'

const reduceOps: Record<ReduceOp, number> = { sum: 0, mean: 1 }

interface Async {
  /** Return a promise instead of blocking; the tensor must not be touched until it settles. */
  asyncOp?: boolean
}

/** Options of `allReduce`. */
export interface AllReduceOptions extends Async {
  /** Default 'sum'. */
  op?: ReduceOp
}

/** Options of `broadcast`. */
export interface BroadcastOptions extends Async {
  /** The rank whose values everybody gets, default 0. */
  src?: number
}

/** Options of `reduceScatter`. */
export type ReduceScatterOptions = AllReduceOptions

function reduceCode(name: string, op: ReduceOp): number {
  if (!Object.hasOwn(reduceOps, op)) throw new ArgumentError(`${name}: op must be 'sum' or 'mean', got '${op}'`)
  return reduceOps[op]
}

const isAsync = (name: string, asyncOp: boolean) => flag(`${name}: asyncOp`, asyncOp)

/**
 * Replaces x on every rank by the sum (or mean) of all ranks' x; contiguous float32, float64 or int64, any shape, the
 * same on every rank. All ranks get the same bits. PyTorch: torch.distributed.all_reduce.
 * @throws DistributedError when the ranks' calls do not match or a rank is late, PeerError when one has died
 * @example const total = tensor(localCount); allReduce(total) // every rank now holds the global count
 */
export function allReduce(x: Tensor, op?: ReduceOp): void
export function allReduce(x: Tensor, options: AllReduceOptions & { asyncOp: true }): Promise<void>
export function allReduce(x: Tensor, options: AllReduceOptions): void
export function allReduce(x: Tensor, first?: ReduceOp | AllReduceOptions): void | Promise<void> {
  const { op = 'sum', asyncOp = false } = firstOption<AllReduceOptions>('op', first)
  const code = reduceCode('allReduce', op)
  const handle = handleOf('allReduce', x)
  initProcessGroup()
  return isAsync('allReduce', asyncOp) ? native.commAllReduceAsync(handle, code) : native.commAllReduce(handle, code)
}

/**
 * Replaces x on every rank by rank `src`'s x. PyTorch: torch.distributed.broadcast.
 * @throws DistributedError when the ranks' calls do not match or a rank is late, PeerError when one has died
 */
export function broadcast(x: Tensor, src?: number): void
export function broadcast(x: Tensor, options: BroadcastOptions & { asyncOp: true }): Promise<void>
export function broadcast(x: Tensor, options: BroadcastOptions): void
export function broadcast(x: Tensor, first?: number | BroadcastOptions): void | Promise<void> {
  const { src = 0, asyncOp = false } = firstOption<BroadcastOptions>('src', first)
  const handle = handleOf('broadcast', x)
  initProcessGroup()
  return isAsync('broadcast', asyncOp) ? native.commBroadcastAsync(handle, src) : native.commBroadcast([handle], src)
}

/**
 * Every rank's x, in rank order. PyTorch: torch.distributed.all_gather.
 * @throws DistributedError when the ranks' calls do not match or a rank is late, PeerError when one has died
 */
export function allGather(x: Tensor, options: Async & { asyncOp: true }): Promise<Tensor[]>
export function allGather(x: Tensor, options?: Async): Tensor[]
export function allGather(x: Tensor, options?: Async): Tensor[] | Promise<Tensor[]> {
  const { asyncOp = false } = givenOptions('allGather', options) ?? {}
  const given = handleOf('allGather', x)
  initProcessGroup()
  const parts = (all: Tensor) => Array.from({ length: all.size(0) }, (_, rank) => all.select(0, rank))
  if (isAsync('allGather', asyncOp)) return native.commAllGatherAsync(given).then(handle => parts(wrap(handle)))
  return parts(wrap(native.commAllGather(given)))
}

/**
 * This rank's part of the sum (or mean) of all ranks' x: the r-th of equal parts along dim 0 on rank r. x as for
 * `allReduce`; it stays as it is. PyTorch: torch.distributed.reduce_scatter_tensor.
 * @throws ShapeError when dim 0 cannot be divided by the number of ranks, and as `allReduce`
 */
export function reduceScatter(x: Tensor, op?: ReduceOp): Tensor
export function reduceScatter(x: Tensor, options: ReduceScatterOptions & { asyncOp: true }): Promise<Tensor>
export function reduceScatter(x: Tensor, options: ReduceScatterOptions): Tensor
export function reduceScatter(x: Tensor, first?: ReduceOp | ReduceScatterOptions): Tensor | Promise<Tensor> {
  const { op = 'sum', asyncOp = false } = firstOption<ReduceScatterOptions>('op', first)
  const code = reduceCode('reduceScatter', op)
  const handle = handleOf('reduceScatter', x)
  initProcessGroup()
  if (isAsync('reduceScatter', asyncOp)) return native.commReduceScatterAsync(handle, code).then(wrap)
  return wrap(native.commReduceScatter(handle, code))
}

/** Waits until every rank is here. PyTorch: torch.distributed.barrier. */
export function barrier(options: Async & { asyncOp: true }): Promise<void>
export function barrier(options?: Async): void
export function barrier(options?: Async): void | Promise<void> {
  const { asyncOp = false } = givenOptions('barrier', options) ?? {}
  initProcessGroup()
  return isAsync('barrier', asyncOp) ? native.commBarrierAsync() : native.commBarrier()
}

/** Makes every rank fail at its next collective, with this rank and reason named. */
export function abort(reason: string): void {
  initProcessGroup()
  native.commAbort(`rank ${getRank()} aborted: ${reason}`)
}

// The ranks of this job. Joining is synchronous and happens at the first use (a wrapper's constructor, a collective),
// so a program needs no set-up call; `initProcessGroup()` only makes the moment explicit. A plain `node script` is a
// job of one rank. It also knows how much this rank's gradients count, for what exchanges statistics inside of a model.
import { DistributedError } from '../errors.ts'
import { env } from '../job/env.ts'
import { rankInfo } from '../job/rank.ts'
import { published } from '../job/symbols.ts'
import { native } from '../native/load.ts'
import { atMost } from '../tensor/index.ts'

let joined = false

/**
 * Joins the job's other ranks; waits for all of them. Called automatically when needed; calling it again does nothing.
 * PyTorch: torch.distributed.init_process_group.
 * @throws DistributedError when this process was not started by `dtrain`, or a rank does not join in time
 */
export function initProcessGroup(): void {
  atMost('initProcessGroup', 0, arguments.length)
  if (joined) return
  const { rank, worldSize } = rankInfo()
  const fd = env('DTRAIN_SHM_FD')
  if (worldSize > 1 && fd === undefined) {
    throw new DistributedError(
      `WORLD_SIZE is ${worldSize}, but this process was not started by dtrain; type dtrain --nproc ${worldSize} <script>`,
    )
  }
  native.commInit(rank, worldSize, fd ?? -1, (env('DTRAIN_TIMEOUT') ?? 300) * 1000, published('ncclId') ?? null)
  joined = true
}

/** Whether this process has joined its job. PyTorch: torch.distributed.is_initialized. */
export function isInitialized(): boolean {
  atMost('isInitialized', 0, arguments.length)
  return joined
}

/** This process's rank, 0 .. worldSize - 1. PyTorch: torch.distributed.get_rank. */
export function getRank(): number {
  atMost('getRank', 0, arguments.length)
  return rankInfo().rank
}

/** Number of ranks in the job. PyTorch: torch.distributed.get_world_size. */
export function getWorldSize(): number {
  atMost('getWorldSize', 0, arguments.length)
  return rankInfo().worldSize
}

let counting = 1

/** Runs a forward pass whose gradients count so much beside those of the other ranks. @internal */
export function countingAs<T>(weight: number, fn: () => T): T {
  const before = counting
  counting = weight
  try {
    return fn()
  } finally {
    counting = before
  }
}

/** How much the gradients of the forward pass that runs count, where ranks are averaged; else 1. @internal */
export const countOfPass = (): number => counting

// Which rank of how many this process is, as the launcher says.
import { env } from './env.ts'

/** This process's place in the job; a plain `node script` is rank 0 of 1. */
export function rankInfo(): { rank: number; worldSize: number; localRank: number; localWorldSize: number } {
  const rank = env('RANK') ?? 0
  const worldSize = env('WORLD_SIZE') ?? 1
  return { rank, worldSize, localRank: env('LOCAL_RANK') ?? rank, localWorldSize: env('LOCAL_WORLD_SIZE') ?? worldSize }
}

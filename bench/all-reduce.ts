// allReduce and the reducer's in-place averaging by size: microseconds and bytes per second of one rank's buffer,
// beside the floor set by memory: every rank reads and writes the buffer once, so 2 x ranks x bytes must move.
//   npx dtrain --nproc 2 bench/all-reduce.ts
import { ones } from 'dtrain'
import { allReduce, barrier, getRank, getWorldSize } from 'dtrain/distributed'
import { microseconds, row } from './measure.ts'

if (getRank() === 0) row('bytes', 'µs', 'GB/s', 'copy µs', 'ratio to floor')
for (const bytes of [4, 4096, 65_536, 1 << 20, 16 << 20, 64 << 20]) {
  const x = ones(bytes / 4)
  const calls = bytes > 1 << 20 ? 5 : 50
  barrier()
  const us = microseconds(() => allReduce(x, 'mean'), { calls, rounds: 5 })
  // A copy by all ranks at once moves 2 x ranks x bytes too.
  const y = ones(bytes / 4)
  barrier()
  const copy = microseconds(() => y.copy_(x), { calls, rounds: 5 })
  if (getRank() === 0)
    row(bytes, us.toFixed(1), (bytes / us / 1000).toFixed(2), copy.toFixed(1), (us / copy).toFixed(1))
}
if (getRank() === 0) console.log(`${getWorldSize()} ranks`)

// conv2d forward and forward + backward by number of threads, in microseconds: where a second thread begins to pay.
// With --python PyTorch runs the same shapes in turn (bench/conv.py).
//   npx tsx bench/conv.ts [--python python3]
import { join } from 'node:path'
import { nn, randn, setNumThreads } from 'dtrain'
import { show } from '../dist/src/bench/measure.js'

const shapes = [
  [4, 1, 8, 6, 3],
  [16, 6, 8, 16, 3],
  [64, 1, 28, 6, 5],
  [64, 6, 14, 16, 5],
  [16, 32, 16, 32, 3],
  [64, 32, 16, 64, 3],
] as const

const rows = shapes.flatMap(([N, C, H, F, K]) =>
  [1, 2].flatMap(threads =>
    ['forward', 'both'].map(what => ({
      cells: [[N, C, H, F, K].join(), threads, what],
      work: (what === 'both' ? 3 : 1) * 2 * N * F * (H - K + 1) ** 2 * C * K * K,
      make: () => {
        setNumThreads(threads)
        const x = randn(N, C, H, H)
        const conv = new nn.Conv2d(C, F, K)
        if (what === 'forward') return () => conv(x)
        const dy = randn(...conv(x).shape)
        return () => {
          conv.zeroGrad()
          conv(x).backward(dy)
        }
      },
    })),
  ),
)
const heads = ['N,C,H,F,K', 'threads', 'forward, or both passes']
await show({ heads, rows, rate: { head: 'GFLOP/s', unit: 1e3 } }, join(import.meta.dirname, 'conv.py'))

// matmul against its floor, in GFLOP/s of one call. Set OMP_NUM_THREADS to compare per core; with --python PyTorch runs
// the same shapes in turn (bench/gemm.py).
//   OMP_NUM_THREADS=1 npx tsx bench/gemm.ts [--python python3]
import { join } from 'node:path'
import { randn } from 'dtrain'
import { show } from '../dist/src/bench/measure.js'

const shapes = [
  [1, 1024, 1024],
  [8, 8, 8],
  [32, 32, 32],
  [64, 10, 84],
  [64, 120, 400],
  [128, 128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [64, 1024, 1024],
  [1024, 1024, 1024],
] as const

const rows = shapes.map(([m, n, k]) => ({
  cells: [m, n, k],
  work: 2 * m * n * k,
  make: () => {
    const a = randn(m, k)
    const b = randn(n, k).t() // as a linear layer has it
    return () => a.matmul(b)
  },
}))
await show({ heads: ['m', 'n', 'k'], rows, rate: { head: 'GFLOP/s', unit: 1e3 } }, join(import.meta.dirname, 'gemm.py'))

// matmul against its floor, in GFLOP/s of one call. Set OMP_NUM_THREADS to compare per core; run bench/gemm.py beside
// it for PyTorch's figures on the same shapes.
//   OMP_NUM_THREADS=1 npx tsx bench/gemm.ts
import { randn } from 'dtrain'
import { microseconds, row } from './measure.ts'

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

row('m', 'n', 'k', 'µs', 'GFLOP/s')
for (const [m, n, k] of shapes) {
  const a = randn(m, k)
  const b = randn(n, k).t() // as a linear layer has it
  const us = microseconds(() => a.matmul(b), { calls: Math.max(1, Math.round(2e6 / (m * n * k + 20_000))) })
  row(m, n, k, us.toFixed(1), ((2 * m * n * k) / us / 1000).toFixed(1))
}

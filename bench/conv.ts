// conv2d forward and forward + backward by number of threads, in microseconds: where a second thread begins to pay.
// bench/conv.py has PyTorch's figures for the same shapes.
//   npx tsx bench/conv.ts
import { nn, randn, setNumThreads } from 'dtrain'
import { microseconds, row } from './measure.ts'

const shapes = [
  [4, 1, 8, 6, 3],
  [16, 6, 8, 16, 3],
  [64, 1, 28, 6, 5],
  [64, 6, 14, 16, 5],
  [16, 32, 16, 32, 3],
  [64, 32, 16, 64, 3],
] as const

row('N,C,H,F,K', 'M mult', 'threads', 'forward', '+ backward')
for (const [N, C, H, F, K] of shapes) {
  const x = randn(N, C, H, H)
  const conv = new nn.Conv2d(C, F, K)
  const dy = randn(...conv(x).shape)
  for (const threads of [1, 2]) {
    setNumThreads(threads)
    const forward = microseconds(() => conv(x))
    const both = microseconds(() => {
      conv.zeroGrad()
      conv(x).backward(dy)
    })
    row(
      [N, C, H, F, K].join(),
      ((dy.numel() * C * K * K) / 1e6).toFixed(2),
      threads,
      forward.toFixed(0),
      both.toFixed(0),
    )
  }
}

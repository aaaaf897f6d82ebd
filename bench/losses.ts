// Forward pass, and both passes, of the losses of pairs, in microseconds. With --python PyTorch does the same in turn
// (bench/losses.py).
//   OMP_NUM_THREADS=1 npx tsx bench/losses.ts [--python python3]
import { join } from 'node:path'
import { nn, rand, tidy } from 'dtrain'
import { show } from '../dist/src/bench/measure.js'

const losses = {
  MSELoss: new nn.MSELoss(),
  L1Loss: new nn.L1Loss(),
  SmoothL1Loss: new nn.SmoothL1Loss(),
  HuberLoss: new nn.HuberLoss(),
  BCELoss: new nn.BCELoss(),
  BCEWithLogitsLoss: new nn.BCEWithLogitsLoss(),
}

const rows = (Object.entries(losses) as [string, nn.MSELoss][]).flatMap(([name, criterion]) =>
  [64_000, 1_000_000].flatMap(elements =>
    ['forward', 'both'].map(what => ({
      cells: [name, elements, what],
      make: () => {
        const [x, target] = [rand(elements), rand(elements)]
        x.requiresGrad = true
        if (what === 'forward') return () => tidy(() => void criterion(x, target))
        return () =>
          tidy(() => {
            criterion(x, target).backward()
            x.grad = null
          })
      },
    })),
  ),
)
await show({ heads: ['loss', 'elements', 'forward, or both passes'], rows }, join(import.meta.dirname, 'losses.py'))

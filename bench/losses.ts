// Forward and backward pass of the losses of pairs, in microseconds. bench/losses.py does the same in PyTorch.
//   OMP_NUM_THREADS=1 npx tsx bench/losses.ts
import { nn, rand, type Tensor, tidy } from 'dtrain'
import { microseconds, row } from './measure.ts'

const losses = {
  mseLoss: new nn.MSELoss(),
  l1Loss: new nn.L1Loss(),
  smoothL1Loss: new nn.SmoothL1Loss(),
  huberLoss: new nn.HuberLoss(),
  binaryCrossEntropy: new nn.BCELoss(),
  binaryCrossEntropyWithLogits: new nn.BCEWithLogitsLoss(),
}

row('elements', 'forward', 'both', 'loss')
for (const [name, criterion] of Object.entries(losses) as [string, nn.MSELoss][]) {
  for (const shape of [[64, 1000], [1_000_000]]) {
    const [x, target]: Tensor[] = [rand(shape), rand(shape)]
    x!.requiresGrad = true
    const forward = microseconds(() => tidy(() => void criterion(x!, target!)))
    const both = microseconds(() =>
      tidy(() => {
        criterion(x!, target!).backward()
        x!.grad = null
      }),
    )
    row(x!.numel(), forward.toFixed(0), both.toFixed(0), `  ${name}`)
  }
}

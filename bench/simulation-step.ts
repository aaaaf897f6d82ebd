// A job of simulation.ts: trains a model for about a second, each rank on 64 samples of its own, and prints the
// milliseconds of the typical step.
//   npx dtrain --nproc 2 bench/simulation-step.ts <mlp|lenet|wide>
import { nn, optim, randint, randn, tensor } from 'dtrain'
import { allReduce, DistributedDataParallel, getRank } from 'dtrain/distributed'
import { median } from '../dist/src/bench/measure.js'
import { lenet, mlp, wide } from './models.ts'

const model = new DistributedDataParallel({ mlp, lenet, wide }[process.argv[2] as 'mlp' | 'lenet' | 'wide']())
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 })
const criterion = new nn.CrossEntropyLoss()
const x = randn(64, 1, 28, 28)
const y = randint(0, 10, [64])

function steps(count: number): number[] {
  return Array.from({ length: count }, () => {
    const start = performance.now()
    const loss = criterion(model(x), y)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return performance.now() - start
  })
}

steps(5)
const mean = tensor([median(steps(5))])
allReduce(mean, 'mean') // the same number of steps on all ranks
const times = steps(Math.min(4000, Math.max(20, Math.round(1000 / mean.item()))))
if (getRank() === 0) console.log(`step ${median(times)}`)

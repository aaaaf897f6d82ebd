// One training step (forward, zeroGrad, backward, SGD with momentum or Adam) of the LeNet and MLP of the golden files,
// in microseconds. With --python PyTorch does the same in turn (bench/step.py). With several ranks the model is in
// DataParallel and a batch is that of all ranks together.
//   npx tsx bench/step.ts [--python python3]
//   OMP_NUM_THREADS=1 npx dtrain --nproc 2 bench/step.ts
import { join } from 'node:path'
import { nn, optim, randint, randn, type Tensor } from 'dtrain'
import { DataParallel, getRank } from 'dtrain/distributed'
import { measured, show } from '../dist/src/bench/measure.js'
import { lenet, mlp } from './models.ts'

const optimizers = {
  SGD: (params: Tensor[]) => new optim.SGD(params, { lr: 0.01, momentum: 0.9 }),
  Adam: (params: Tensor[]) => new optim.Adam(params, { lr: 0.001 }),
}
const rows = Object.entries({ lenet, mlp }).flatMap(([name, make]) =>
  Object.entries(optimizers).flatMap(([kind, optimize]) =>
    [1, 16, 64, 256].map(batch => ({
      cells: [name, kind, batch],
      make: () => {
        const model = new DataParallel(make())
        const optimizer = optimize([...model.parameters()])
        const criterion = new nn.CrossEntropyLoss()
        const x = randn(batch, 1, 28, 28)
        const y = randint(0, 10, [batch])
        return () => {
          const loss = criterion(model(x), y)
          optimizer.zeroGrad()
          loss.backward()
          optimizer.step()
        }
      },
    })),
  ),
)
const table = { heads: ['model', 'optimizer', 'batch'], rows }
const rounds = { calls: 50, rounds: 7 } // the same on all ranks
if (getRank() === 0) await show(table, join(import.meta.dirname, 'step.py'), rounds)
else await measured(table, undefined, rounds)

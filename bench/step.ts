// One training step (forward, zeroGrad, backward, SGD with momentum or Adam) of the LeNet and MLP of the golden files,
// in microseconds. bench/step.py does the same in PyTorch. With several ranks the model is in DataParallel and a batch
// is that of all ranks together.
//   npx tsx bench/step.ts
//   OMP_NUM_THREADS=1 npx dtrain --nproc 2 bench/step.ts
import { nn, optim, randint, randn, type Tensor } from 'dtrain'
import { DataParallel, getRank } from 'dtrain/distributed'
import { microseconds, row } from './measure.ts'
import { lenet, mlp } from './models.ts'

const show = (...cells: (string | number)[]) => getRank() === 0 && row(...cells)
const optimizers = {
  SGD: (params: Tensor[]) => new optim.SGD(params, { lr: 0.01, momentum: 0.9 }),
  Adam: (params: Tensor[]) => new optim.Adam(params, { lr: 0.001 }),
}
show('model', 'optimizer', 'batch', 'µs / step')
for (const [name, make] of Object.entries({ lenet, mlp })) {
  for (const [kind, optimize] of Object.entries(optimizers)) {
    for (const batch of [1, 16, 64, 256]) {
      const model = new DataParallel(make())
      const optimizer = optimize([...model.parameters()])
      const criterion = new nn.CrossEntropyLoss()
      const x = randn(batch, 1, 28, 28)
      const y = randint(0, 10, [batch])
      const step = () => {
        const loss = criterion(model(x), y)
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
      }
      show(name, kind, batch, microseconds(step, { calls: 50 }).toFixed(0))
    }
  }
}

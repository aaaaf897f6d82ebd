// One training step (forward, zeroGrad, backward, SGD with momentum) of the LeNet and MLP of the golden files, in
// microseconds. bench/step.py does the same in PyTorch.
//   npx tsx bench/step.ts
import { nn, optim, randint, randn } from 'dtrain'
import { microseconds, row } from './measure.ts'
import { lenet, mlp } from './models.ts'

row('model', 'batch', 'µs / step')
for (const [name, make] of Object.entries({ lenet, mlp })) {
  for (const batch of [1, 16, 64, 256]) {
    const model = make()
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 })
    const criterion = new nn.CrossEntropyLoss()
    const x = randn(batch, 1, 28, 28)
    const y = randint(0, 10, [batch])
    const step = () => {
      const loss = criterion(model(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
    }
    row(name, batch, microseconds(step, { calls: 50 }).toFixed(0))
  }
}

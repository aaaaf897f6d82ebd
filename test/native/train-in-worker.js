// A worker thread that trains with the built package and reports its loss: it shares the allocator with the other
// threads.
import { parentPort } from 'node:worker_threads'
import { nn, optim, randn } from '../../dist/src/index.js'

const model = new nn.Linear(20, 5)
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
const x = randn(16, 20)
let loss = 0
for (let step = 0; step < 2000; step++) {
  randn(8)
  const output = model(x)
  optimizer.zeroGrad()
  const error = output.mul(output).mean()
  error.backward()
  optimizer.step()
  loss = error.item()
}
parentPort.postMessage(loss)

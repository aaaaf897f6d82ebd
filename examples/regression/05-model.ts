// Step 1 by a model: a class with the parameters as fields and the computation in `forward`. Fields that are Parameters
// or other modules register themselves, so `parameters` and `stateDict` find all of them.
import { manualSeed, nn, optim, rand, randn, type Tensor } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { device, epochs, print, report, xTrain, yTrain } from './setup.ts'

class ManualLinearRegression extends nn.Module {
  a = new nn.Parameter(randn(1))
  b = new nn.Parameter(randn(1))

  forward(x: Tensor): Tensor {
    return this.a.add(this.b.mul(x))
  }
}

/** The same by a layer: a module in a module. */
class LayerLinearRegression extends nn.Module {
  linear = new nn.Linear(1, 1)

  forward(x: Tensor): Tensor {
    return this.linear(x) // a module is called; its `forward` is not
  }
}

// The text looks at its first models after a hundred epochs of 09-final.ts, by which its generator had drawn 501
// numbers.
manualSeed(42)
rand(501)
const dummy = new ManualLinearRegression()
for (const parameter of dummy.parameters()) print(parameter)
print(dummy.stateDict()) // tensors by name: what is to be kept of a model

const layered = new LayerLinearRegression()
for (const parameter of layered.parameters()) print(parameter)
print(layered.stateDict())
print(layered)

// A model goes to the device of its data. DataParallel gives each process its part of every batch (--nproc 2), and puts
// the whole output together; with one process it only calls the model.
manualSeed(42)
const model = new ManualLinearRegression().to(device)
print(model.stateDict())
const parallel = new DataParallel(model)

const lossFn = new nn.MSELoss({ reduction: 'mean' })
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
print(optimizer.stateDict()) // what it remembers, nothing so far, and its options

const x = xTrain.float().to(device)
const y = yTrain.float().to(device)
for (let epoch = 1; epoch <= epochs; epoch++) {
  parallel.train() // trains nothing: it sets the mode, which matters to layers such as dropout
  const yhat = parallel(x)
  const loss = lossFn(yhat, y)
  loss.backward()
  optimizer.step()
  optimizer.zeroGrad()
  report(epoch, loss.item())
}
print(model.stateDict())

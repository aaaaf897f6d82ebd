// Step 4 by an optimizer, then step 2 by a loss function. SGD is told once which parameters it updates and how fast;
// `step` updates them all and `zeroGrad` drops their gradients, however many they are.
import { manualSeed, nn, optim, randn, tensor } from 'dtrain'
import { device, epochs, print, report, xTrain, yTrain } from './setup.ts'

const x = xTrain.float().to(device)
const y = yTrain.float().to(device)

manualSeed(42)
let a = randn(1, { requiresGrad: true, device })
let b = randn(1, { requiresGrad: true, device })
let optimizer = new optim.SGD([a, b], { lr: 0.1 })

print('by an optimizer')
for (let epoch = 1; epoch <= epochs; epoch++) {
  const yhat = a.add(b.mul(x))
  const error = y.sub(yhat)
  const loss = error.pow(2).mean()
  loss.backward()
  optimizer.step() // instead of a.sub_(…) and b.sub_(…) in noGrad
  optimizer.zeroGrad() // instead of a.grad.zero_() and b.grad.zero_()
  report(epoch, loss.item())
}
print(a, b)

// nn.MSELoss is not the loss but makes a function that computes it: of all points the mean, or with 'sum' the sum.
const lossFn = new nn.MSELoss({ reduction: 'mean' })
print(lossFn)
print(lossFn(tensor([1, 2, 3]), tensor([1, 3, 5])))

manualSeed(42)
a = randn(1, { requiresGrad: true, device })
b = randn(1, { requiresGrad: true, device })
optimizer = new optim.SGD([a, b], { lr: 0.1 })

print('with a loss function')
for (let epoch = 1; epoch <= epochs; epoch++) {
  const yhat = a.add(b.mul(x))
  const loss = lossFn(y, yhat)
  loss.backward()
  optimizer.step()
  optimizer.zeroGrad()
  report(epoch, loss.item())
}
print(a, b)

// Derivatives by autograd. Parameters are tensors with requiresGrad: ops on them are recorded, `backward` goes through
// the record, and the derivatives are in `grad`. Three things surprise everybody once: gradients add up, an update must
// not be recorded, and a parameter must not be replaced by a new tensor.
import { manualSeed, noGrad, randn } from 'dtrain'
import { device, epochs, print, report, xTrain, yTrain } from './setup.ts'

const lr = 0.1
const x = xTrain.float().to(device) // networks compute in float32, and NumPy's numbers are float64
const y = yTrain.float().to(device)

// Parameters need gradients, data do not. A device is best named here: a tensor that is moved afterwards is the result
// of an op, and the gradient stays with the original.
manualSeed(42)
let a = randn(1, { requiresGrad: true, device })
let b = randn(1, { requiresGrad: true, device })
print(a, b)

// Steps 1 and 2 are those of 01-by-hand.ts; step 3 is a call.
const lossOf = () =>
  y
    .sub(a.add(b.mul(x)))
    .pow(2)
    .mean()
print('before backward', a.grad, b.grad)
lossOf().backward()
print('gradients', a.grad, b.grad)

// The next gradients are added to those that are there, so they are to be dropped after each update.
lossOf().backward()
print('twice as large', a.grad, b.grad)
a.grad!.zero_()
b.grad!.zero_()
print('zeroed', a.grad, b.grad)

// Step 4, why `noGrad`? An update in place of a tensor whose ops are recorded would change what the record is about:
try {
  a.sub_(a.grad!.mul(lr))
} catch (error) {
  print((error as Error).message)
}
// And a = a - lr * grad would be a new tensor, computed from a: no leaf of the graph, so `backward` leaves no gradient.
const next = a.sub(a.grad!.mul(lr))
print('a new tensor', next.isLeaf, next.requiresGrad)

// So the update is made in place, and in a function in which nothing is recorded. In Python it is a `with` block.
manualSeed(42)
a = randn(1, { requiresGrad: true, device })
b = randn(1, { requiresGrad: true, device })
let loss = lossOf()
for (let epoch = 1; epoch <= epochs; epoch++) {
  loss = lossOf()
  loss.backward()
  noGrad(() => {
    a.sub_(a.grad!.mul(lr))
    b.sub_(b.grad!.mul(lr))
  })
  a.grad!.zero_()
  b.grad!.zero_()
  report(epoch, loss.item())
}
print(a, b)

// The loss knows how it was computed. Its number is `item`, that of several elements `toArray`.
print('loss', loss)
print(loss.item(), loss.toArray(), loss.detach().cpu().toTypedArray()[0])

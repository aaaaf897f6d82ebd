// The course on handwritten digits: pictures become batches of tensors, a network gives ten numbers for each of them, a
// loss compares these with what the pictures show, and gradients say how to change the weights. Then it trains.
//   npx dtrain examples/mnist-course.ts
//   npx dtrain --nproc 2 examples/mnist-course.ts --steps 100 --every 1     100 updates, and the loss of each
// It prints what PyTorch prints from this seed: scripts/golden/examples/mnist_course.py is the same program in Python.
import { parseArgs } from 'node:util'
import { cuda, DataLoader, manualSeed, nn, noGrad, optim, randn, stack, type Tensor } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { datasets, transforms, utils } from 'dtrain/vision'
import { plot } from 'dtrain/viz'
import { draw, drawing, output, print } from './outputs.ts'

const { values: args } = parseArgs({
  options: {
    epochs: { type: 'string', default: '5' },
    steps: { type: 'string', default: 'Infinity' }, // stop after that many updates
    every: { type: 'string', default: 'Infinity' }, // print the loss of every so many updates
  },
})

manualSeed(0)

// Pictures become tensors of numbers from 0 to 1, and then from -1 to 1: (x - 0.5) / 0.5. The 10,000 digits of
// MNISTSubset need no network; `new datasets.MNIST('data', { download: true, transform })` has all 70,000.
const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.5], [0.5])])
const trainset = new datasets.MNISTSubset({ train: true, transform })
const trainloader = new DataLoader(trainset, { batchSize: 64, shuffle: true })

// 1. Logits. The last layer gives a number for each class, any number, and CrossEntropyLoss takes these as they are.
const layers = () => [
  new nn.Linear(784, 128),
  new nn.ReLU(),
  new nn.Linear(128, 64),
  new nn.ReLU(),
  new nn.Linear(64, 10),
]
{
  const model = new nn.Sequential(...layers())
  const criterion = new nn.CrossEntropyLoss()
  const [batch] = trainloader // the first of a new shuffle: next(iter(trainloader))
  const [images, labels] = batch!
  print(images.shape) // batch, channels, height, width
  print(images.index(0).shape)
  if (drawing) utils.saveImage(images, output('mnist-course-batch.png'), { nrow: 16, normalize: true })
  const flat = images.view(images.size(0), -1) // a row of 784 numbers for each picture
  print(flat.shape)
  const logits = model(flat)
  print(criterion(logits, labels))
}

/** Another first batch, its pictures in rows. */
function nextBatch(): { images: Tensor; labels: Tensor } {
  const [batch] = trainloader
  const [images, labels] = batch!
  return { images: images.view(images.size(0), -1), labels }
}

// 2. LogSoftmax makes logarithms of probabilities of them, along the ten classes: dim 1. NLLLoss is the loss for these,
// and the two together compute what CrossEntropyLoss computes.
const classifier = () => new nn.Sequential(...layers(), new nn.LogSoftmax(1))
const criterion = new nn.NLLLoss()
{
  const model = classifier()
  const { images, labels } = nextBatch()
  const logProb = model(images)
  print(criterion(logProb, labels))
  print('probabilities add up to', logProb.exp().sum(1).index(0).item())
}

// 3. Autograd records what is done with a tensor that requires gradients, and backward() walks through it. Here z is
// the mean of the four squares, so its derivative by each x is x / 2.
{
  const x = randn(2, 2, { requiresGrad: true })
  print(x)
  const y = x.pow(2)
  print(y)
  print(y.gradFn)
  const z = y.mean()
  print(z.gradFn)
  print(x.grad) // nothing yet
  z.backward()
  print(x.grad)
}

// 4. The same for a network, whose weights have gradients once backward has been called, and one update with them. The
// modules of a Sequential stand in brackets, as in Python.
{
  const model = classifier()
  const { weight } = model[0] as nn.Linear
  const first = nextBatch()
  let loss = criterion(model(first.images), first.labels)
  print('Before backward pass: \n', weight.grad)
  loss.backward()
  print('After backward pass: \n', weight.grad)

  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
  print('Initial weights - ', weight)
  const second = nextBatch()
  optimizer.zeroGrad() // or these gradients would be added to the ones before
  loss = criterion(model(second.images), second.labels)
  loss.backward()
  print('Gradient -', weight.grad)
  optimizer.step()
  print('Updated weights - ', weight)
}

// 5. Training is the same again and again: forward, loss, backward, update, for each batch, in several epochs. The
// ranks share the rows of every batch, which is what DataParallel does; on one process it does nothing.
const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const model = new DataParallel(classifier().to(device))
const optimizer = new optim.SGD(model.parameters(), { lr: 0.003 })
let step = 0
let label: Tensor | undefined
for (let epoch = 0; epoch < Number(args.epochs) && step < Number(args.steps); epoch++) {
  let runningLoss = 0
  for (const [images, labels] of trainloader) {
    optimizer.zeroGrad()
    const output = model(images.view(images.size(0), -1).to(device))
    const loss = criterion(output, labels.to(device))
    loss.backward()
    optimizer.step()
    runningLoss += loss.item()
    label = labels.index(0)
    if (++step % Number(args.every) === 0) print('step', step, 'loss', loss.item())
    if (step >= Number(args.steps)) break
  }
  if (step < Number(args.steps)) print(`Training loss: ${runningLoss / trainloader.length}`)
}
print(label) // the first of the last batch

// Digits that it has not seen, and what it takes them for, with how sure it is.
const testset = new datasets.MNISTSubset({ train: false, transform })
const images = stack(Array.from({ length: 20 }, (_, i) => testset.get(i)[0] as Tensor))
const probabilities = noGrad(() => model(images.view(20, -1).to(device)).exp())
const titles = Array.from({ length: 20 }, (_, i) => {
  const row = probabilities.index(i)
  return `${row.argmax().item()}: ${Math.round(100 * row.max().item())} %`
})
await draw('mnist-course.svg', plot.images(images, { columns: 10, titles }))

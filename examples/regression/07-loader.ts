// Data in small batches. A dataset has a length and gives one sample by its number; a DataLoader makes batches of it,
// in a new random order for each epoch. More updates an epoch: the line is found sooner, and never quite.
import { DataLoader, type Dataset, manualSeed, nn, optim, type Tensor, TensorDataset } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { device, draw, epochs, print, report, xTrain, yTrain } from './setup.ts'
import { makeTrainStep } from './training.ts'

/** Python's __getitem__ and __len__ are `get` and `length`. A dataset may read each sample when it is asked for. */
class CustomDataset implements Dataset<[Tensor, Tensor]> {
  constructor(
    readonly x: Tensor,
    readonly y: Tensor,
  ) {}

  get(index: number): [Tensor, Tensor] {
    return [this.x.index(index), this.y.index(index)]
  }

  get length(): number {
    return this.x.size(0)
  }
}

// The data stay on the CPU, where there is room for much of them; batches are moved when they are needed.
const x = xTrain.float()
const y = yTrain.float()
print(new CustomDataset(x, y).get(0))

// For nothing but tensors the library has that class.
const trainData = new TensorDataset(x, y)
print(trainData.get(0))

manualSeed(42)
const trainLoader = new DataLoader(trainData, { batchSize: 16, shuffle: true })
const [first] = trainLoader
print(first![0].shape, first![1].shape)
print(first![0])

const model = new nn.Sequential(new nn.Linear(1, 1)).to(device)
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const trainStep = makeTrainStep(new DataParallel(model), new nn.MSELoss({ reduction: 'mean' }), optimizer)

const losses: number[] = []
for (let epoch = 1; epoch <= epochs; epoch++) {
  for (const [xBatch, yBatch] of trainLoader) {
    losses.push(trainStep(xBatch.to(device), yBatch.to(device)))
    report(losses.length, losses.at(-1)!, 'step')
  }
}
print(model.stateDict())

// The loss of a batch says something of the model, and something of the batch: it never stands still.
await draw('loader-loss.svg', plot.line(losses, { x: 'step', y: 'loss', logY: true }))

// Does the line hold for points it has not seen? `randomSplit` keeps a fifth of the dataset back, and after each epoch
// the loss of those is computed too: in eval mode, and with nothing recorded, since nothing is to be learnt from them.
import { DataLoader, manualSeed, nn, noGrad, optim, randomSplit, TensorDataset } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { device, epochs, every, print, x, y } from './setup.ts'
import { makeTrainStep, mean } from './training.ts'

// The whole of the data, split by the library this time.
manualSeed(42)
const dataset = new TensorDataset(x.float(), y.float())
const [trainDataset, valDataset] = randomSplit(dataset, [80, 20])
const trainLoader = new DataLoader(trainDataset, { batchSize: 16 })
const valLoader = new DataLoader(valDataset, { batchSize: 20 })
print(trainDataset.length, valDataset.length, trainLoader.length, valLoader.length)

const net = new nn.Sequential(new nn.Linear(1, 1)).to(device)
const model = new DataParallel(net)
const lossFn = new nn.MSELoss({ reduction: 'mean' })
const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 })
const trainStep = makeTrainStep(model, lossFn, optimizer)

for (let epoch = 1; epoch <= epochs; epoch++) {
  const batchLosses: number[] = []
  for (const [xBatch, yBatch] of trainLoader) {
    batchLosses.push(trainStep(xBatch.to(device), yBatch.to(device)))
  }

  const valLosses: number[] = []
  model.eval()
  noGrad(() => {
    for (const [xVal, yVal] of valLoader) {
      valLosses.push(lossFn(model(xVal.to(device)), yVal.to(device)).item())
    }
  })

  if (epoch % every === 0) print('epoch', epoch, 'loss', mean(batchLosses), 'validation loss', mean(valLosses))
}
print(net.stateDict())

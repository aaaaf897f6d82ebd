// Does the line hold for points it has not seen? `randomSplit` keeps a fifth of the dataset back, and after each epoch
// the loss of those is computed too: in eval mode, and with nothing recorded, since nothing is to be learnt from them.
// What has been learnt goes into a file, and comes back from it.
import { DataLoader, load, manualSeed, nn, noGrad, optim, randomSplit, TensorDataset } from 'dtrain'
import { DataParallel, save } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { device, draw, epochs, every, output, print, x, y } from './setup.ts'
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

const losses: number[] = []
const valLosses: number[] = []
for (let epoch = 1; epoch <= epochs; epoch++) {
  const batchLosses: number[] = []
  for (const [xBatch, yBatch] of trainLoader) {
    batchLosses.push(trainStep(xBatch.to(device), yBatch.to(device)))
  }

  const valBatchLosses: number[] = []
  model.eval()
  noGrad(() => {
    for (const [xVal, yVal] of valLoader) {
      valBatchLosses.push(lossFn(model(xVal.to(device)), yVal.to(device)).item())
    }
  })

  losses.push(mean(batchLosses))
  valLosses.push(mean(valBatchLosses))
  if (epoch % every === 0) print('epoch', epoch, 'loss', losses.at(-1), 'validation loss', valLosses.at(-1))
}

// Tensors, numbers and arrays, in PyTorch's own format, so `torch.load` reads it too. `save` of dtrain/distributed
// writes on the first process, and lets the others wait until the file is there.
const checkpoint = {
  epoch: epochs,
  modelStateDict: net.stateDict(),
  optimizerStateDict: optimizer.stateDict(),
  loss: losses,
  valLoss: valLosses,
}
const path = output('model-checkpoint.pth')
save(checkpoint, path)

// A new model with other weights becomes the one that was saved. Set the mode next: `train` to go on, `eval` to use it.
const saved = load<typeof checkpoint>(path)
const again = new nn.Sequential(new nn.Linear(1, 1)).to(device)
again.loadStateDict(saved.modelStateDict)
const optimizerAgain = new optim.SGD(again.parameters(), { lr: 0.1 })
optimizerAgain.loadStateDict(saved.optimizerStateDict)
again.eval()
print(again.stateDict())

const curves = { 'training loss': saved.loss, 'validation loss': { y: saved.valLoss, style: 'dotted' } } as const
await draw('validation-loss.svg', plot.line(curves, { x: 'epoch', y: 'loss', logY: true, xLim: [0, 100] }))

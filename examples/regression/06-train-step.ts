// A model without a class, and the five steps as a function. What runs in a training loop is the same for every model,
// loss and optimizer: `makeTrainStep` of training.ts takes the three and returns the function that makes one update.
import { manualSeed, nn, optim } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { device, draw, epochs, print, report, xTrain, yTrain } from './setup.ts'
import { makeTrainStep } from './training.ts'

// Layers that are applied one after the other need no `forward` of their own.
manualSeed(42)
const model = new nn.Sequential(new nn.Linear(1, 1)).to(device)
print(model)

const lossFn = new nn.MSELoss({ reduction: 'mean' })
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const trainStep = makeTrainStep(new DataParallel(model), lossFn, optimizer)

const x = xTrain.float().to(device)
const y = yTrain.float().to(device)
const losses: number[] = []
for (let epoch = 1; epoch <= epochs; epoch++) {
  losses.push(trainStep(x, y))
  report(epoch, losses.at(-1)!)
}
print(model.stateDict())

// On a logarithmic axis a loss that falls by the same factor in every epoch is a straight line.
await draw('train-step-loss.svg', plot.line(losses.slice(0, 200), { x: 'epoch', y: 'loss', logY: true }))

// The whole program, put together from its parts: dataset, random split, loaders, model, loss, learning rate,
// optimizer, number of epochs. What happens in an epoch is `trainLoop` of training.ts, and the same for every model.
import { DataLoader, manualSeed, nn, optim, randomSplit, TensorDataset } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { device, draw, epochs, every, print, x, y } from './setup.ts'
import { trainLoop } from './training.ts'

manualSeed(42)
const dataset = new TensorDataset(x.float(), y.float())
const [trainDataset, valDataset] = randomSplit(dataset, [80, 20])
const trainLoader = new DataLoader(trainDataset, { batchSize: 16 })
const valLoader = new DataLoader(valDataset, { batchSize: 20 })

const lr = 0.1
const model = new nn.Sequential(new nn.Linear(1, 1)).to(device)
const lossFn = new nn.MSELoss({ reduction: 'mean' })
const optimizer = new optim.SGD(model.parameters(), { lr })

const history = await trainLoop(new DataParallel(model), { lossFn, optimizer, trainLoader, valLoader, epochs, every })
// This is the place for saving the model and the optimizer to a file.
print(model.stateDict())

const { losses, valLosses } = history
const curves = { 'training loss': losses, 'validation loss': { y: valLosses, style: 'dotted' } } as const
await draw('final-loss.svg', plot.line(curves, { x: 'epoch', y: 'loss', logY: true }))

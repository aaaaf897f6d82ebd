// The whole program, put together from its parts: dataset, random split, loaders, model, loss, learning rate,
// optimizer, number of epochs. What happens in an epoch is `trainLoop` of training.ts, and the same for every model.
//   npx dtrain --nproc 2 examples/regression/09-final.ts --workers 4 --checkpoint line.pth
// may be interrupted at any moment: the same command goes on, and the losses are those of a training in one go.
import { Checkpoint, DataLoader, manualSeed, nn, optim, randomSplit, TensorDataset } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { checkpointFile, device, draw, epochs, every, print, workers, x, y } from './setup.ts'
import { trainLoop } from './training.ts'

manualSeed(42)
const dataset = new TensorDataset(x.float(), y.float())
const [trainDataset, valDataset] = randomSplit(dataset, [80, 20])
const trainLoader = new DataLoader(trainDataset, {
  batchSize: 16,
  numWorkers: workers,
  persistentWorkers: workers > 0,
})
const valLoader = new DataLoader(valDataset, { batchSize: 20 })

const lr = 0.1
const model = new nn.Sequential(new nn.Linear(1, 1)).to(device)
const lossFn = new nn.MSELoss({ reduction: 'mean' })
const optimizer = new optim.SGD(model.parameters(), { lr })

const parts = { model, optimizer, loader: trainLoader }
const checkpoint = checkpointFile === undefined ? undefined : new Checkpoint(checkpointFile, parts)
const loop = { lossFn, optimizer, trainLoader, valLoader, epochs, every, checkpoint }
const history = await trainLoop(new DataParallel(model), loop)
print(model.stateDict())

const { losses, valLosses } = history
const curves = { 'training loss': losses, 'validation loss': { y: valLosses, style: 'dotted' } } as const
await draw('final-loss.svg', plot.line(curves, { x: 'epoch', y: 'loss', logY: true }))

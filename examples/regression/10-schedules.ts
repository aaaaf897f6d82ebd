// The program of 09-final.ts with a learning rate that falls: when the loss of the validation points has stood still
// for ten epochs, every thirty epochs, or at two epochs that were chosen. A schedule is made for an optimizer, and told
// when an epoch has ended.
import { DataLoader, manualSeed, nn, optim, randomSplit, TensorDataset } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { device, draw, epochs, every, print, x, y } from './setup.ts'
import { type Loop, trainLoop } from './training.ts'

const { MultiStepLR, ReduceLROnPlateau, StepLR } = optim.lrScheduler

async function train(title: string, schedule: (optimizer: optim.SGD) => Loop['scheduler']): Promise<void> {
  print(title)
  manualSeed(42)
  const dataset = new TensorDataset(x.float(), y.float())
  const [trainDataset, valDataset] = randomSplit(dataset, [80, 20])
  const trainLoader = new DataLoader(trainDataset, { batchSize: 16 })
  const valLoader = new DataLoader(valDataset, { batchSize: 20 })

  const model = new nn.Sequential(new nn.Linear(1, 1)).to(device)
  const lossFn = new nn.MSELoss({ reduction: 'mean' })
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
  const scheduler = schedule(optimizer)

  const history = await trainLoop(new DataParallel(model), {
    lossFn,
    optimizer,
    scheduler,
    trainLoader,
    valLoader,
    epochs,
    every,
  })
  print(model.stateDict())

  // Losses are measured at the left, and the learning rate at the right.
  const curves = {
    'training loss': history.losses,
    'validation loss': { y: history.valLosses, style: 'dotted' },
    'learning rate': { y: history.learningRates, style: 'dashed', color: '#3ca951', right: true },
  } as const
  const axes = { x: 'epoch', y: 'loss', right: 'learning rate', logY: true, logRight: true }
  await draw(`schedule-${title}.svg`, plot.line(curves, { title, ...axes, xLim: [0, 100] }))
}

await train('ReduceLROnPlateau', optimizer => new ReduceLROnPlateau(optimizer, 'min'))
await train('StepLR', optimizer => new StepLR(optimizer, 30, { gamma: 0.5 }))
await train('MultiStepLR', optimizer => new MultiStepLR(optimizer, [30, 80], { gamma: 0.1 }))

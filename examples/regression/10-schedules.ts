// The program of 09-final.ts with a learning rate that falls: when the loss of the validation points has stood still
// for ten epochs, every thirty epochs, or at two epochs that were chosen. A schedule is made for an optimizer, and told
// when an epoch has ended.
import { DataLoader, manualSeed, nn, optim, randomSplit, TensorDataset } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { device, epochs, every, print, x, y } from './setup.ts'
import { type Loop, trainLoop } from './training.ts'

const { MultiStepLR, ReduceLROnPlateau, StepLR } = optim.lrScheduler

function train(title: string, schedule: (optimizer: optim.SGD) => Loop['scheduler']): void {
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

  trainLoop(new DataParallel(model), { lossFn, optimizer, scheduler, trainLoader, valLoader, epochs, every })
  // This is the place for the curves of the losses, with that of the learning rate on an axis of its own.
  print(model.stateDict())
}

train('ReduceLROnPlateau', optimizer => new ReduceLROnPlateau(optimizer, 'min'))
train('StepLR', optimizer => new StepLR(optimizer, 30, { gamma: 0.5 }))
train('MultiStepLR', optimizer => new MultiStepLR(optimizer, [30, 80], { gamma: 0.1 }))

// The training loop of the last programs, taken apart into functions that know nothing of the model, the loss or the
// data.
import { type DataLoader, type nn, noGrad, optim, type Tensor } from 'dtrain'
import { device, print } from './setup.ts'

type Loss = nn.Module<[output: Tensor, target: Tensor]>
type Batches = DataLoader<[Tensor, Tensor]>

export const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length

/** A function that makes one update from a batch and returns the loss before it. */
export function makeTrainStep(model: nn.Module, lossFn: Loss, optimizer: optim.Optimizer) {
  return (x: Tensor, y: Tensor): number => {
    model.train()
    const yhat = model(x) // step 1: predictions
    const loss = lossFn(yhat, y) // step 2: the loss
    loss.backward() // step 3: gradients
    optimizer.step() // step 4: the update
    optimizer.zeroGrad()
    return loss.item()
  }
}

/** The mean loss of the batches, without learning from them. */
export function validation(model: nn.Module, lossFn: Loss, batches: Batches): number {
  const losses: number[] = []
  model.eval()
  noGrad(() => {
    for (const [x, y] of batches) losses.push(lossFn(model(x.to(device)), y.to(device)).item())
  })
  return mean(losses)
}

export interface Loop {
  lossFn: Loss
  optimizer: optim.Optimizer<{ lr: number }>
  /** Lowers the learning rate after an epoch. */
  scheduler?: optim.lrScheduler.LRScheduler | optim.lrScheduler.ReduceLROnPlateau
  trainLoader: Batches
  valLoader: Batches
  epochs: number
  /** Prints every so many epochs. */
  every: number
}

/** Trains a model and returns its mean losses of each epoch, with the learning rates after it. */
export function trainLoop(model: nn.Module, loop: Loop) {
  const { lossFn, optimizer, scheduler, trainLoader, valLoader } = loop
  const trainStep = makeTrainStep(model, lossFn, optimizer)
  const history = { losses: [] as number[], valLosses: [] as number[], learningRates: [] as number[] }

  for (let epoch = 1; epoch <= loop.epochs; epoch++) {
    const losses: number[] = []
    for (const [x, y] of trainLoader) losses.push(trainStep(x.to(device), y.to(device)))
    const loss = mean(losses)
    const valLoss = validation(model, lossFn, valLoader)

    // A schedule that waits for the loss to stand still has to be told the loss; the others count epochs.
    if (scheduler instanceof optim.lrScheduler.ReduceLROnPlateau) scheduler.step(valLoss)
    else scheduler?.step()
    const lr = optimizer.paramGroups[0]!.lr

    history.losses.push(loss)
    history.valLosses.push(valLoss)
    history.learningRates.push(lr)
    const rate = scheduler === undefined ? [] : ['lr', lr]
    if (epoch % loop.every === 0) print('epoch', epoch, 'loss', loss, 'validation loss', valLoss, ...rate)
  }
  return history
}

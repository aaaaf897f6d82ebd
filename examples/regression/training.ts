// The training loop of the last programs, taken apart into functions that know nothing of the model, the loss or the
// data.
import { type Checkpoint, type DataLoader, type nn, noGrad, optim, type Tensor } from 'dtrain'
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
  /** Where an interrupted training goes on: it is saved every few steps. */
  checkpoint?: Checkpoint | undefined
}

const stepsBetweenSaves = 7

/** Trains a model and returns its mean losses of each epoch, with the learning rates after it. */
export async function trainLoop(model: nn.Module, loop: Loop) {
  const { lossFn, optimizer, scheduler, trainLoader, valLoader, checkpoint } = loop
  const trainStep = makeTrainStep(model, lossFn, optimizer)
  const start = {
    epoch: 1,
    steps: 0,
    losses: [] as number[], // of this epoch
    history: { losses: [] as number[], valLosses: [] as number[], learningRates: [] as number[] },
  }
  let { epoch, steps, losses, history } = { ...start, ...checkpoint?.resume<typeof start>() }

  for (; epoch <= loop.epochs; epoch++) {
    // In an epoch that has been resumed the loader gives the batches that are left.
    for await (const [x, y] of trainLoader) {
      losses.push(trainStep(x.to(device), y.to(device)))
      steps++
      if (steps % stepsBetweenSaves === 0) checkpoint?.save({ epoch, steps, losses, history })
    }
    const loss = mean(losses)
    const valLoss = validation(model, lossFn, valLoader)

    // A schedule that waits for the loss to stand still has to be told the loss; the others count epochs.
    if (scheduler instanceof optim.lrScheduler.ReduceLROnPlateau) scheduler.step(valLoss)
    else scheduler?.step()
    const lr = optimizer.paramGroups[0]!.lr

    losses = []
    history.losses.push(loss)
    history.valLosses.push(valLoss)
    history.learningRates.push(lr)
    const rate = scheduler === undefined ? [] : ['lr', lr]
    if (epoch % loop.every === 0) print('epoch', epoch, 'loss', loss, 'validation loss', valLoss, ...rate)
  }
  return history
}

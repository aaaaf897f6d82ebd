// Learns which of three arms of a spiral a point belongs to, on one process or on several, with the same losses:
//   npm start                              on one process
//   npm run train -- --nproc 2             on two
//   npm start -- --epochs 100 --lr 0.01    with other settings
// It may be interrupted at any moment, with Ctrl-C too: the same command goes on where it was.
import { mkdirSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  Accuracy,
  Average,
  arange,
  Checkpoint,
  cat,
  cuda,
  DataLoader,
  full,
  manualSeed,
  nn,
  noGrad,
  optim,
  progress,
  randn,
  randomSplit,
  stack,
  type Tensor,
  TensorDataset,
} from 'dtrain'
import { barrier, DataParallel, getRank, save } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'

const { values: args } = parseArgs({
  options: {
    epochs: { type: 'string', default: '30' },
    'batch-size': { type: 'string', default: '64' },
    lr: { type: 'string', default: '0.005' },
    seed: { type: 'string', default: '0' },
  },
})
const epochs = Number(args.epochs)

/** Points along three arms that wind outwards, with some noise, and the arm of each. */
function spiral(pointsPerArm: number): TensorDataset<[Tensor, Tensor]> {
  const radius = arange(pointsPerArm).add(1).div(pointsPerArm)
  const arms = [0, 1, 2].map(arm => {
    const angle = radius
      .mul(4)
      .add((arm * 2 * Math.PI) / 3)
      .add(randn(pointsPerArm).mul(0.15))
    return stack([angle.sin().mul(radius), angle.cos().mul(radius)], 1)
  })
  const labels = [0, 1, 2].map(arm => full([pointsPerArm], arm, { dtype: 'int64' }))
  return new TensorDataset(cat(arms), cat(labels))
}

// Every process draws the same numbers from the same seed, so all have the same data and the same weights.
manualSeed(Number(args.seed))
const [trainSet, validationSet] = randomSplit(spiral(1000), [2400, 600])
const trainLoader = new DataLoader(trainSet, { batchSize: Number(args['batch-size']), shuffle: true })
const validationLoader = new DataLoader(validationSet, { batchSize: 200 })

const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const net = new nn.Sequential(
  ...[new nn.Linear(2, 64), new nn.ReLU()],
  ...[new nn.Linear(64, 64), new nn.ReLU()],
  new nn.Linear(64, 3),
).to(device)
// Each process computes its part of a batch; gradients are summed before the step.
const model = new DataParallel(net)
const criterion = new nn.CrossEntropyLoss()
const optimizer = new optim.Adam(model.parameters(), { lr: Number(args.lr) })
const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs)

function trainOneEpoch(label: string): number {
  const loss = new Average()
  model.train()
  for (const [points, arms] of progress(trainLoader, { label, metrics: { loss } })) {
    const batchLoss = criterion(model(points.to(device)), arms.to(device))
    optimizer.zeroGrad()
    batchLoss.backward()
    optimizer.step()
    loss.update(batchLoss, points.size(0))
  }
  scheduler.step()
  return loss.value
}

function validate(): { loss: number; accuracy: number } {
  const loss = new Average()
  const accuracy = new Accuracy()
  model.eval()
  noGrad(() => {
    for (const [points, arms] of validationLoader) {
      const scores = model(points.to(device))
      loss.update(criterion(scores, arms.to(device)), points.size(0))
      accuracy.update(scores, arms.to(device))
    }
  })
  return { loss: loss.value, accuracy: accuracy.value }
}

mkdirSync('outputs', { recursive: true })
const checkpoint = new Checkpoint('outputs/checkpoint.pth', { model: net, optimizer, scheduler, loader: trainLoader })
const start = { epoch: 1, losses: [] as number[], validationLosses: [] as number[] }
const { epoch: first, losses, validationLosses } = { ...start, ...checkpoint.resume<typeof start>() }

for (let epoch = first; epoch <= epochs; epoch++) {
  const loss = trainOneEpoch(`epoch ${epoch}`)
  const validation = validate()
  losses.push(loss)
  validationLosses.push(validation.loss)
  if (getRank() === 0) {
    const accuracy = `${(100 * validation.accuracy).toFixed(2)} %`
    console.log(`epoch ${epoch}: loss ${loss.toFixed(4)}, validation ${validation.loss.toFixed(4)}, ${accuracy}`)
  }
  checkpoint.save({ epoch: epoch + 1, losses, validationLosses })
}

save(net.stateDict(), 'outputs/model.pth')
barrier() // nobody has use for the checkpoint any more
if (getRank() === 0) {
  rmSync(checkpoint.path)
  const curves = { training: losses, validation: validationLosses }
  await plot.line(curves, { x: 'epoch', y: 'loss', logY: true }).save('outputs/losses.svg')
  console.log('outputs/model.pth has the model, outputs/losses.svg the losses')
}

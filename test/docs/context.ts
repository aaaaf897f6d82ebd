// What fragments of programs in the documentation take for granted: a model, its data, a step of its training. Where a
// guide or a source means something else by a name, it has a row in `meaning`.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import * as dt from '../../src/index.ts'
import { nn, optim, type Tensor, tensor } from '../../src/index.ts'
import { SummaryWriter } from '../../src/tensorboard/index.ts'
import { optimize } from '../../src/tune/index.ts'
import { Image } from '../../src/vision/index.ts'

class Net extends nn.Module {
  fc = new nn.Linear(784, 10)
  forward(x: Tensor): Tensor {
    return this.fc(x.flatten(1))
  }
}

/** Images of ten kinds, and a model that tells them apart. */
function images() {
  const images = dt.rand(20, 1, 28, 28)
  const labels = dt.randint(10, [20])
  const dataset = new dt.TensorDataset(images, labels)
  const model = new Net()
  const criterion = new nn.CrossEntropyLoss()
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 1)
  const scores = model(images)
  return {
    ...{ Net, images, labels, dataset, model, net: model, criterion, optimizer, scheduler, scores },
    ...{ x: images, y: labels, loader: new dt.DataLoader(dataset, { batchSize: 10 }), loss: criterion(scores, labels) },
    ...{ epoch: 1, step: 1, batch: 1, batches: 2, lr: 0.1, validationLoss: 0.5 },
    ...{ train: () => {}, validate: () => 0.5, accuracyAfter: (epoch: number, lr: number) => 1 - lr / epoch, open },
    best: undefined as Tensor | undefined,
    trainStep: (x: Tensor, y: Tensor) => criterion(model(x), y).backward(),
    ...{ random: new dt.RandomState(0), params: model.parameters(), layer: new nn.Conv2d(1, 6, 5) },
    warmup: new optim.lrScheduler.ConstantLR(optimizer),
    decay: new optim.lrScheduler.ExponentialLR(optimizer, 0.9),
    ...{
      parameters: [{ name: 'x', type: 'range', bounds: [0, 1] }] as const,
      evaluationFunction: ({ x }: { x: number }) => x,
    },
  }
}

/** A number for each row of numbers. */
function regression() {
  return { ...images(), x: dt.randn(6, 3), y: dt.rand(6, 1), model: new nn.Linear(3, 1) }
}

/** Tensors alone. */
function tensors() {
  const w = tensor([1, 2], { requiresGrad: true })
  w.mul(w).sum().backward()
  const a = tensor([
    [4, 1],
    [1, 3],
  ]) // symmetric, positive
  return {
    ...{ ...images(), x: dt.randn(3, 3), y: dt.randn(3, 3), result: dt.zeros(3, 3), a, b: dt.randn(2, 1), n: 20, w },
    ...{
      l: a.tril(),
      mask: dt.rand(10).gt(0.5),
      model: (x: Tensor) => x,
      learningRate: 0.1,
      scores: dt.randn(20, 10),
      weight: dt.randn(6, 1, 5, 5),
    },
    ...{
      bias: dt.zeros(6),
      rows: tensor([0n, 1n]),
      columns: tensor([1n, 2n]),
      counts: dt.zeros(10, { dtype: 'int64' }),
    },
  }
}
const equalShapes = () => ({ ...tensors(), b: dt.randn(2, 2) })
const squares = () => ({ ...tensors(), x: dt.randn(2, 2), n: 2 })
const planes = () => ({ ...tensors(), x: dt.randn(1, 1, 4, 4) })

/** Several data sets. */
function datasets() {
  const { dataset, ...rest } = images()
  const lines = { length: 2, get: (i: number) => `line ${i}` }
  const texts = { length: 20, get: (i: number) => `text ${i}` }
  const pictures = { length: 20, get: (i: number) => i }
  const days = {
    *[Symbol.iterator]() {
      yield 'morning'
    },
  }
  return {
    ...rest,
    dataset,
    train: dataset,
    test: dataset,
    lines,
    images: pictures,
    texts,
    monday: days,
    tuesday: days,
  }
}
const photos = () => ({ ...images(), photos: images().dataset })
const tenThousand = () => ({ dataset: new dt.TensorDataset(dt.zeros(10_000, 1)) })

/** What a training has measured. */
function curves() {
  const losses = [3, 2, 1]
  const valLosses = [3.5, 2.5, 1.5]
  const points = dt.rand(10)
  const confusion = new dt.ConfusionMatrix(2)
  confusion.update(tensor([0n, 1n]), tensor([0n, 0n]))
  return {
    ...{
      ...images(),
      losses,
      valLosses,
      rates: [0.1, 0.05, 0.01],
      xTrain: points,
      yTrain: points,
      xVal: points,
      yVal: points,
    },
    ...{ before: points, after: points, confusion, classes: ['cat', 'dog'], guesses: Array(20).fill('7') as string[] },
    ...{
      ...{
        surface: [
          [1, 2],
          [3, 4],
        ],
        weights: [0, 1],
        biases: [0, 1],
      },
      runs: [
        { lr: 0.1, width: 8, loss: 1, accuracy: 0.5 },
        { lr: 0.2, width: 9, loss: 2, accuracy: 0.6 },
      ],
    },
    ...{ inputs: dt.rand(10, 1, 8, 8), outputs: dt.rand(10, 1, 8, 8) },
  }
}
/** The writer makes its file when an example asks for it. */
function writers() {
  return {
    ...{ ...images(), features: dt.rand(20, 3) },
    get writer() {
      return new SummaryWriter('runs')
    },
  }
}

/** What is known of two classes. */
function measured() {
  const accuracy = new dt.Accuracy()
  accuracy.update(tensor([0n, 1n]), tensor([0n, 0n]))
  const targets = tensor([0n, 0n, 0n, 0n, 0n, 0n, 1n, 1n, 1n, 1n, 1n, 1n])
  const logits = tensor([0n, 0n, 0n, 0n, 0n, 1n, 0n, 0n, 1n, 1n, 1n, 1n])
  const output = dt.zeros(20, 2)
  const scores = tensor([
    [2, 1],
    [2, 1],
    [1, 2],
    [2, 1],
  ])
  const loader = [[scores, tensor([0n, 0n, 1n, 1n])]] as const // the last is wrong
  return {
    ...images(),
    loader,
    model: (x: Tensor) => x,
    accuracy,
    targets,
    logits,
    output,
    y: dt.zeros(20, { dtype: 'int64' }),
  }
}

/** A search, from within and from outside. */
async function searched() {
  const { model } = await optimize({
    parameters: [
      { name: 'lr', type: 'range', bounds: [0.01, 1] },
      { name: 'width', type: 'choice', values: [32, 64] },
    ],
    objectives: { loss: { minimize: true } },
    evaluationFunction: ({ lr }) => ({ loss: lr }),
    strategy: 'random',
    totalTrials: 6,
  })
  const trial = { report: (epoch: number, loss: number) => epoch * loss > 2 }
  return { ...images(), trial, model }
}

const clusters = () => ({
  step: { name: 'a', forward: 1, backward: 2, optimizer: 0.1, buckets: [{ ready: 1, bytes: 1e6 }], jitter: { sd: 0 } },
  cluster: { topology: 'ring', link: { bandwidth: 1e9, latency: 1e-6 }, perHost: 1 } as const,
})

const pictures = () => ({ ...images(), image: new Image('RGB', 8, 8, new Uint8Array(192)) })

export const contexts = {
  ...{ images, regression, tensors, equalShapes, squares, planes, datasets, photos, tenThousand },
  ...{ curves, writers, measured, searched, clusters, pictures },
}
type Context = keyof typeof contexts

/** Of a file, or of a folder; all others mean `images`. */
const meaning: Record<string, Context> = {
  'docs/pictures.md': 'curves',
  'src/autograd/function.ts': 'tensors',
  'src/autograd/grad.ts': 'tensors',
  'src/autograd/graph.ts': 'tensors',
  'src/bench': 'clusters',
  'src/data/combined.ts': 'datasets',
  'src/data/data-loader.ts': 'photos',
  'src/data/distributed-sampler.ts': 'datasets',
  'src/tensor/random.ts': 'tenThousand',
  'src/linalg': 'squares',
  'src/metrics': 'measured',
  'src/metrics/early-stopping.ts': 'images',
  'src/monitor': 'writers',
  'src/nn/functional/pair-loss.ts': 'regression',
  'src/nn/losses/pairs.ts': 'regression',
  'src/tensor/ops': 'tensors',
  'src/tensor/ops/linalg.ts': 'squares',
  'src/tensor/ops/pool.function.ts': 'planes',
  'src/tensor/grad-mode.ts': 'tensors',
  'src/tensorboard': 'writers',
  'src/tune/functions.ts': 'searched',
  'src/tune/model.ts': 'searched',
  'src/vision/image/resize.ts': 'pictures',
  'src/viz/plot': 'curves',
}

/** The name of what an example of this file takes for granted. */
export function contextOf(file: string): Context {
  const keys = Object.keys(meaning).filter(key => file === key || file.startsWith(`${key}/`))
  return meaning[keys.sort((a, b) => b.length - a.length)[0] ?? ''] ?? 'images'
}

const names = Object.fromEntries(
  await Promise.all(Object.entries(contexts).map(async ([name, make]) => [name, Object.keys(await make())])),
)
export const namesIn = (context: Context): string[] => names[context]

/** Files that examples read, in the working directory. */
export async function prepare(): Promise<void> {
  mkdirSync('pets/cat', { recursive: true })
  for (const name of ['pets/cat/1.png', 'cat.png']) new Image('RGB', 32, 32, new Uint8Array(3072)).save(name)
  renameSync('cat.png', 'cat.jpg') // what a file is, its first bytes say
  writeFileSync('log.txt', 'a line\n')
  const { model, optimizer } = images()
  dt.save({ model: model.stateDict(), optimizer: optimizer.stateDict() }, 'checkpoint.pth')
  await optimize({
    parameters: [{ name: 'lr', type: 'range', bounds: [0, 1] }],
    evaluationFunction: ({ lr }) => lr,
    strategy: 'random',
    totalTrials: 1,
    folder: 'search',
  })
}

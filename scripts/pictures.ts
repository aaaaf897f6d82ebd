// Draws the pictures of docs/pictures.md into docs/pictures (`npx tsx scripts/pictures.ts`): what two small trainings
// look like, and what the programs of examples/ draw. All have seeds, so the pictures change only with the library.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfusionMatrix, DataLoader, manualSeed, nn, noGrad, optim, RandomState, type Tensor } from '../src/index.ts'
import { datasets, transforms } from '../src/vision/index.ts'
import { type Dot, makeDot, plot, summary } from '../src/viz/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs/pictures')

async function draw(name: string, picture: plot.Figure | Dot): Promise<void> {
  const path = join(folder, `${name}.svg`)
  await ('render' in picture ? picture.render(path) : picture.save(path))
}

/** A line through noisy points, as in the first programs of a course. */
async function regression(): Promise<void> {
  const random = new RandomState(42)
  const x = random.rand(100, 1)
  const y = x.mul(2).add(1).add(random.randn(100, 1).mul(0.1))
  const part = (from: number, to: number) => [x.index(`${from}:${to}`), y.index(`${from}:${to}`)] as const
  const [training, validation] = [part(0, 80), part(80, 100)]
  const points = ([xs, ys]: typeof training) => [xs.flatten(), ys.flatten()] as const
  const names = { x: 'x', y: 'y', yLim: [1, 3.2], width: 340, height: 260 } as const
  const both = [
    plot.scatter(points(training), { title: 'Training', ...names }),
    plot.scatter(points(validation), { title: 'Validation', ...names }),
  ]
  await draw('data', plot.subplots(both))

  manualSeed(42)
  const model = new nn.Linear(1, 1, { dtype: 'float64' })
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.3 })
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 20, 0.5)
  const mse = new nn.MSELoss()
  await draw('graph', makeDot(mse(model(training[0]), training[1]), { params: model.namedParameters() }))
  const [losses, valLosses, rates]: number[][] = [[], [], []]
  for (let epoch = 0; epoch < 100; epoch++) {
    optimizer.zeroGrad()
    const loss = mse(model(training[0]), training[1])
    loss.backward()
    optimizer.step()
    losses!.push(loss.item())
    valLosses!.push(noGrad(() => mse(model(validation[0]), validation[1]).item()))
    rates!.push(optimizer.paramGroups[0]!.lr)
    scheduler.step()
  }
  const series = {
    'training loss': losses!,
    'validation loss': { y: valLosses!, style: 'dotted' },
    'learning rate': { y: rates!, right: true, style: 'dashed', color: '#3ca951' },
  } as const
  const axes = { x: 'epoch', y: 'loss', right: 'learning rate', logY: true, logRight: true }
  await draw('curves', plot.line(series, axes))
  await draw('curves-dark', plot.line(series, { ...axes, theme: 'dark' }))
  const curves = { training: losses!, validation: valLosses! }
  const small = { x: 'epoch', y: 'loss', width: 340, height: 240 }
  const scales = [
    plot.line(curves, { title: 'logarithmic', logY: true, ...small }),
    plot.line(curves, { title: 'linear', ...small }),
  ]
  await draw('scales', plot.subplots(scales))
  plot.print(curves, { logY: true, width: 80 })
}

/** A small network that reads digits. */
async function digits(): Promise<void> {
  manualSeed(1)
  const transform = new transforms.ToTensor()
  const [train, test] = [true, false].map(train => new datasets.MNISTSubset({ train, transform }))
  const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 32), new nn.ReLU(), new nn.Linear(32, 10))
  console.log(summary(model, [64, 1, 28, 28]))
  const weights = () => (model.children()[1] as nn.Linear).weight.detach().flatten().clone()
  const before = weights()
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
  for (const [images, labels] of new DataLoader(train!, { batchSize: 64, shuffle: true })) {
    optimizer.zeroGrad()
    nn.functional.crossEntropy(model(images as Tensor), labels as Tensor).backward()
    optimizer.step()
  }
  const weightsOf = { before, after: weights() }
  await draw('weights', plot.histogram(weightsOf, { x: 'weight of the first layer', bins: 60 }))

  const matrix = new ConfusionMatrix(10)
  const batches = [...new DataLoader(test!, { batchSize: 500 })] as [Tensor, Tensor][]
  const guesses = batches.map(([images]) => noGrad(() => model(images)))
  for (const [i, [, labels]] of batches.entries()) matrix.update(guesses[i]!, labels)
  await draw('confusion', plot.heatmap(matrix.matrix, { x: 'read as', y: 'digit', width: 400, height: 400 }))
  const titles = Array.from(guesses[0]!.argmax(1).index('0:20').toTypedArray(), Number)
  await draw('digits', plot.images(batches[0]![0].index('0:20'), { columns: 10, titles }))
}

/** The pictures that examples/README.md shows. */
function programs(): void {
  const outputs = mkdtempSync(join(tmpdir(), 'dtrain-pictures-'))
  execFileSync('npm', ['run', 'examples'], { cwd: root, env: { ...process.env, OUTPUTS: outputs }, stdio: 'inherit' })
  const list = readFileSync(join(root, 'examples/README.md'), 'utf8')
  for (const [, name] of list.matchAll(/docs\/pictures\/([^"]+)"/g))
    copyFileSync(join(outputs, name!), join(folder, name!))
  rmSync(outputs, { recursive: true })
}

mkdirSync(folder, { recursive: true })
await regression()
await digits()
programs()

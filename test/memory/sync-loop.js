// A synchronous training loop with no dispose, no tidy and no await: native memory must stay flat. Plain JavaScript on
// the built package, so that any Node version can run it. Arguments: steps, model. Prints one JSON line.
import { DataLoader, manualSeed, memoryStats, nn, optim, randint, randn, TensorDataset } from '../../dist/src/index.js'

const steps = Number(process.argv[2] ?? 20_000)
const model = {
  mlp: () => new nn.Sequential(new nn.Linear(64, 128), new nn.ReLU(), new nn.Linear(128, 10)),
  lenet: () =>
    new nn.Sequential(
      new nn.Conv2d(1, 6, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Conv2d(6, 16, 3),
      new nn.ReLU(),
      new nn.Flatten(),
      new nn.Linear(64, 10),
    ),
}[process.argv[3] ?? 'mlp']()
const lenet = process.argv[3] === 'lenet'

manualSeed(0)
const data = new TensorDataset(lenet ? randn(512, 1, 8, 8) : randn(512, 64), randint(0, 10, [512]))
const loader = new DataLoader(data, { batchSize: 16, shuffle: true })
const criterion = new nn.CrossEntropyLoss()
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 })

let step = 0
let early = 0
let previous // keeps one step's output alive into the next, as real loops do
while (step < steps) {
  for (const [x, y] of loader) {
    const output = model(x)
    const loss = criterion(output, y)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    previous = output
    if (++step === 500) early = memoryStats().peak
    if (step === steps) break
  }
}
const { peak, minorCollections, majorCollections, systemAllocations, wrappers } = memoryStats()
const rss = process.memoryUsage().rss
console.log(
  JSON.stringify({
    node: process.version,
    early,
    peak,
    ratio: peak / early,
    minorCollections,
    majorCollections,
    systemAllocations,
    wrappers,
    rss,
    kept: previous.shape,
  }),
)

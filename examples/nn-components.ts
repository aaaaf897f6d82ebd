// What training is made of: layers in a sequence, a loss, an update by hand; then an optimizer; then a module of one's
// own. Each fits 64 points of small random numbers.
//   npx dtrain examples/nn-components.ts
//   npx dtrain --nproc 2 examples/nn-components.ts --steps 100 --every 1     all losses of the first 100 steps
// It prints what PyTorch prints from this seed: scripts/golden/examples/nn_components.py is the same program in Python.
import { parseArgs } from 'node:util'
import { cuda, manualSeed, nn, noGrad, optim, randn, type Tensor } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { draw, print } from './outputs.ts'

const { values: args } = parseArgs({ options: { steps: { type: 'string' }, every: { type: 'string' } } })

const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const [N, dIn, H, dOut] = [64, 100, 200, 5] // batch, input, hidden, output
manualSeed(0)

// The sum of the squared errors. By default a loss is their mean, so that batches of all sizes can be compared.
const lossFn = new nn.MSELoss({ reduction: 'sum' })

/** The loop that all three share: forward, loss, clear the gradients, backward, update. It returns the losses. */
function train(model: nn.Module, { steps, every }: { steps: number; every: number }, update: () => void): number[] {
  const x = randn(N, dIn).mul(0.001).to(device)
  const y = randn(N, dOut).mul(0.001).to(device)
  const losses: number[] = []
  for (let t = 0; t < Number(args.steps ?? steps); t++) {
    const yPred = model(x) // a module is called like a function
    const loss = lossFn(yPred, y)
    losses.push(loss.item())
    if (t % Number(args.every ?? every) === 0) print(t, losses[t])
    model.zeroGrad() // or gradients would add up over the steps
    loss.backward() // fills param.grad of every parameter
    update()
  }
  return losses
}

// 1. nn.Sequential calls its modules one after the other. The ranks share the rows of every batch: see DataParallel.
print('nn.Sequential and MSELoss')
const sequential = () => new nn.Sequential(new nn.Linear(dIn, H), new nn.ReLU(), new nn.Linear(H, dOut))
const first = sequential()
print(first)
const byHand = new DataParallel(first.to(device))
const lossesByHand = train(byHand, { steps: 500, every: 100 }, () => {
  noGrad(() => {
    for (const param of byHand.parameters()) param.sub_(param.grad!.mul(1e-2)) // in place: see from-numpy.ts
  })
})

// 2. An optimizer holds the parameters and the rule. Adam keeps two running means for each number that is learnt.
print('optim.Adam')
const second = new DataParallel(sequential().to(device))
const adam = new optim.Adam(second.parameters(), { lr: 1e-4 })
const lossesOfAdam = train(second, { steps: 200, every: 50 }, () => adam.step())

// 3. What is more than a sequence is a class: modules in its fields, any computation in forward.
class TwoLayerNet extends nn.Module {
  linear1: nn.Linear
  linear2: nn.Linear

  constructor(dIn: number, H: number, dOut: number) {
    super()
    this.linear1 = new nn.Linear(dIn, H)
    this.linear2 = new nn.Linear(H, dOut)
  }

  forward(x: Tensor): Tensor {
    const hRelu = this.linear1(x).clamp({ min: 0 })
    return this.linear2(hRelu)
  }
}
print("a module of one's own")
const third = new TwoLayerNet(dIn, H, dOut)
print(third)
const own = new DataParallel(third.to(device))
const optimizer = new optim.Adam(own.parameters(), { lr: 1e-4 })
const lossesOfOwn = train(own, { steps: 500, every: 100 }, () => optimizer.step())

const curves = { 'by hand': lossesByHand, 'optim.Adam': lossesOfAdam, "a module of one's own": lossesOfOwn }
await draw('nn-components.svg', plot.line(curves, { x: 'step', y: 'loss', logY: true }))

// From NumPy to nn: one network of two layers, written seven times, each time with more help. It fits 64 random points
// of 1000 numbers to 64 of 10: by hand with arrays, with tensors, with autograd, with nn, with an optimizer, as a
// module of one's own, and with a depth that is drawn anew in every step.
//   npx dtrain examples/from-numpy.ts
//   npx dtrain --nproc 2 examples/from-numpy.ts --steps 100 --every 1     the losses of all of the first 100 steps
// It prints what PyTorch and NumPy print from these seeds: scripts/golden/examples/from_numpy.py.
import { parseArgs } from 'node:util'
import { cuda, Generator, manualSeed, nn, noGrad, optim, RandomState, randint, randn, type Tensor } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'
import { plot } from 'dtrain/viz'
import { draw, print } from './outputs.ts'

const options = { steps: { type: 'string', default: '500' }, every: { type: 'string', default: '100' } } as const
const { values: args } = parseArgs({ options })
const [steps, every] = [Number(args.steps), Number(args.every)]
const curves: Record<string, number[]> = {}
let losses: number[] = []

function begin(way: string, name = way): void {
  print(way)
  losses = curves[name] = []
}

function report(t: number, loss: number): void {
  losses.push(loss)
  if (t % every === every - 1) print(t, loss)
}

const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const [N, dIn, H, dOut] = [64, 1000, 100, 10] // batch, input, hidden, output
manualSeed(0)

/**
 * h = xW1, u = max(h, 0), y = uW2, and the loss is the sum of the squared errors. What goes backward is the chain rule,
 * written down for each of these lines from the last to the first.
 */
function byHand(x: Tensor, y: Tensor, w1: Tensor, w2: Tensor): void {
  for (let t = 0; t < steps; t++) {
    const h = x.mm(w1)
    const hRelu = h.clamp({ min: 0 })
    const yPred = hRelu.mm(w2)
    report(t, yPred.sub(y).pow(2).sum().item())

    const gradYPred = yPred.sub(y).mul(2)
    const gradW2 = hRelu.t().mm(gradYPred)
    const gradH = gradYPred.mm(w2.t())
    gradH.maskedFill_(h.lt(0), 0) // gradH[h < 0] = 0
    const gradW1 = x.t().mm(gradH)

    w1.sub_(gradW1.mul(1e-6))
    w2.sub_(gradW2.mul(1e-6))
  }
}

// 1. Arrays. JavaScript has no NumPy: tensors of float64 stand in for it, with numbers as NumPy draws them.
begin('arrays')
const rng = new RandomState(42)
byHand(rng.randn(N, dIn), rng.randn(N, dOut), rng.randn(dIn, H), rng.randn(H, dOut))

// 2. Tensors are arrays that may also live on a GPU, in float32 unless told otherwise. The formulas are the same.
begin('tensors')
const normal = (...shape: number[]) => randn(shape).to(device) // a seed gives the same numbers on every device
byHand(normal(N, dIn), normal(N, dOut), normal(dIn, H), normal(H, dOut))

// 3. Autograd records what is done with tensors that require gradients, and backward() applies the chain rule.
begin('autograd')
function byAutograd(x: Tensor, y: Tensor, w1: Tensor, w2: Tensor): void {
  for (let t = 0; t < steps; t++) {
    const loss = x.mm(w1).clamp({ min: 0 }).mm(w2).sub(y).pow(2).sum()
    report(t, loss.item())
    loss.backward()
    noGrad(() => {
      for (const w of [w1, w2]) {
        w.sub_(w.grad!.mul(1e-6)) // an update is no part of the network: not to be recorded
        w.grad!.zero_() // or the next gradients would be added to these
      }
    })
  }
}
byAutograd(normal(N, dIn), normal(N, dOut), normal(dIn, H).requiresGrad_(), normal(H, dOut).requiresGrad_())

// 4. nn: layers hold their weights, modules hold layers, and losses are modules too. DataParallel shares the rows of
// every batch among the ranks; on one process it does nothing.
const [x, y] = [normal(N, dIn), normal(N, dOut)]
const criterion = new nn.MSELoss({ reduction: 'sum' })
const sequential = () => new nn.Sequential(new nn.Linear(dIn, H), new nn.ReLU(), new nn.Linear(H, dOut)).to(device)

function train(model: nn.Module, update: () => void): void {
  for (let t = 0; t < steps; t++) {
    const loss = criterion(model(x), y)
    report(t, loss.item())
    model.zeroGrad()
    loss.backward()
    noGrad(update)
  }
}

// A famous mistake. `param = param - …` makes a new tensor and calls it param; the model still holds the old one.
// Nothing complains, and the loss stays where it is to the last digit. Python's `param -= …` is sub_ here, in place.
begin('nn, param = param - learning_rate * param.grad', 'nn, the mistake')
const plain = new DataParallel(sequential())
train(plain, () => {
  for (let param of plain.parameters()) param = param.sub(param.grad!.mul(1e-4))
})
begin('nn, param -= learning_rate * param.grad', 'nn')
train(plain, () => {
  for (const param of plain.parameters()) param.sub_(param.grad!.mul(1e-4))
})

// 5. An optimizer knows the parameters, and rules that are better than that.
begin('optim.Adam')
const model = new DataParallel(sequential())
const adam = new optim.Adam(model.parameters(), { lr: 1e-4 })
train(model, () => adam.step())

// 6. A module of one's own: layers in fields, and what to do with them in forward.
class TwoLayerNet extends nn.Module {
  linear1 = new nn.Linear(dIn, H)
  linear2 = new nn.Linear(H, dOut)

  forward(x: Tensor): Tensor {
    return this.linear2(this.linear1(x).clamp({ min: 0 }))
  }
}
begin("a module of one's own")
const twoLayers = new DataParallel(new TwoLayerNet().to(device))
const sgd = new optim.SGD(twoLayers.parameters(), { lr: 1e-4 })
train(twoLayers, () => sgd.step())

// 7. The graph is recorded anew in every step, so forward may loop and branch, and use a layer several times: the
// gradients of its uses are added. The generator is the network's own, so that all ranks draw the same depth.
class DynamicNet extends nn.Module {
  inputLinear = new nn.Linear(dIn, H)
  middleLinear = new nn.Linear(H, H)
  outputLinear = new nn.Linear(H, dOut)
  depths = new Generator().manualSeed(3)

  forward(x: Tensor): Tensor {
    let h = this.inputLinear(x).clamp({ min: 0 })
    const depth = randint(0, 4, [1], { generator: this.depths }).item()
    for (let i = 0; i < depth; i++) h = this.middleLinear(h).clamp({ min: 0 })
    return this.outputLinear(h)
  }
}
begin('control flow and shared weights')
const dynamic = new DataParallel(new DynamicNet().to(device))
const momentum = new optim.SGD(dynamic.parameters(), { lr: 1e-4, momentum: 0.9 })
train(dynamic, () => momentum.step())

await draw('from-numpy.svg', plot.line(curves, { x: 'step', y: 'loss', logY: true }))

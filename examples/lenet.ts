// LeNet, as in PyTorch's tutorial "Neural Networks": define a network, look at its parameters, run it on a random
// picture, follow the graph that was recorded, and update the weights, by hand and then with an optimizer.
//   npx dtrain examples/lenet.ts
//   npx dtrain --nproc 2 examples/lenet.ts --steps 100 --every 1     100 updates, and the loss before each of them
// It prints what PyTorch prints from this seed: scripts/golden/examples/lenet.py is the same program in Python.
import assert from 'node:assert'
import { parseArgs } from 'node:util'
import { load, manualSeed, maxPool2d, type Node, nn, noGrad, optim, randn, relu, type Tensor } from 'dtrain'
import { DataParallel, save } from 'dtrain/distributed'
import { makeDot } from 'dtrain/viz'
import { draw, output, print } from './outputs.ts'

const { values: args } = parseArgs({
  options: { steps: { type: 'string', default: '10' }, every: { type: 'string', default: '1' } },
})

// Define the network. A module in a field is registered, and so are the parameters in it; `forward` may use any op, and
// what goes backward follows from it.
class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 6, 5) // 1 channel in, 6 out, a square kernel of 5
  conv2 = new nn.Conv2d(6, 16, 5)
  fc1 = new nn.Linear(16 * 5 * 5, 120) // y = xW^T + b; pictures of 32 x 32 come out of conv2 and pooling as 5 x 5
  fc2 = new nn.Linear(120, 84)
  fc3 = new nn.Linear(84, 10)

  forward(x: Tensor): Tensor {
    x = maxPool2d(relu(this.conv1(x)), [2, 2])
    x = maxPool2d(relu(this.conv2(x)), 2) // one number for a square
    x = x.flatten(1) // all dimensions but the batch
    x = relu(this.fc1(x))
    x = relu(this.fc2(x))
    return this.fc3(x)
  }
}

manualSeed(0)
const net = new Net()
print(net)

// What can be learnt: ten parameters, a weight and a bias for each layer.
const params = net.parameters()
print(params.length)
print(params[0]!.size()) // the weight of conv1
for (const [name, param] of net.namedParameters()) print(name, param.size())

// A batch of one picture: layers want batches, and x.unsqueeze(0) makes one of a single sample.
const input = randn(1, 1, 32, 32)
const out = net(input)
print(out)

// A result that is no single number goes backward with a gradient for each of its elements.
net.zeroGrad()
out.backward(randn(1, 10))
print(net.conv1.bias!.grad)

// A loss says in one number how far the output is from a target.
const target = randn(10).view(1, -1) // in the shape of the output
const criterion = new nn.MSELoss()
const loss = criterion(net(input), target)
print(loss)

// Its gradFn is the last op recorded; nextFunctions lead to the ops before it, and in the end to the leaves.
const lossFn = loss.gradFn!
const linear = lossFn.nextFunctions[0]![0]!
print(lossFn) // MSELoss
print(linear) // the last linear layer
print(linear.nextFunctions[0]![0]) // its bias

// All the way from the loss to the picture. Of the inputs of a layer, the one that is no parameter leads on.
const path: string[] = []
for (let node: Node | null = lossFn; node !== null; ) {
  path.push(node.name)
  const before: (Node | null)[] = node.nextFunctions.map(([next]) => next)
  node = before.find(next => next !== null && next.name !== 'AccumulateGrad') ?? null
}
print(path.join(' <- '))

// The whole graph, from the parameters at the top to the loss at the bottom.
await draw('lenet.svg', makeDot(loss, { params: net.namedParameters() }))

// Gradients add up over calls of backward, so they are cleared first: to zeros, as the tutorial shows, or by default to
// null, which is what zeroGrad means in PyTorch since version 2.
net.zeroGrad({ setToNone: false })
print('conv1.bias.grad before backward')
print(net.conv1.bias!.grad)
loss.backward()
print('conv1.bias.grad after backward')
print(net.conv1.bias!.grad)

// The simplest update is weight = weight - learningRate * gradient. Nothing of it is to be recorded.
const learningRate = 0.01
noGrad(() => {
  for (const param of net.parameters()) param.sub_(param.grad!.mul(learningRate))
})
print('loss after an update by hand', criterion(net(input), target).item())

// An optimizer does the same, and knows better rules too. DataParallel splits each batch over the ranks, of which here
// all but one have nothing to do.
const model = new DataParallel(net)
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
for (let step = 1; step <= Number(args.steps); step++) {
  optimizer.zeroGrad()
  const loss = criterion(model(input), target)
  loss.backward()
  optimizer.step()
  if (step % Number(args.every) === 0) print('step', step, 'loss', loss.item())
}

// What has been learnt is a tensor for each name. It goes into a file, from there into a new network, and both answer
// alike. PyTorch reads the file too: net.load_state_dict(torch.load('lenet.pth')).
save(net.stateDict(), output('lenet.pth'))
const again = new Net()
again.loadStateDict(load(output('lenet.pth')))
assert.deepEqual(again(input).toArray(), net(input).toArray())

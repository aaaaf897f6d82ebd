// The graph that autograd records is made anew by every run of the program, so `if` and loops need nothing special.
// `gradFn` is the node that made a tensor, and `nextFunctions` are those its inputs came from: printed here as a tree,
// from the result down to AccumulateGrad, which stands for a parameter. The text draws the same graphs as pictures,
// and this is the place for them.
import { manualSeed, type Node, randn } from 'dtrain'
import { device, print, xTrain, yTrain } from './setup.ts'

const x = xTrain.float().to(device)
const y = yTrain.float().to(device)

manualSeed(42)
const a = randn(1, { requiresGrad: true, device })
const b = randn(1, { requiresGrad: true, device })

function tree(title: string, root: Node | null): void {
  print(title)
  const visit = (node: Node, depth: number) => {
    print('  '.repeat(depth) + node.name)
    for (const [before] of node.nextFunctions) if (before !== null) visit(before, depth + 1)
  }
  if (root !== null) visit(root, 0)
}

const yhat = a.add(b.mul(x))
const error = y.sub(yhat)
let loss = error.pow(2).mean()

// Two branches reach the sum, a and b * x. The data x are not there: nobody asked for their gradient.
tree('yhat', yhat.gradFn)
tree('loss', loss.gradFn)

// A parameter without gradient leaves the graph.
const constant = randn(1, { device })
tree('yhat without a', constant.add(b.mul(x)).gradFn)

// A loss that makes no sense but a point: the graph is what has run. In a condition a tensor is an object, and so true:
// ask for its number.
if (loss.item() > 0) {
  const error2 = y.sub(b.mul(x))
  loss = loss.add(error2.mean())
}
tree('a loss with a condition', loss.gradFn)
loss.backward()
print(loss.item(), a.grad, b.grad)

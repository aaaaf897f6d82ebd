// The graph that autograd records is made anew by every run of the program, so `if` and loops need nothing special.
// `gradFn` is the node that made a tensor, and `nextFunctions` are those its inputs came from: printed here as a tree,
// from the result down to AccumulateGrad, which stands for a parameter, and drawn by `makeDot` with the result at the
// bottom: green is the result, gray an op, light blue a parameter.
import { manualSeed, type Node, randn } from 'dtrain'
import { makeDot } from 'dtrain/viz'
import { device, draw, print, xTrain, yTrain } from './setup.ts'

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
await draw('graph-yhat.svg', makeDot(yhat))

// The error and the loss go on from there, with one op for each method.
tree('loss', loss.gradFn)
await draw('graph-error.svg', makeDot(error))
await draw('graph-loss.svg', makeDot(loss))

// Names for the parameters, and in orange what ops have kept for their gradients: (error ** 2) its input, b * x the x.
await draw('graph-saved.svg', makeDot(loss, { params: { a, b }, showSaved: true }))

// A parameter without gradient leaves the graph.
const constant = randn(1, { device })
const yhat2 = constant.add(b.mul(x))
tree('yhat without a', yhat2.gradFn)
await draw('graph-without-a.svg', makeDot(yhat2))

// A loss that makes no sense but a point: the graph is what has run. In a condition a tensor is an object, and so true:
// ask for its number.
if (loss.item() > 0) {
  const error2 = y.sub(b.mul(x))
  loss = loss.add(error2.mean())
}
tree('a loss with a condition', loss.gradFn)
await draw('graph-condition.svg', makeDot(loss))
loss.backward()
print(loss.item(), a.grad, b.grad)

// Gradient descent in five steps, as one would write it with NumPy: y = a + b x is fitted to eighty points with
// derivatives that were worked out on paper, and compared with the closed form. Everything that follows replaces one
// of these steps by a part of the library, and ends at the same line.
import { RandomState } from 'dtrain'
import { plot } from 'dtrain/viz'
import { draw, epochs, print, report, xTrain, xVal, yTrain, yVal } from './setup.ts'

// The points, which are pairs of numbers: two plots side by side, in one picture.
const training = [xTrain.flatten(), yTrain.flatten()] as const
const validation = [xVal.flatten(), yVal.flatten()] as const
const axes = { x: 'x', y: 'y', yLim: [0.9, 3.2], width: 300, height: 240 } as const
const left = plot.scatter(training, { title: 'training', ...axes })
const right = plot.scatter(validation, { title: 'validation', ...axes })
await draw('regression-data.svg', plot.subplots([left, right]))
print('first point', xTrain.index(0).item(), yTrain.index(0).item())

// Step 0: a random start. These are the numbers of np.random.seed(42); np.random.randn(1); np.random.randn(1).
const random = new RandomState(42)
const a = random.randn(1)
const b = random.randn(1)
print('start', a.item(), b.item())
const lineOf = () => ({ x: [0, 1], y: [a.item(), a.add(b).item()] }) // through the points at x = 0 and x = 1
const start = lineOf()

const lr = 0.1 // how far each step goes

// All points are used for every update, so an epoch is one step: batch gradient descent.
for (let epoch = 1; epoch <= epochs; epoch++) {
  // Step 1: predictions. JavaScript has no operators for tensors, so a + b * x is written with methods.
  const yhat = a.add(b.mul(xTrain))

  // Step 2: the loss, the mean of squared errors.
  const error = yTrain.sub(yhat)
  const loss = error.pow(2).mean()

  // Step 3: the gradient, one partial derivative for each parameter:
  //   d loss / d a = -2 mean(y - yhat)        d loss / d b = -2 mean(x (y - yhat))
  const aGrad = error.mean().mul(-2)
  const bGrad = xTrain.mul(error).mean().mul(-2)
  if (epoch === 1) print('gradients', aGrad.item(), bGrad.item())

  // Step 4: against the gradient, since the loss should fall. The underscore means: in place, as a -= … in NumPy.
  a.sub_(aGrad.mul(lr))
  b.sub_(bGrad.mul(lr))
  if (epoch === 1) print('after one step', a.item(), b.item())

  // Step 5: again.
  report(epoch, loss.item())
}
print('learnt', a.item(), b.item())

// The best line for one feature has a closed form: slope = covariance / variance, through the point of the means.
const xCentred = xTrain.sub(xTrain.mean())
const yCentred = yTrain.sub(yTrain.mean())
const slope = xCentred.mul(yCentred).mean().div(xCentred.pow(2).mean())
const intercept = yTrain.mean().sub(slope.mul(xTrain.mean()))
print('closed form', intercept.item(), slope.item())

// The line among the points, with the one it started from.
const points = ([x, y]: typeof training) => ({ x, y, style: 'points' }) as const
const series = {
  training: points(training),
  validation: points(validation),
  'at the start': { ...start, style: 'dashed' },
  learnt: lineOf(),
} as const
await draw('regression-fit.svg', plot.line(series, { x: 'x', y: 'y' }))

// What the programs beside this one share: the hundred points that a line is fitted to, drawn as NumPy draws them from
// seed 42; how long to train, where, and how to print. Every program takes
//   npx dtrain examples/regression/04-optimizer.ts --epochs 200 --every 20
import { parseArgs } from 'node:util'
import { cuda, RandomState } from 'dtrain'
import { print } from '../outputs.ts'

export { draw, output, print } from '../outputs.ts'

const random = new RandomState(42) // np.random.seed(42)

// y = a + b x, with a = 1, b = 2 and some noise, in NumPy's float64.
export const x = random.rand(100, 1)
export const y = x.mul(2).add(1).add(random.randn(100, 1).mul(0.1))

// Four fifths of the points, in random order, are for training, and the others to see what it is worth.
const order = random.permutation(100)
const forTraining = order.index(':80')
export const xTrain = x.index(forTraining)
export const yTrain = y.index(forTraining)
const others = order.index('80:')
export const xVal = x.index(others)
export const yVal = y.index(others)

/** GPUs where there are some, or `--emulate` asks for them. */
export const device = cuda.isAvailable() ? 'cuda' : 'cpu'

const { values: args } = parseArgs({
  options: {
    epochs: { type: 'string', default: '1000' },
    every: { type: 'string', default: '100' },
    workers: { type: 'string', default: '0' },
    checkpoint: { type: 'string' },
  },
})
export const epochs = Number(args.epochs)
export const every = Number(args.every)
/** Threads that make batches. */
export const workers = Number(args.workers)
/** The file in which the final program keeps where it is, and from which it goes on. */
export const checkpointFile = args.checkpoint

/** Prints every so many losses. */
export function report(count: number, loss: number, what = 'epoch'): void {
  if (count % every === 0) print(what, count, 'loss', loss)
}

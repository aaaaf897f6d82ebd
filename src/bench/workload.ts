// The built-in workloads of `dtrain bench scaling`: a program as users write them, named by its first argument. The
// batch is the same in each step, so that nothing is loaded. src/bench/peer.py has the same in PyTorch.
import { DistributedDataParallel } from '../distributed/index.ts'
import { type BenchSettings, cuda, nn, optim, randint, randn } from '../index.ts'
import type { WorkloadName } from './scaling/workloads.ts'

const { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } = nn

interface Workload {
  /** Of a sample. */
  input: number[]
  model: () => nn.Sequential
}

const perceptron = (...sizes: number[]): Workload => ({
  input: [sizes[0]!],
  model: () =>
    new Sequential(
      ...sizes.slice(1).flatMap((size, i) => [...(i > 0 ? [new ReLU()] : []), new Linear(sizes[i]!, size)]),
    ),
})

const workloads: Record<WorkloadName, Workload> = {
  mlp: perceptron(784, 128, 64, 10),
  'wide-mlp': perceptron(1024, 2048, 2048, 10),
  lenet: {
    input: [1, 28, 28],
    model: () =>
      new Sequential(
        ...[new Conv2d(1, 6, 5, { padding: 2 }), new ReLU(), new MaxPool2d(2)],
        ...[new Conv2d(6, 16, 5), new ReLU(), new MaxPool2d(2), new Flatten()],
        ...[new Linear(400, 120), new ReLU(), new Linear(120, 84), new ReLU(), new Linear(84, 10)],
      ),
  },
}

export default function makeStep({ batchSize, wrapped }: BenchSettings): () => void {
  const { input, model: make } = workloads[process.argv[2] as WorkloadName]
  const device = cuda.isAvailable() ? 'cuda' : 'cpu'
  const net = make().to(device)
  const model = wrapped ? new DistributedDataParallel(net) : net
  const criterion = new nn.CrossEntropyLoss()
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
  const x = randn(batchSize, ...input).to(device)
  const y = randint(0, 10, [batchSize]).to(device)
  return () => {
    optimizer.zeroGrad()
    criterion(model(x), y).backward()
    optimizer.step()
  }
}

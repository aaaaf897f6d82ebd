// One model on several processes: DataParallel gives each its part of every batch and puts the outputs together.
//   npx dtrain examples/data-parallel.ts
//   npx dtrain --nproc 3 examples/data-parallel.ts
//   npx dtrain --gpus 3 examples/data-parallel.ts            (with --emulate if the machine has none)
// PyTorch's has a thread for each GPU in one process. Here the whole program runs once for each, so what is printed
// outside of the model is left to the first; inside, each prints what it sees. 30 rows are 10 + 10 + 10 on three.
import { cuda, DataLoader, type Dataset, nn, randn, type Tensor } from 'dtrain'
import { DataParallel, getRank, getWorldSize } from 'dtrain/distributed'

const inputSize = 5
const outputSize = 2
const batchSize = 30
const dataSize = 100

/** Random numbers as data: a dataset needs no more than `get` and `length`. */
class RandomDataset implements Dataset<Tensor> {
  readonly data: Tensor

  constructor(
    size: number,
    readonly length: number,
  ) {
    this.data = randn(length, size)
  }

  get(index: number): Tensor {
    return this.data.index(index)
  }
}

const sizeOf = (x: Tensor) => `torch.Size([${x.size().join(', ')}])`

/** A layer, with a look at what goes in and what comes out. */
class Model extends nn.Module {
  fc = new nn.Linear(inputSize, outputSize)

  forward(input: Tensor): Tensor {
    const output = this.fc(input)
    console.log(`\tIn Model: input size ${sizeOf(input)} output size ${sizeOf(output)}`)
    return output
  }
}

// All processes draw the same data and the same order, since their generators start alike.
const loader = new DataLoader(new RandomDataset(inputSize, dataSize), { batchSize, shuffle: true })
const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const first = getRank() === 0
const n = getWorldSize()
if (n > 1 && first) console.log(`Let's use ${n} ${device === 'cuda' ? 'GPUs' : 'processes'}!`)
const model = new DataParallel(new Model().to(device))

for (const data of loader) {
  const input = data.to(device)
  const output = model(input)
  if (first) console.log(`Outside: input size ${sizeOf(input)} output_size ${sizeOf(output)}`)
}

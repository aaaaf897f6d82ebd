// The promise of the library in one file: the same program as in PyTorch, from the same seed, has the same weights to
// the last bit and the same losses, as far as rounding lets them be the same. scripts/golden/train.py is the other
// half; data are random, drawn after the weights.

import { describe, expect, test } from 'vitest'
import { DataLoader, TensorDataset } from '../../src/data/index.ts'
import { arange, flatten, manualSeed, maxPool2d, rand, randint, relu, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { SGD } from '../../src/optim/index.ts'
import { exact } from '../support/case.ts'
import { expectElements, golden } from '../support/golden.ts'

class LeNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 6, 5, { padding: 2 })
  conv2 = new nn.Conv2d(6, 16, 5)
  fc1 = new nn.Linear(400, 120)
  fc2 = new nn.Linear(120, 84)
  fc3 = new nn.Linear(84, 10)

  forward(x: Tensor): Tensor {
    x = maxPool2d(relu(this.conv1(x)), 2)
    x = maxPool2d(relu(this.conv2(x)), 2)
    x = flatten(x, 1)
    x = relu(this.fc1(x))
    x = relu(this.fc2(x))
    return this.fc3(x)
  }
}

function mlp(): nn.Module {
  return new nn.Sequential(
    new nn.Linear(784, 128),
    new nn.ReLU(),
    new nn.Linear(128, 64),
    new nn.ReLU(),
    new nn.Linear(64, 10),
  )
}

interface Fingerprint {
  shape: number[]
  head: number[]
  sum: number
  squares: number
  hash: number
}

/** Sums in float64 taken in order, and FNV-1a over the 32-bit words of the elements. */
function fingerprint(x: Tensor): Fingerprint {
  const data = x.toTypedArray() as Float32Array
  let [sum, squares, hash] = [0, 0, 2166136261]
  for (const value of data) {
    sum += value
    squares += value * value
  }
  for (const word of new Uint32Array(data.buffer, data.byteOffset, data.length)) hash = Math.imul(hash ^ word, 16777619)
  return { shape: [...x.shape], head: [...data.slice(0, 5)], sum, squares, hash: hash >>> 0 }
}

/** One step of training, giving the loss before it. */
function step(model: nn.Module, optimizer: SGD, x: Tensor, y: Tensor): number {
  optimizer.zeroGrad()
  const loss = nn.functional.crossEntropy(model(x), y)
  loss.backward()
  optimizer.step()
  return loss.item()
}

interface Losses {
  /** In float64. */
  losses: number[]
  /** How far PyTorch's float32 is off them at most, when the samples of a batch come in ten orders. */
  off: number
}

/** A processor is another order of summation, so the losses may be off four times as far as those of the ten orders. */
function expectLosses(what: string, got: number[], { losses, off }: Losses): void {
  expectElements(what, got, losses, () => 4 * off)
}

const models = [
  { name: 'lenet', make: () => new LeNet(), shape: [64, 1, 28, 28] },
  { name: 'mlp', make: mlp, shape: [64, 784] },
]
const runs = {
  momentum: { lr: 0.05, momentum: 0.9 },
  'nesterov and weight decay': { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
}

for (const { name, make, shape } of models) {
  const { entries } = golden<unknown>(name)
  describe(name, () => {
    test('the first weights are equal to the last bit', () => {
      manualSeed(42)
      const state = make().stateDict()
      const want = entries.parameters as Record<string, Fingerprint>
      expect(Object.keys(state)).toEqual(Object.keys(want))
      for (const [key, value] of Object.entries(state)) {
        const { head, ...rest } = fingerprint(value)
        const { head: wantHead, ...wantRest } = want[key]!
        expectElements(key, Float32Array.from(head), wantHead, exact)
        expect(rest, key).toEqual(wantRest)
      }
    })

    for (const [run, options] of Object.entries(runs)) {
      test(`ten losses with ${run}`, () => {
        manualSeed(42)
        const model = make()
        const [x, y] = [rand(shape), randint(0, 10, [64])]
        const optimizer = new SGD(model.parameters(), options)
        const losses = Array.from({ length: 10 }, () => step(model, optimizer, x, y))
        expectLosses('losses', losses, entries[run] as Losses)
      })
    }
  })
}

describe('an MLP through a shuffling DataLoader', () => {
  const { entries } = golden<Losses & { order: number[][]; rand: number[] }>('loader')

  test('order, losses, and where the generator is afterwards', () => {
    manualSeed(42)
    const model = mlp()
    const data = new TensorDataset(rand(100, 784), randint(0, 10, [100]), arange(100))
    const batches = new DataLoader(data, { batchSize: 16, shuffle: true })
    const optimizer = new SGD(model.parameters(), { lr: 0.1 })
    for (const epoch of ['epoch 0', 'epoch 1']) {
      const order: number[][] = []
      const losses: number[] = []
      for (const [x, y, i] of batches) {
        losses.push(step(model, optimizer, x!, y!))
        order.push([...i!.toTypedArray()].map(Number))
      }
      expect(order, epoch).toEqual(entries[epoch]!.order)
      expectLosses(`losses of ${epoch}`, losses, entries[epoch]!)
    }
    expectElements('rand afterwards', rand(3).toTypedArray(), entries.after!.rand, exact)
  })
})

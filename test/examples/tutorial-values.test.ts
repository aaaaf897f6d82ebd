// The models that the text of the linear regression calls `dummy` have the weights that it prints, if they are made
// after a hundred epochs of the final program. All other numbers of docs/tutorial-values.md are in what the twins
// print.
import { expect, test } from 'vitest'
import { DataLoader, randomSplit, TensorDataset } from '../../src/data/index.ts'
import { manualSeed, nn, randn, zeros } from '../../src/index.ts'

test('the weights of the models called dummy', () => {
  manualSeed(42)
  const [train, val] = randomSplit(new TensorDataset(zeros(100, 1), zeros(100, 1)), [80, 20])
  const loaders = [new DataLoader(train, { batchSize: 16 }), new DataLoader(val, { batchSize: 20 })]
  new nn.Linear(1, 1)
  for (let epoch = 0; epoch < 100; epoch++) for (const loader of loaders) Array.from(loader)

  expect([String(randn(1)), String(randn(1))]).toEqual(['tensor([2.6584])', 'tensor([1.2004])'])
  const { weight, bias } = new nn.Linear(1, 1)
  expect([String(weight.detach()), String(bias!.detach())]).toEqual(['tensor([[0.4591]])', 'tensor([-0.7359])'])
})

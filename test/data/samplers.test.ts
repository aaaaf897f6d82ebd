// Every sampler from one seed, over two epochs, against PyTorch's orders; and where the default generator is then.
// scripts/golden/data.py has the same table.
import { expect, test } from 'vitest'
import {
  BatchSampler,
  DistributedSampler,
  RandomSampler,
  type Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from '../../src/data/index.ts'
import { ArgumentError, Generator, manualSeed, randint, tensor } from '../../src/index.ts'
import { golden } from '../support/golden.ts'

const numbers = (length: number) => ({ length })
const generator = () => new Generator().manualSeed(7)

const samplers: Record<string, () => Sampler<unknown>> = {
  sequential: () => new SequentialSampler(numbers(5)),
  random: () => new RandomSampler(numbers(10)),
  'random, more than there are': () => new RandomSampler(numbers(5), { numSamples: 12 }),
  'random with replacement': () => new RandomSampler(numbers(5), { replacement: true, numSamples: 40 }),
  'random with a generator': () => new RandomSampler(numbers(10), { generator: generator() }),
  subset: () => new SubsetRandomSampler([3, 1, 4, 1, 5, 9, 2, 6]),
  'subset with a generator': () => new SubsetRandomSampler([10, 20, 30, 40], generator()),
  weighted: () => new WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3, 0.6], 12),
  'weighted without replacement': () =>
    new WeightedRandomSampler([0.9, 0.4, 0.05, 0.2, 0.3, 0.1], 5, { replacement: false }),
  'weighted with a generator': () => new WeightedRandomSampler(tensor([1, 2, 3]), 9, { generator: generator() }),
  batches: () => new BatchSampler(new RandomSampler(numbers(10)), 4, false),
  'batches, rest dropped': () => new BatchSampler(new RandomSampler(numbers(10)), 4, true),
  "a rank's share": () => new DistributedSampler(numbers(10), { numReplicas: 3, rank: 1, seed: 5 }),
}

const { entries } = golden<{ length: number; epochs: unknown[][]; after: number[] }>('samplers')

for (const [name, make] of Object.entries(samplers)) {
  test(name, () => {
    manualSeed(42)
    const sampler = make()
    const found = { length: sampler.length, epochs: [[...sampler], [...sampler]], after: randint(1000, [3]).toArray() }
    expect(found).toEqual(entries[name])
  })
}

test('samplers refuse wrong arguments', () => {
  const not = (value: unknown) => value as never
  const wrong: [call: () => unknown, text: string][] = [
    [
      () => [...new SubsetRandomSampler(not(undefined))],
      'SubsetRandomSampler: expected indices as an array, got undefined',
    ],
    [
      () => new SubsetRandomSampler([1], not({ seed: 3 })),
      "SubsetRandomSampler: unknown option 'seed'; it has generator",
    ],
  ]
  for (const [call, text] of wrong) expect(call).toThrow(new ArgumentError(text))
})

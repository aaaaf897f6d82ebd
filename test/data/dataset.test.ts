// Datasets and how they are split. Expected orders were printed by PyTorch 2.13 from the lines in the comments.
import { expect, test } from 'vitest'
import { DataLoader, defaultCollate, randomSplit, Subset, TensorDataset } from '../../src/data/index.ts'
import { ArgumentError, arange, Generator, manualSeed, zeros } from '../../src/index.ts'

const ten = new TensorDataset(arange(10), arange(20).view(10, 2))

test('TensorDataset gives slices of all its tensors', () => {
  const [x, y] = ten.get(3)
  expect([x!.toArray(), y!.toArray()]).toEqual([3, [6, 7]])
  expect(ten.getBatch([9, 0, 9]).map(part => part.toArray())).toEqual([
    [9, 0, 9],
    [
      [18, 19],
      [0, 1],
      [18, 19],
    ],
  ])
  expect(() => new TensorDataset(zeros(2), zeros(3))).toThrow('Size mismatch between tensors')
})

test('randomSplit by lengths, with the default generator', () => {
  // torch.manual_seed(5); [s.indices for s in random_split(range(10), [7, 3])]
  manualSeed(5)
  expect(randomSplit(ten, [7, 3]).map(part => part.indices)).toEqual([
    [1, 4, 9, 6, 3, 5, 0],
    [2, 8, 7],
  ])
})

test('randomSplit by fractions, with a generator', () => {
  // random_split(range(10), [0.5, 0.5], generator=torch.Generator().manual_seed(42))
  const halves = randomSplit(ten, [0.5, 0.5], { generator: new Generator().manualSeed(42) })
  expect(halves.map(part => part.indices)).toEqual([
    [2, 6, 1, 8, 4],
    [5, 0, 9, 3, 7],
  ])
  // What fractions leave over goes to the first parts.
  expect(randomSplit(ten, [0.35, 0.35, 0.3]).map(part => part.length)).toEqual([4, 3, 3])
  expect(() => randomSplit(ten, [4, 4])).toThrow('Sum of input lengths does not equal the length of the input dataset!')
})

test('a subset of a subset fetches its batches from the tensors', () => {
  const odd = new Subset(ten, [1, 3, 5, 7, 9])
  const nested = new Subset(odd, [4, 0])
  expect(nested.length).toBe(2)
  expect(nested.get(0)[0]!.item()).toBe(9)
  expect(nested.getBatch!([1, 0])[0]!.toArray()).toEqual([1, 9])
})

test('data of a wrong kind are refused', () => {
  const not = (value: unknown) => value as never
  const wrong: [call: () => unknown, text: string][] = [
    [() => new TensorDataset(), 'TensorDataset: expected at least one tensor'],
    [() => new TensorDataset(not([1])), 'TensorDataset: expected a tensor, got an array'],
    [() => new DataLoader(not(undefined)), 'DataLoader: expected a dataset, got undefined'],
    [() => new DataLoader(not([1, 2])), 'DataLoader: expected a dataset, got an array'],
    [() => defaultCollate([null]), 'defaultCollate: cannot make a batch of null; pass your own collateFn'],
  ]
  for (const [call, text] of wrong) expect(call).toThrow(new ArgumentError(text))
})

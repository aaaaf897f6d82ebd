// Embeddings as layers: how the table begins and how it is given, and that no row is drawn for one that is there. What
// bags and lookups compute is tested with the ops.
import { expect, test } from 'vitest'
import { arange, isGradEnabled, manualSeed, nn, noGrad, ones, randn, tensor } from '../../src/index.ts'

const numbers = tensor([[1n, 3n, 3n]])

test('the padding row is zeros at first, and stays so', () => {
  const layer = new nn.Embedding(5, 3, { paddingIdx: -2 })
  expect([layer.paddingIdx, layer.weight.index(3).tolist()]).toEqual([3, [0, 0, 0]])
  layer(numbers).sum().backward()
  expect(layer.weight.grad!.tolist()).toEqual([0, 1, 0, 0, 0].map(one => [one, one, one]))
  expect(() => new nn.Embedding(5, 3, 5)).toThrow('Embedding: paddingIdx 5 is out of range for 5 rows')
})

test('rows that are read are shortened, also while gradients are recorded', () => {
  const layer = new nn.Embedding(2, 4, { maxNorm: 1, weight: ones(2, 4) })
  expect(layer(tensor([0n])).requiresGrad && isGradEnabled()).toBe(true)
  const [first, second] = layer.weight.tolist() as number[][]
  expect(first!.map(x => x.toFixed(4))).toEqual(['0.5000', '0.5000', '0.5000', '0.5000'])
  expect(second).toEqual([1, 1, 1, 1])
})

test('a table that is there', () => {
  const table = randn(5, 3)
  manualSeed(1)
  const next = randn(1).item()
  manualSeed(1)
  const frozen = nn.Embedding.fromPretrained(table)
  expect([frozen.weight.requiresGrad, frozen.numEmbeddings, frozen.embeddingDim]).toEqual([false, 5, 3])
  expect(frozen(numbers).tolist()).toEqual([[1, 3, 3].map(i => table.index(i).tolist())])
  const bag = nn.EmbeddingBag.fromPretrained(table, false, { mode: 'sum' })
  expect([bag.weight.requiresGrad, bag.mode]).toEqual([true, 'sum'])
  expect(randn(1).item()).toBe(next)
  expect(() => nn.Embedding.fromPretrained(ones(3))).toThrow(
    'fromPretrained: expected embeddings of 2 dimensions, got [3]',
  )
  expect(() => new nn.Embedding(2, 2, { weight: ones(2, 3) })).toThrow('Embedding: expected weight [2, 2], got [2, 3]')
})

test('bags by rows, by offsets and with factors', () => {
  const bag = new nn.EmbeddingBag(4, 2, { mode: 'sum', weight: arange(8).view(4, 2).float() })
  expect(bag(numbers).tolist()).toEqual([[14, 17]])
  expect(bag(tensor([1n, 3n, 3n]), tensor([0n, 1n])).tolist()).toEqual([
    [2, 3],
    [12, 14],
  ])
  expect(bag(numbers, { perSampleWeights: tensor([[1, 0, 2]]) }).tolist()).toEqual([[14, 17]])
  expect(() => bag(tensor([1n]))).toThrow('expected an index of 2 dimensions, or of 1 and offsets, got [1]')
})

test('sparse gradients are refused where there would be one', () => {
  const layer = new nn.Embedding(4, 2, { sparse: true })
  expect(() => layer(numbers)).toThrow('embedding: there are no sparse gradients')
  expect(noGrad(() => layer(numbers)).shape).toEqual([1, 3, 2])
})

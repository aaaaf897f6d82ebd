// Orders of samples, equal to PyTorch 2.13's for the same seeds. The expected arrays were printed by the Python lines
// in the comments, with `data = TensorDataset(torch.arange(n))` and `[b[0].tolist() for b in loader]`.
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  BatchSampler,
  DataLoader,
  type Dataset,
  RandomSampler,
  SequentialSampler,
  TensorDataset,
} from '../../src/data/index.ts'
import { arange, cuda, Generator, manualSeed, randint, type Tensor, tensor } from '../../src/index.ts'

const numbers = (n: number) => new TensorDataset(arange(n))
const batches = (loader: Iterable<[Tensor]>) => Array.from(loader, ([x]) => x.toArray())

test('shuffling follows the default generator over several epochs', () => {
  // torch.manual_seed(0); loader = DataLoader(data(10), batch_size=4, shuffle=True); twice; torch.randint(1000, (3,))
  manualSeed(0)
  const loader = new DataLoader(numbers(10), { batchSize: 4, shuffle: true })
  expect(loader.length).toBe(3)
  expect(batches(loader)).toEqual([
    [6, 7, 1, 4],
    [2, 0, 9, 8],
    [3, 5],
  ])
  expect(batches(loader)).toEqual([
    [2, 4, 7, 0],
    [8, 9, 5, 3],
    [6, 1],
  ])
  expect(randint(1000, [3]).toArray()).toEqual([497, 683, 101])
})

test('shuffling follows a given generator, which also pays for a permutation that is not used', () => {
  // g = torch.Generator().manual_seed(7); DataLoader(data(6), batch_size=3, shuffle=True, generator=g); twice
  const generator = new Generator().manualSeed(7)
  const loader = new DataLoader(numbers(6), { batchSize: 3, shuffle: true, generator })
  expect(batches(loader)).toEqual([
    [1, 2, 5],
    [3, 0, 4],
  ])
  expect(batches(loader)).toEqual([
    [2, 1, 4],
    [0, 5, 3],
  ])
  expect(randint(1000, [3], { generator }).toArray()).toEqual([708, 368, 443])
})

test('an epoch draws one number even without shuffling', () => {
  // torch.manual_seed(1); DataLoader(data(7), batch_size=3, drop_last=True); torch.randint(1000, (3,))
  manualSeed(1)
  expect(batches(new DataLoader(numbers(7), { batchSize: 3, dropLast: true }))).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ])
  expect(randint(1000, [3]).toArray()).toEqual([124, 368, 263])
})

test('RandomSampler with replacement and with more samples than there are', () => {
  // torch.manual_seed(3); RandomSampler(range(5), replacement=True, num_samples=40)
  // RandomSampler(range(5), num_samples=12)
  manualSeed(3)
  expect([...new RandomSampler({ length: 5 }, { replacement: true, numSamples: 40 })]).toEqual([
    2, 3, 0, 1, 3, 1, 2, 2, 3, 4, 3, 1, 2, 0, 0, 4, 2, 0, 3, 4, 1, 3, 0, 1, 3, 1, 2, 4, 2, 1, 1, 0, 3, 3, 2, 4, 3, 1, 0,
    4,
  ])
  expect([...new RandomSampler({ length: 5 }, { numSamples: 12 })]).toEqual([1, 4, 3, 0, 2, 2, 3, 4, 1, 0, 2, 4])
})

test('BatchSampler keeps or drops the last batch', () => {
  const order = new SequentialSampler({ length: 5 })
  expect([...new BatchSampler(order, 2, false)]).toEqual([[0, 1], [2, 3], [4]])
  expect([...new BatchSampler(order, 2, true)]).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect([new BatchSampler(order, 2, false).length, new BatchSampler(order, 2, true).length]).toEqual([3, 2])
  expect(() => new BatchSampler(order, 0, true)).toThrow(
    'batchSize should be a positive integer value, but got batchSize=0',
  )
})

test('options that exclude each other are refused', () => {
  const sampler = new SequentialSampler({ length: 3 })
  expect(() => new DataLoader(numbers(3), { sampler, shuffle: true })).toThrow(
    'sampler option is mutually exclusive with shuffle',
  )
  const batchSampler = new BatchSampler(sampler, 2, false)
  expect(() => new DataLoader(numbers(3), { batchSampler, batchSize: 2 })).toThrow(
    'batchSampler option is mutually exclusive with batchSize, shuffle, sampler, and dropLast',
  )
  expect(() => new RandomSampler({ length: 0 })).toThrow(
    'numSamples should be a positive integer value, but got numSamples=0',
  )
})

test('any object with length and get is a dataset, and samples are collated part by part', () => {
  const squares: Dataset<{ x: number; name: string; pair: [Tensor, bigint] }> = {
    length: 3,
    get: i => ({ x: i * i, name: `item ${i}`, pair: [tensor([i, -i]), BigInt(i)] }),
  }
  const [batch] = new DataLoader(squares, 3)
  expect(batch!.x.toArray()).toEqual([0, 1, 4])
  expect(batch!.name).toEqual(['item 0', 'item 1', 'item 2'])
  expect(batch!.pair[0].toArray()).toEqual([
    [0, -0],
    [1, -1],
    [2, -2],
  ])
  expect([batch!.pair[1].dtype, batch!.pair[1].toArray()]).toEqual(['int64', [0, 1, 2]])
})

test('typed arrays are stacked, in their own dtype', () => {
  const arrays: Dataset<[Float32Array, Int8Array]> = {
    length: 2,
    get: i => [Float32Array.of(i, 0.5), Int8Array.of(-i)],
  }
  const [batch] = new DataLoader(arrays, 2)
  const [x, y] = batch as [Tensor, Tensor]
  expect([x.dtype, x.toArray()]).toEqual([
    'float32',
    [
      [0, 0.5],
      [1, 0.5],
    ],
  ])
  expect([y.dtype, y.toArray()]).toEqual(['int8', [[0], [-1]]])
  const bits: Dataset<Uint16Array> = { length: 1, get: () => Uint16Array.of(1) }
  expect(() => [...new DataLoader(bits)]).toThrow('tensor: a Uint16Array holds bits of float16 or bfloat16')
})

test('collateFn can be replaced, and then sees single samples', () => {
  const loader = new DataLoader(numbers(4), { batchSize: 2, collateFn: samples => samples.map(([x]) => x.item()) })
  expect([...loader]).toEqual([
    [0, 1],
    [2, 3],
  ])
})

test('without a CUDA device pinMemory warns, once, and the batches are as without', async ({ skip }) => {
  if (cuda.isAvailable()) skip('there is one')
  const warnings: string[] = []
  const listen = (warning: Error) => warnings.push(warning.message)
  process.on('warning', listen)
  for (let i = 0; i < 2; i++) {
    const [[x]] = [...new DataLoader(numbers(3), { batchSize: 3, pinMemory: true })] as [[Tensor]]
    expect([x.isPinned(), x.toArray()]).toEqual([false, [0, 1, 2]])
  }
  await setImmediate()
  process.off('warning', listen)
  expect(warnings).toEqual([
    "'pinMemory' argument is set as true but no CUDA device is found, then pinned memory won't be used.",
  ])
})

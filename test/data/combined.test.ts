// Datasets made of others, and datasets that are only iterated.
import { expect, expectTypeOf, test } from 'vitest'
import {
  ChainDataset,
  ConcatDataset,
  DataLoader,
  type Dataset,
  type IterableDataset,
  StackDataset,
  TensorDataset,
} from '../../src/data/index.ts'
import { ArgumentError, arange, type Tensor } from '../../src/index.ts'

const letters = (text: string): Dataset<string> => ({ length: text.length, get: i => text[i]! })
const upTo = (n: number): IterableDataset<number> => ({
  length: n,
  *[Symbol.iterator]() {
    for (let i = 0; i < n; i++) yield i
  },
})
const later = (n: number): IterableDataset<number> => ({
  async *[Symbol.asyncIterator]() {
    for (let i = 0; i < n; i++) yield i
  },
})

async function collected<T>(loader: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of loader) all.push(item)
  return all
}

test('ConcatDataset counts through its datasets, from the end too', () => {
  const all = new ConcatDataset([letters('abc'), letters(''), letters('de')])
  expect([all.length, all.cumulativeSizes]).toEqual([5, [3, 3, 5]])
  expect([0, 2, 3, 4, -1, -5].map(i => all.get(i))).toEqual(['a', 'c', 'd', 'e', 'e', 'a'])
  expect(() => all.get(5)).toThrow('ConcatDataset: there is no sample 5 among 5')
  expect(() => all.get(-6)).toThrow('ConcatDataset: there is no sample -6 among 5')
  expect([...new DataLoader(all, 2)]).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})

test('ChainDataset goes through its datasets one after the other', async () => {
  const chain = new ChainDataset([upTo(2), upTo(3)])
  expect([chain.length, [...chain]]).toEqual([5, [0, 1, 0, 1, 2]])
  expect(Array.from(new DataLoader(chain, 2), x => x.toArray())).toEqual([[0, 1], [0, 1], [2]])
  const mixed = new ChainDataset([upTo(2), later(2)])
  expect(await collected(mixed)).toEqual([0, 1, 0, 1])
  expect(() => [...mixed]).toThrow('ChainDataset: a dataset of it is asynchronous: write for await (… of …)')
})

test('StackDataset puts datasets side by side', () => {
  const x = new TensorDataset(arange(3))
  const pairs = new StackDataset(letters('abc'), x)
  expectTypeOf(pairs.get(0)).toEqualTypeOf<[string, [Tensor]]>()
  const [letter, [number]] = pairs.get(1)
  expect([letter, number.item(), pairs.getBatch]).toEqual(['b', 1, undefined])
  const named = new StackDataset({ x, letter: letters('abc') })
  expectTypeOf(named.get(0).letter).toEqualTypeOf<string>()
  expect(named.get(2).letter).toBe('c')
  // All of them can give batches, so it can too.
  const [batch] = new DataLoader(new StackDataset(x, x), 3) as unknown as Iterable<[[Tensor], [Tensor]]>
  expect(batch![1][0].toArray()).toEqual([0, 1, 2])
})

test('an iterable dataset gives batches as long as it has samples', async () => {
  expect(Array.from(new DataLoader(upTo(5), 2), x => x.toArray())).toEqual([[0, 1], [2, 3], [4]])
  const whole = new DataLoader(upTo(5), { batchSize: 2, dropLast: true })
  expect([whole.length, Array.from(whole, x => x.toArray())]).toEqual([
    2,
    [
      [0, 1],
      [2, 3],
    ],
  ])
  expect([...new DataLoader(upTo(2), { batchSize: null })]).toEqual([0, 1])
  const asynchronous = new DataLoader(later(3), 2)
  expect((await collected(asynchronous)).map(x => x.toArray())).toEqual([[0, 1], [2]])
  expect(() => [...asynchronous]).toThrow(
    'DataLoader: the dataset is asynchronous: write for await (const batch of loader)',
  )
})

test('who leaves early lets the dataset clean up', async () => {
  let closed = 0
  const open: IterableDataset<number> = {
    *[Symbol.iterator]() {
      try {
        for (;;) yield 1
      } finally {
        closed++
      }
    },
  }
  for (const _ of new DataLoader(open)) break
  for await (const _ of new DataLoader(open)) break
  expect(closed).toBe(2)
  const later: IterableDataset<number> = {
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) yield 1
      } finally {
        await Promise.resolve()
        closed++
      }
    },
  }
  for await (const _ of new DataLoader(later)) break
  expect(closed).toBe(3)
})

test('combinations that make no sense are refused', () => {
  const not = (value: unknown) => value as never
  const wrong: [call: () => unknown, text: string][] = [
    [() => new ConcatDataset([]), 'ConcatDataset: datasets should not be an empty iterable'],
    [() => new ConcatDataset([not(upTo(2))]), 'ConcatDataset does not support IterableDataset'],
    [() => new ConcatDataset([not(3)]), 'ConcatDataset: expected datasets, got a number'],
    [() => [...new ChainDataset([not(letters('a'))])], 'ChainDataset only supports IterableDataset'],
    [() => new StackDataset(), 'StackDataset: at least one dataset should be passed'],
    [() => new StackDataset(letters('a'), letters('ab')), 'Size mismatch between datasets'],
    [
      () => new DataLoader(upTo(2), { shuffle: true }),
      'DataLoader with an iterable dataset: expected no option shuffle',
    ],
    [
      () => new DataLoader(upTo(2), { batchSampler: not([[0]]) }),
      'DataLoader with an iterable dataset: expected no option batchSampler',
    ],
    [
      () => new DataLoader(letters('ab'), { batchSize: null, dropLast: true }),
      'batchSize: null disables auto-batching and is mutually exclusive with dropLast',
    ],
    [
      () => new DataLoader(letters('ab'), { numWorkers: -1 }),
      'numWorkers should be a non-negative integer value, but got numWorkers=-1',
    ],
    [
      () => new DataLoader(letters('ab'), { timeout: -1, numWorkers: 1 }),
      'timeout should be a non-negative number of seconds, but got timeout=-1',
    ],
    [() => new DataLoader(letters('ab'), { timeout: 1 }), 'timeout option needs numWorkers > 0'],
    [() => new DataLoader(letters('ab'), { prefetchFactor: 3 }), 'prefetchFactor option needs numWorkers > 0'],
    [() => new DataLoader(letters('ab'), { persistentWorkers: true }), 'persistentWorkers option needs numWorkers > 0'],
    [
      () => [...new DataLoader(letters('ab'), { numWorkers: 1 })],
      'DataLoader: batches come from worker threads: write for await (const batch of loader)',
    ],
  ]
  for (const [call, text] of wrong) expect(call).toThrow(new ArgumentError(text))
})

test('single samples come as they are, but for typed arrays', () => {
  const samples: Dataset<[string, Float32Array, { n: number }]> = {
    length: 2,
    get: i => ['ab'[i]!, Float32Array.of(i), { n: i }],
  }
  const [, second] = [...new DataLoader(samples, { batchSize: null })] as unknown as [string, Tensor, { n: number }][]
  expect([second![0], second![1].toArray(), second![2]]).toEqual(['b', [1], { n: 1 }])
  const lengths = new DataLoader(samples, { batchSize: null, collateFn: sample => sample.length })
  expect([...lengths]).toEqual([3, 3])
})

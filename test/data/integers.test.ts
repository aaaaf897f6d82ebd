// Every option of samplers, loaders and datasets that counts something is an integer, and the error names the option.
import { expect, test } from 'vitest'
import {
  BatchSampler,
  DataLoader,
  DistributedSampler,
  RandomSampler,
  randomSplit,
  SequentialSampler,
  Subset,
  TensorDataset,
} from '../../src/data/index.ts'
import { ArgumentError, arange, type DtrainError, IndexError } from '../../src/index.ts'

const not = (value: unknown): never => value as never
const ten = new TensorDataset(arange(10))
const three = { length: 3 }
const order = new SequentialSampler(three)

const positive = (name: string, value: string) => `${name} should be a positive integer value, but got ${name}=${value}`
const integer = (name: string, value: string) => `${name} should be an integer value, but got ${name}=${value}`
const counted = (what: string, value: string) =>
  `length of the ${what} should be a non-negative integer value, but got length of the ${what}=${value}`

const wrong: [call: () => unknown, text: string, error?: new (text: string) => DtrainError][] = [
  [() => new DistributedSampler(three, { numReplicas: 0 }), positive('numReplicas', '0')],
  [() => new DistributedSampler(three, { numReplicas: 1.5 }), positive('numReplicas', '1.5')],
  [() => new DistributedSampler(three, { numReplicas: NaN }), positive('numReplicas', 'NaN')],
  [() => new DistributedSampler(three, { numReplicas: not('2') }), positive('numReplicas', "'2'")],
  [() => new DistributedSampler(three, { numReplicas: 2, rank: 0.5 }), integer('rank', '0.5')],
  [() => new DistributedSampler(three, { numReplicas: 2, rank: NaN }), integer('rank', 'NaN')],
  [() => new DistributedSampler(three, { numReplicas: 2, rank: not('1') }), integer('rank', "'1'")],
  [
    () => new DistributedSampler(three, { numReplicas: 2, rank: -1 }),
    'Invalid rank -1, rank should be in the interval [0, 1]',
  ],
  [() => new DistributedSampler(three, { seed: 0.5 }), integer('seed', '0.5')],
  [() => new DistributedSampler(three).setEpoch(not('1')), integer('epoch', "'1'")],
  [() => new DistributedSampler(not({})), counted('dataset', 'undefined')],
  [() => new BatchSampler(order, 1.5, false), positive('batchSize', '1.5')],
  [() => new BatchSampler(not([0, 1].values()), 2, false).length, counted('sampler', 'undefined')],
  [() => new DataLoader(ten, { batchSize: 1.5 }), positive('batchSize', '1.5')],
  [() => new DataLoader(ten, { batchSize: NaN }), positive('batchSize', 'NaN')],
  [() => new DataLoader(ten, { batchSize: not('3') }), positive('batchSize', "'3'")],
  [() => [...new DataLoader(not({ get: () => 1 }))], counted('dataset', 'undefined')],
  [() => new RandomSampler(three, { numSamples: 2.5 }), positive('numSamples', '2.5')],
  [() => new RandomSampler(three, { numSamples: -1 }), positive('numSamples', '-1')],
  [
    () => [...new RandomSampler({ length: 0 }, { numSamples: 3 })],
    'RandomSampler: 3 samples cannot be drawn from a dataset without any',
  ],
  [() => new RandomSampler(not({ length: 1.5 }), { numSamples: 2 }), counted('dataset', '1.5')],
  [() => [...new SequentialSampler(not({ length: NaN }))], counted('dataset', 'NaN')],
  [
    () => randomSplit(ten, [2.5, 7.5]),
    'length of a part should be a non-negative integer value, but got length of a part=2.5',
  ],
  [
    () => randomSplit(ten, [-1, 11]),
    'length of a part should be a non-negative integer value, but got length of a part=-1',
  ],
  [() => randomSplit(ten, [not(5n), 5]), 'randomSplit: expected lengths as numbers, got a bigint'],
  [() => randomSplit(ten, [not('5'), 5]), 'randomSplit: expected lengths as numbers, got a string'],
  [() => ten.getBatch([0.5]), integer('index', '0.5')],
  [() => ten.getBatch(not([undefined])), integer('index', 'undefined')],
  [() => new Subset(ten, [1, 2]).get(2), 'Subset: there is no sample 2 among 2', IndexError],
  [() => new Subset(ten, [1, 2]).getBatch!([0.5]), 'Subset: there is no sample 0.5 among 2', IndexError],
]

for (const [call, text, error = ArgumentError] of wrong) {
  test(text, () => expect(call).toThrow(new error(text)))
}

// Shares of the ranks, equal to PyTorch 2.13's: `s = DistributedSampler(range(n), replicas, rank, shuffle, seed=2,
// drop_last=...); s.set_epoch(3); list(s)` for every rank.
import { expect, test } from 'vitest'
import { DistributedSampler } from '../../src/data/index.ts'

const cases: [n: number, replicas: number, shuffle: boolean, dropLast: boolean, shares: number[][]][] = [
  [
    10,
    4,
    true,
    false,
    [
      [1, 3, 8],
      [4, 5, 7],
      [9, 0, 1],
      [6, 2, 4],
    ],
  ],
  [
    10,
    4,
    false,
    false,
    [
      [0, 4, 8],
      [1, 5, 9],
      [2, 6, 0],
      [3, 7, 1],
    ],
  ],
  [
    10,
    4,
    false,
    true,
    [
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ],
  ],
  [3, 4, true, false, [[2], [1], [0], [2]]],
  [2, 7, false, false, [[0], [1], [0], [1], [0], [1], [0]]],
  [3, 4, false, true, [[], [], [], []]],
]

for (const [n, numReplicas, shuffle, dropLast, shares] of cases) {
  test(`${n} samples for ${numReplicas} ranks${shuffle ? ', shuffled' : ''}${dropLast ? ', rest dropped' : ''}`, () => {
    const samplers = shares.map((_, rank) => {
      return new DistributedSampler({ length: n }, { numReplicas, rank, shuffle, dropLast, seed: 2 })
    })
    for (const sampler of samplers) sampler.setEpoch(3)
    expect(samplers.map(sampler => [...sampler])).toEqual(shares)
    expect(samplers.map(sampler => sampler.length)).toEqual(shares.map(share => share.length))
  })
}

test('a process on its own is rank 0 of 1', () => {
  const sampler = new DistributedSampler({ length: 3 }, { shuffle: false })
  expect([sampler.numReplicas, sampler.rank, [...sampler]]).toEqual([1, 0, [0, 1, 2]])
  expect(() => new DistributedSampler({ length: 3 }, { numReplicas: 2, rank: 2 })).toThrow(
    'Invalid rank 2, rank should be in the interval [0, 1]',
  )
})

// The duration of an all-reduce against what each topology is by definition.
import { expect, test } from 'vitest'
import { allReduceSeconds, type Cluster, topologies } from '../../src/bench/network.ts'

const link = { bandwidth: 1e9, latency: 1e-3 }
const intraLink = { bandwidth: 4e9, latency: 1e-4 }
const megabytes = 1e6

const seconds = (ranks: number, cluster: Omit<Cluster, 'link'>, bytes = 8 * megabytes) =>
  allReduceSeconds(bytes, ranks, { link, ...cluster })

test.each(topologies)('%s of one rank takes no time', topology => {
  expect(seconds(1, { topology, perHost: 8 })).toBe(0)
})

test('a ring sends 2(n-1)/n of the bytes in 2(n-1) messages', () => {
  expect(seconds(4, { topology: 'ring', perHost: 1 })).toBeCloseTo(1.5 * 8e-3 + 6e-3, 12)
})

test('a ring within a host uses its link', () => {
  expect(seconds(4, { topology: 'ring', perHost: 8, intraLink })).toBeCloseTo((1.5 * 8e-3) / 4 + 6e-4, 12)
})

test('a ring over hosts is as fast as its slowest link, and leaves each host twice', () => {
  // 8 ranks on 2 hosts: 14 messages, of which 4 go between hosts.
  const expected = 1.75 * 8e-3 + 4e-3 + 10e-4
  expect(seconds(8, { topology: 'ring', perHost: 4, intraLink })).toBeCloseTo(expected, 12)
})

test('a tree has the logarithm of the messages', () => {
  expect(seconds(16, { topology: 'tree', perHost: 1 })).toBeCloseTo((30 / 16) * 8e-3 + 2 * 4e-3, 12)
  const expected = (30 / 16) * 8e-3 + 2 * (2 * 1e-3 + 2 * 1e-4)
  expect(seconds(16, { topology: 'tree', perHost: 4, intraLink })).toBeCloseTo(expected, 12)
})

test('rails carry a part of the bytes each', () => {
  const within = (1.5 * 8e-3) / 4 + 6e-4
  const between = 1.5 * 2e-3 + 6e-3
  expect(seconds(16, { topology: 'rail', perHost: 4, intraLink })).toBeCloseTo(within + between, 12)
})

test('without a link within hosts all links are alike', () => {
  for (const topology of topologies) {
    const same = seconds(32, { topology, perHost: 4, intraLink: link })
    expect(seconds(32, { topology, perHost: 4 })).toBe(same)
  }
})

// The simulation against closed forms, and against a step worked out by hand.
import { expect, test } from 'vitest'
import { allReduceSeconds, type Cluster } from '../../src/bench/network.ts'
import { accumulated, local, merged, type Outcome, plain, scaled, simulate } from '../../src/bench/simulate.ts'
import type { Step } from '../../src/bench/step.ts'

const settings = { rounds: 200, seed: 0 }
const cluster: Cluster = { topology: 'ring', link: { bandwidth: 1e9, latency: 1e-5 }, perHost: 1 }
const instant: Cluster = { topology: 'ring', link: { bandwidth: 1e30, latency: 0 }, perHost: 1 }

const megabyte = 1e6
const step = (given: Partial<Step>): Step => ({
  ...{ name: 'test', forward: 0.01, backward: 0.02, optimizer: 0, buckets: [], jitter: { sd: 0 }, ...given },
})
const sum = ({ compute, exposed, waiting }: Outcome) => compute + exposed + waiting

test.each([2, 8, 512])('one bucket at the end of backward, %i ranks: all of it is exposed', ranks => {
  const one = step({ buckets: [{ bytes: 50 * megabyte, ready: 0.02 }], optimizer: 0.003 })
  const ring = allReduceSeconds(50 * megabyte, ranks, cluster)
  const outcome = simulate(plain(one), ranks, cluster, settings)
  expect(outcome.seconds).toBeCloseTo(0.01 + 0.02 + ring + 0.003, 12)
  expect(outcome.exposed).toBeCloseTo(ring, 12)
  expect(outcome.compute).toBeCloseTo(0.033, 12)
  expect(outcome.waiting).toBeCloseTo(0, 12)
})

test('one rank computes only', () => {
  const one = step({ buckets: [{ bytes: 50 * megabyte, ready: 0.02 }], optimizer: 0.003 })
  expect(simulate(plain(one), 1, cluster, settings).seconds).toBeCloseTo(0.033, 12)
})

test('what ends before backward is hidden', () => {
  const hidden = step({ buckets: [{ bytes: 1 * megabyte, ready: 0.001 }] })
  const outcome = simulate(plain(hidden), 4, cluster, settings)
  expect(outcome.seconds).toBeCloseTo(0.03, 12)
  expect(outcome.exposed).toBe(0)
})

test('two buckets: the second waits for the first', () => {
  // On 2 ranks a megabyte takes 1 ms and the ring 0.02 ms. Backward starts at 10 ms and ends at 30 ms.
  //   bucket 0, 20 MB: ready at 14, sent from 14 to 34.02
  //   bucket 1,  5 MB: ready at 30, sent from 34.02 to 39.04
  const two = step({
    ...{ buckets: [20, 5].map((size, i) => ({ bytes: size * megabyte, ready: [0.004, 0.02][i]! })), optimizer: 0.001 },
  })
  const outcome = simulate(plain(two), 2, cluster, settings)
  expect(outcome.seconds).toBeCloseTo(40.04e-3, 12)
  expect(outcome.exposed).toBeCloseTo(9.04e-3, 12)
  expect(outcome.buckets.map(({ exposed }) => exposed)).toEqual([
    expect.closeTo(4.02e-3, 12),
    expect.closeTo(5.02e-3, 12),
  ])
  expect(outcome.from).toBe(0)
})

test('two buckets with a pause between them: the critical path begins with the second', () => {
  const two = step({ buckets: [0.004, 0.02].map(ready => ({ bytes: 5 * megabyte, ready })) })
  const outcome = simulate(plain(two), 2, cluster, settings)
  expect(outcome.seconds).toBeCloseTo(35.02e-3, 12)
  expect(outcome.from).toBe(1)
})

// Of the largest of n normal numbers, the median is ndtri(0.5^(1/n)) and the 95th percentile ndtri(0.95^(1/n)); the
// values are PyTorch's.
test.each([
  [2, 0.5449521, 1.9545083],
  [100, 2.4620378, 3.2834075],
  [1000, 3.1975895, 3.8843975],
])('jitter: %i ranks wait for the slowest', (ranks, median, p95) => {
  const sd = 0.02
  const jittery = step({ buckets: [{ bytes: 1, ready: 0.02 }], jitter: { sd } })
  const outcome = simulate(plain(jittery), ranks, instant, { rounds: 2000, seed: 1 })
  expect(Math.abs((outcome.seconds / 0.03 - 1) / (sd * median) - 1)).toBeLessThan(0.08)
  expect(Math.abs((outcome.p95 / 0.03 - 1) / (sd * p95) - 1)).toBeLessThan(0.08)
  expect(outcome.waiting).toBeCloseTo(outcome.seconds - 0.03, 12)
})

test('jitter of samples: of many ranks one has the worst', () => {
  const samples = [1, 1, 1, 1.5]
  const buckets = [{ bytes: 1, ready: 0.02 }]
  const outcome = simulate(plain(step({ buckets, jitter: { samples } })), 64, instant, settings)
  expect(outcome.seconds).toBeCloseTo(0.045, 12)
})

test('the parts of a step are its duration', () => {
  const buckets = [0.002, 0.01, 0.02].map(ready => ({ bytes: 12 * megabyte, ready }))
  for (const ranks of [1, 2, 16, 128]) {
    const outcome = simulate(plain(step({ buckets, jitter: { sd: 0.05 }, optimizer: 0.002 })), ranks, cluster, settings)
    expect(sum(outcome)).toBeCloseTo(outcome.seconds, 12)
    const exposed = outcome.buckets.reduce((all, bucket) => all + bucket.exposed, 0)
    expect(exposed).toBeCloseTo(outcome.exposed, 12)
  }
})

const busy = step({ buckets: [0.002, 0.01, 0.02].map(ready => ({ bytes: 8 * megabyte, ready })), jitter: { sd: 0.03 } })
const seconds = (given: Step, ranks = 64, on = cluster) => simulate(plain(given), ranks, on, settings).seconds

test('more ranks, more bytes and more jitter take longer; more bandwidth takes less', () => {
  const byRanks = [2, 4, 8, 64, 512].map(ranks => seconds(busy, ranks))
  expect(byRanks).toEqual(byRanks.toSorted((a, b) => a - b))
  const byBytes = [0.5, 1, 2, 4].map(factor => seconds(scaled(busy, factor)))
  expect(byBytes).toEqual(byBytes.toSorted((a, b) => a - b))
  const byJitter = [0, 0.01, 0.05, 0.2].map(sd => seconds({ ...busy, jitter: { sd } }))
  expect(byJitter).toEqual(byJitter.toSorted((a, b) => a - b))
  const byBandwidth = [8e9, 4e9, 1e9].map(bandwidth =>
    seconds(busy, 64, { ...cluster, link: { bandwidth, latency: 0 } }),
  )
  expect(byBandwidth).toEqual(byBandwidth.toSorted((a, b) => a - b))
})

test('the seed decides', () => {
  const run = (seed: number) => simulate(plain(busy), 64, cluster, { rounds: 50, seed })
  expect(run(3)).toEqual(run(3))
  expect(run(3).seconds).not.toBe(run(4).seconds)
})

const exposedStep = step({ buckets: [{ bytes: 50 * megabyte, ready: 0.02 }], optimizer: 0.005 })
const ringOf8 = allReduceSeconds(50 * megabyte, 8, cluster)

test('gradients of four batches: one all-reduce and one optimizer step', () => {
  const outcome = simulate(accumulated(exposedStep, 4), 8, cluster, settings)
  expect(outcome.seconds).toBeCloseTo(4 * 0.03 + ringOf8 + 0.005, 12)
  expect(outcome.compute).toBeCloseTo(0.125, 12)
})

test('local steps: one all-reduce after all of them, which nothing hides', () => {
  const outcome = simulate(local(exposedStep, 100), 8, cluster, settings)
  expect(outcome.seconds).toBeCloseTo(100 * 0.035 + ringOf8, 12)
  expect(outcome.exposed).toBeCloseTo(ringOf8, 12)
})

test('larger buckets are ready when their last part is', () => {
  const buckets = [1, 2, 3].map(n => ({ bytes: n, ready: n / 1000 }))
  expect(merged(step({ buckets }), 2).buckets).toEqual([
    { bytes: 3, ready: 0.002 },
    { bytes: 3, ready: 0.003 },
  ])
})

test('4096 ranks with jitter take less than five seconds', () => {
  const begin = performance.now()
  simulate(plain(busy), 4096, cluster, settings)
  expect(performance.now() - begin).toBeLessThan(5000)
})

// What failures cost, against failures that are drawn.
import { expect, test } from 'vitest'
import { bestInterval, usefulShare } from '../../src/bench/failures.ts'
import { Mt19937 } from '../../src/random/mt19937.ts'

const hour = 3600

test('without failures only checkpoints cost', () => {
  expect(usefulShare(1, { mtbf: 1e15, interval: 900, cost: 100, restart: 60 })).toBeCloseTo(0.9, 6)
})

test('failures that are drawn cost the same', () => {
  const failures = { mtbf: 4000 * hour, interval: hour, cost: 60, restart: 600 }
  const ranks = 1000
  const random = new Mt19937()
  random.seed(0)
  let time = 0
  const stretches = 20_000
  for (let done = 0; done < stretches; ) {
    const failure = (-Math.log(1 - random.double()) * failures.mtbf) / ranks
    const stretch = failures.interval + failures.cost
    time += failure < stretch ? failure + failures.restart : stretch
    if (failure >= stretch) done++
  }
  expect(usefulShare(ranks, failures)).toBeCloseTo((stretches * failures.interval) / time, 2)
})

test('no interval loses less than about the best', () => {
  const failures = { mtbf: 5000 * hour, interval: hour, cost: 20, restart: 300 }
  const best = bestInterval(512, failures)
  const at = (interval: number) => usefulShare(512, { ...failures, interval })
  for (const factor of [0.5, 0.7, 1.5, 2]) expect(at(factor * best)).toBeLessThan(at(best))
})

test('a job that fails faster than it checkpoints gets nowhere', () => {
  expect(usefulShare(65536, { mtbf: hour, interval: 24 * hour, cost: 0, restart: 0 })).toBe(0)
})

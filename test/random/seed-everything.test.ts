// One seed for all random numbers. `Math.random` is compared with Python's random.random(), whose stream NumPy has
// after the seed [42].
import { afterEach, expect, test } from 'vitest'
import { ArgumentError, manualSeed, rand, seedEverything } from '../../src/index.ts'
import { golden } from '../support/golden.ts'

const original = Math.random
afterEach(() => {
  Math.random = original
})

test('it seeds generators and Math.random, and returns the seed', () => {
  manualSeed(42)
  const drawn = rand(5).toArray()
  expect(seedEverything(42)).toBe(42)
  expect(rand(5).toArray()).toEqual(drawn)
  const { steps } = golden<{ steps: { op: string; result: { data: number[] } }[] }>('numpy-random').entries[
    'seed [42]'
  ]!
  expect(steps[0]!.op).toBe('rand')
  const pythons = [0.6394267984578837, 0.025010755222666936] // random.seed(42); random.random(), random.random()
  expect(steps[0]!.result.data.slice(0, 2)).toEqual(pythons)
  expect(steps[0]!.result.data.map(() => Math.random())).toEqual(steps[0]!.result.data)
})

test('a seed that not all generators can have is refused', () => {
  for (const seed of [-1, 2 ** 32, 0.5]) expect(() => seedEverything(seed)).toThrow(ArgumentError)
  expect(Math.random).toBe(original)
})

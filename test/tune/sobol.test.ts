// Sobol's sequence against PyTorch's, and what scrambling must keep: in each elementary interval there is one point.
import { expect, test } from 'vitest'
import { RandomState } from '../../src/random/random-state.ts'
import { mostDimensions, Sobol } from '../../src/tune/sobol.ts'
import { golden } from '../support/golden.ts'

const { entries: words } = golden<number[]>('sobol')

test('without a scrambler all points are those of torch.quasirandom.SobolEngine', () => {
  const sequence = new Sobol(mostDimensions)
  expect(mostDimensions).toBe(64)
  for (const [number, theirs] of Object.entries(words)) {
    expect(sequence.point(Number(number)).map(place => place * 2 ** 30)).toEqual(theirs)
  }
})

test.each([1, 2, 3])('scrambled by seed %i each part of every dimension has one point', seed => {
  const sequence = new Sobol(40, new RandomState(seed))
  const drawn = Array.from({ length: 64 }, (_, i) => sequence.point(i))
  for (let i = 0; i < 40; i++) {
    expect(drawn.map(point => Math.floor(64 * point[i]!)).sort((a, b) => a - b)).toEqual([...Array(64).keys()])
  }
  // The first two dimensions are a (0, 6, 2)-net: so it is for boxes of all shapes.
  for (let columns = 1; columns <= 64; columns *= 2) {
    const box = ([x, y]: number[]) => Math.floor(columns * x!) + columns * Math.floor((64 / columns) * y!)
    expect(new Set(drawn.map(box)).size).toBe(64)
  }
})

test('the seed decides', () => {
  const first = (seed: number) => new Sobol(3, new RandomState(seed)).point(0)
  expect(first(1)).toEqual(first(1))
  expect(first(1)).not.toEqual(first(2))
})

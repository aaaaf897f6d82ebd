// `benchStep` where nobody measures.

import { expect, test } from 'vitest'
import { benchStep } from '../../src/index.ts'

test('calls its function, and returns what that does', async () => {
  expect(benchStep(() => 3)).toBe(3)
  await expect(benchStep(async () => 'later')).resolves.toBe('later')
  const fail = () => {
    throw new RangeError('no')
  }
  expect(() => benchStep(fail)).toThrow('no')
})

test('anything else is refused', () => {
  expect(() => benchStep(3 as never)).toThrow('benchStep: expected a function, got a number')
  expect(() => (benchStep as (...args: unknown[]) => void)(() => 1, 2)).toThrow('benchStep: expected at most 1')
})

// What a program sees of CUDA where there is none: everything can be asked, and what cannot be done says why.

import { beforeEach, describe, expect, test } from 'vitest'
import { cuda, ones, zeros } from '../../src/index.ts'
import { native } from '../../src/native/load.ts'

describe('without a CUDA device', () => {
  beforeEach(({ skip }) => {
    if (native.cudaDeviceCount() > 0) skip('there is one')
  })

  test('it is not available, and why is a sentence', () => {
    expect([cuda.isAvailable(), cuda.deviceCount()]).toEqual([false, 0])
    expect(cuda.whyUnavailable()).toMatch(/CUDA|driver/)
  })

  const calls: [string, () => unknown][] = [
    ['a tensor on it', () => zeros(2, { device: 'cuda' })],
    ['moving', () => ones(2).to('cuda')],
    ['its name', () => cuda.deviceName()],
    ['its memory', () => cuda.memoryStats()],
    ['a stream', () => new cuda.Stream()],
    ['waiting', () => cuda.synchronize()],
    ['pinned memory', () => ones(2).pinMemory()],
  ]
  for (const [name, call] of calls) {
    test(`${name} is refused with the way out`, () => {
      expect(call).toThrow(/^\w+: device cuda:0: .*use the CPU/)
    })
  }
})

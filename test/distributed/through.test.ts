// Gradients that flow through DataParallel are those of one process, whatever stands before, between and after.
import { describe, expect, test } from 'vitest'
import { type DeviceName, requireDevice, runOn } from './devices.ts'

describe.each<[DeviceName, number[]]>([
  ['cpu', [1, 2, 3]],
  ['cuda', [1, 3]],
])('on %s', (device, counts) => {
  test.for(counts)('%i ranks have the gradients of one process', async (ranks, context) => {
    requireDevice(device, ranks, context)
    const result = await runOn(device, ranks, ['test/distributed/fixtures/through.ts', device], {
      limitMs: 60_000,
      env: { OMP_NUM_THREADS: '1', DTRAIN_EMULATION: 'order=shuffle,jitter=100us,protect=1' },
    })
    expect(result.stderr).toBe('')
    expect(result.stdout).toMatch(/\d+ cases, 0 failed\n$/)
    expect(result.code).toBe(0)
  })
})

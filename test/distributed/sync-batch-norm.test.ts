// SyncBatchNorm over real ranks, on the CPU and on GPUs; the checks themselves are in the fixture, on every rank.
import { describe, expect, test } from 'vitest'
import { devices, requireDevice, runOn } from './devices.ts'

describe.each(devices)('on %s', device => {
  const counts = device === 'cpu' ? [1, 2, 3] : [2]
  test.for(counts)('%i ranks normalize as one does', async (ranks, context) => {
    requireDevice(device, ranks, context)
    const result = await runOn(device, ranks, ['test/distributed/fixtures/sync-batch-norm.ts', device], {
      env: { OMP_NUM_THREADS: '1' },
    })
    const stdout = ['ok\n', '[0,1] ok\n', '[0-2] ok\n'][ranks - 1]
    const { code, stderr, leftovers } = result
    expect({ code, stdout: result.stdout, stderr }).toEqual({ code: 0, stdout, stderr: '' })
    expect(leftovers).toEqual({ processes: [], files: [] })
  })
})

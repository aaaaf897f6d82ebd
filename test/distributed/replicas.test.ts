// The promise of the project: N ranks, on CPUs or on GPUs, give the loss of one CPU process at every step, whatever the
// batch sizes. The GPUs are emulated with delays, and threads and blocks in a random order.
import { beforeAll, describe, expect, test } from 'vitest'
import { type DeviceName, requireDevice, runOn } from './devices.ts'

interface Run {
  losses: number[]
  equal: boolean
  buckets: number
}

async function train(device: DeviceName, ranks: number, ...args: string[]): Promise<Run[]> {
  const { code, stdout, stderr, leftovers } = await runOn(
    device,
    ranks,
    ['--ranks', '0', 'test/distributed/fixtures/train.ts', '--device', device, ...args],
    { limitMs: 60_000, env: { OMP_NUM_THREADS: '1', DTRAIN_EMULATION: 'order=shuffle,jitter=100us,protect=1' } },
  )
  expect({ code, stderr, leftovers }).toEqual({ code: 0, stderr: '', leftovers: { processes: [], files: [] } })
  return JSON.parse(stdout.replace(/^\[0\] /, ''))
}

function expectSameLosses(got: number[], want: number[]): void {
  expect(got.length).toBe(want.length)
  got.forEach((loss, step) => {
    expect(
      Math.abs(loss - want[step]!) / Math.abs(want[step]!),
      `step ${step}: ${loss} and ${want[step]}`,
    ).toBeLessThan(1e-5)
  })
}

describe('DataParallel and DistributedDataParallel', () => {
  const both = ['--wrapper', 'DataParallel', '--wrapper', 'DistributedDataParallel']
  let ones: Run[]
  beforeAll(async () => {
    ones = await train('cpu', 1, ...both)
  })

  test('one rank learns', () => {
    expect(ones.map(({ losses }) => losses.length)).toEqual([16, 12])
    for (const { losses, buckets } of ones) {
      expect(losses.at(-2)).toBeLessThan(losses[0]! * 0.95)
      expect(buckets).toBe(0)
    }
  })

  // Emulated GPUs take half of the epochs: each of them ends with a batch of two rows.
  describe.each<[DeviceName, number[], epochs: number]>([
    ['cpu', [2, 3, 4], 4],
    ['cuda', [1, 2, 3, 4], 2],
  ])('on %s', (device, counts, epochs) => {
    function expectLosses(many: Run[]): void {
      expect(many.length).toBe(ones.length)
      for (const [i, { losses, equal }] of many.entries()) {
        const wanted = ones[i]!.losses
        expectSameLosses(losses, wanted.slice(0, (wanted.length * epochs) / 4))
        expect(equal).toBe(true)
      }
    }

    test.for(counts)('%i ranks have the losses of one', async (ranks, context) => {
      requireDevice(device, ranks, context)
      expectLosses(await train(device, ranks, ...both, '--epochs', String(epochs)))
    })

    test('small buckets change nothing', async context => {
      requireDevice(device, 3, context)
      const many = await train(device, 3, ...both, '--epochs', String(epochs), '--bucket', '0.0001')
      expectLosses(many)
      for (const { buckets } of many) expect(buckets).toBeGreaterThan(4)
    })
  })
})

test.for<[DeviceName, rows: number, compared: number]>([
  ['cpu', 1, 100],
  ['cuda', 2, 50],
])('on %s, batches of %i rows on three ranks, and repeated runs agree to the last bit', async (given, context) => {
  const [device, rows, compared] = given
  requireDevice(device, 3, context)
  const args = ['--rows', String(rows), '--epochs', '1']
  const [[one], [many], [again]] = [
    await train('cpu', 1, ...args),
    await train(device, 3, ...args),
    await train(device, 3, ...args),
  ]
  expectSameLosses(many!.losses.slice(0, compared), one!.losses.slice(0, compared))
  expect(again!.losses).toEqual(many!.losses)
})

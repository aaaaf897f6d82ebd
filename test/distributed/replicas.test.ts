// The promise of the project: N ranks give the loss of one process at every step, whatever the batch sizes.
import { beforeAll, describe, expect, test } from 'vitest'
import { runDtrain } from '../support/run-dtrain.ts'

interface Run {
  losses: number[]
  equal: boolean
  buckets: number
}

async function train(nproc: number, ...args: string[]): Promise<Run> {
  const { code, stdout, stderr, leftovers } = await runDtrain(
    ['--nproc', String(nproc), '--ranks', '0', 'test/distributed/fixtures/train.ts', ...args],
    { limitMs: 60_000, env: { OMP_NUM_THREADS: '1' } },
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

for (const wrapper of ['DataParallel', 'DistributedDataParallel']) {
  describe(wrapper, () => {
    let one: Run
    beforeAll(async () => {
      one = await train(1, '--wrapper', wrapper)
    })

    test('one rank learns', () => {
      expect(one.losses.length).toBe(wrapper === 'DataParallel' ? 16 : 12)
      expect(one.losses.at(-2)).toBeLessThan(one.losses[0]! * 0.9)
      expect(one.buckets).toBe(0)
    })

    test.each([2, 3, 4])('%i ranks have the losses of one', async nproc => {
      const many = await train(nproc, '--wrapper', wrapper)
      expectSameLosses(many.losses, one.losses)
      expect(many.equal).toBe(true)
    })

    test('small buckets change nothing', async () => {
      const many = await train(3, '--wrapper', wrapper, '--bucket', '0.0001')
      expectSameLosses(many.losses, one.losses)
      expect(many.buckets).toBeGreaterThan(4)
    })
  })
}

test('batches of one row on three ranks, and repeated runs agree to the last bit', async () => {
  const [one, many, again] = [
    await train(1, '--rows', '1'),
    await train(3, '--rows', '1'),
    await train(3, '--rows', '1'),
  ]
  expectSameLosses(many.losses.slice(0, 100), one.losses.slice(0, 100))
  expect(again.losses).toEqual(many.losses)
})

// The final program of the regression is killed at some moment and started again: every loss that it prints is that of
// a training in one go, to the last digit.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startDtrain } from '../support/run-dtrain.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const scratch = mkdtempSync(join(tmpdir(), 'dtrain-resumed-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const epochs = 40
/** Whole lines: a killed program may have printed half of one. */
const losses = (printed: string) => printed.match(/epoch .*\n/g) ?? []

function start(ranks: number, ...options: string[]) {
  const program = ['examples/regression/09-final.ts', '--epochs', String(epochs), '--every', '1']
  return startDtrain(['--nproc', String(ranks), ...program, ...options], { env: { PICTURES: 'none' }, limitMs: 60_000 })
}

describe.each([1, 2])('%d ranks', ranks => {
  let wanted: string[]
  beforeAll(async () => {
    wanted = losses((await start(ranks).done).stdout)
    expect(wanted.length).toBe(epochs)
  })

  test.each([0, 4])('%d workers', async workers => {
    const options = ['--workers', String(workers), '--checkpoint', join(scratch, `${ranks}-${workers}.pth`)]
    const first = start(ranks, ...options)
    await first.printed(`epoch ${5 + Math.floor(Math.random() * 30)} `)
    first.launcher.kill('SIGKILL')
    const before = losses((await first.done).stdout)
    const { stdout, stderr, code } = await start(ranks, ...options).done
    const after = losses(stdout)
    expect([code, after.length], stderr).toEqual([0, expect.toSatisfy((n: number) => n > 0 && n < epochs)])
    expect(before).toEqual(wanted.slice(0, before.length))
    expect(after).toEqual(wanted.slice(-after.length))
  })
})

// A rank that fails while its peers wait for it in a collective: one clear message, the right exit code, within two
// seconds, and nothing left behind.
import { expect, test } from 'vitest'
import { runDtrain } from '../support/run-dtrain.ts'

interface Expected {
  code: number
  message: RegExp
  args?: string[]
  /** Seconds from the last rank's start to the end. */
  within?: number
}

const failures: Record<string, Expected> = {
  throw: { code: 1, message: /^dtrain: rank 1 failed: RangeError: no such digit\n {4}at .*fail\.ts:9:\d+/ },
  kill: { code: 137, message: /^dtrain: rank 1 was killed by SIGKILL/ },
  exit: { code: 7, message: /^dtrain: rank 1 exited with code 7/ },
  leave: { code: 1, message: /rank 1 has ended while rank \d waits for it in allReduce #\d+ sum float32 x 100000/ },
  stall: {
    code: 1,
    message: /timed out after 1 s: no sign of rank 1 \(rank 1 was last in barrier/,
    args: ['--timeout', '1'],
    within: 3.5,
  },
  mismatch: {
    code: 1,
    message:
      /do not call the same collective: rank 0 calls allReduce #\d+ sum float32 x 100000, rank 1 calls barrier #\d+/,
  },
}

test.each(Object.entries(failures))('%s', async (how, { code, message, args = [], within = 2 }) => {
  const run = await runDtrain(['--nproc', '3', ...args, 'test/distributed/fixtures/fail.ts', how])
  const ended = Date.now()
  expect(run.stderr).toMatch(message)
  expect({ code: run.code, leftovers: run.leftovers }).toEqual({ code, leftovers: { processes: [], files: [] } })
  const starts = [...run.stdout.matchAll(/start (\d+)/g)].map(match => Number(match[1]))
  expect(starts.length).toBeGreaterThan(0)
  expect(ended - Math.max(...starts)).toBeLessThan(within * 1000)
  expect(run.stderr.match(/^dtrain: rank/gm)?.length).toBe(1)
})

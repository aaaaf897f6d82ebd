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
  throw: { code: 1, message: /^dtrain: rank 1 failed: RangeError: no such digit\n {4}at .*fail\.ts:10:\d+/ },
  kill: { code: 137, message: /^dtrain: rank 1 was killed by SIGKILL/ },
  exit: { code: 7, message: /^dtrain: rank 1 exited with code 7/ },
  absent: {
    code: 1,
    message: /rank 1 has ended while rank \d waits for it in initProcessGroup/,
  },
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

const mistakes: Record<string, RegExp> = {
  shape: /ShapeError: linear: input \[3, 5\] has 5 features, weight \[2, 4\] expects 4\n/,
  dtype: /DTypeError: crossEntropy: expected class indices of dtype int64 \(or uint8\) as target, got float32/,
  rows: /ShapeError: DataParallel: a 0-d tensor cannot be split along dim 0/,
  operator: /ArgumentError: JavaScript operators do not work on tensors: use a\.add\(b\)/,
  scalar: /ShapeError: DataParallel: the model returned a 0-d tensor/,
}

test.each(Object.entries(mistakes))('wrong %s: one message with the line of the script', async (what, message) => {
  const { code, stderr, ms, leftovers } = await runDtrain([
    '--nproc',
    '2',
    'test/distributed/fixtures/mistake.ts',
    what,
  ])
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(/mistake\.ts:\d+:\d+/)
  expect(stderr.match(/Error: /g)?.length).toBe(1)
  expect({ code, leftovers }).toEqual({ code: 1, leftovers: { processes: [], files: [] } })
  expect(ms).toBeLessThan(5000)
})

test.each(Object.entries(failures))('%s', async (how, { code, message, args = [], within = 2 }) => {
  const run = await runDtrain(['--nproc', '3', ...args, 'test/distributed/fixtures/fail.ts', how])
  const ended = Date.now()
  expect(run.stderr).toMatch(message)
  expect({ code: run.code, leftovers: run.leftovers }).toEqual({ code, leftovers: { processes: [], files: [] } })
  const starts = [...run.stdout.matchAll(/start (\d+)/g)].map(match => Number(match[1]))
  if (how !== 'absent') expect(starts.length).toBeGreaterThan(0)
  expect(ended - Math.max(...starts, ended - run.ms)).toBeLessThan(within * 1000)
  expect(run.stderr.match(/^dtrain: rank/gm)?.length).toBe(1)
})

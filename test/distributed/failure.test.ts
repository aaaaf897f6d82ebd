// A rank that fails while its peers wait for it in a collective, on CPUs and on GPUs: one clear message, the right exit
// code, within two seconds (or the time limit, where the rank is only late), and nothing left behind.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { statOf } from '../../src/proc.ts'
import { real, requireEmulation } from '../support/gpus.ts'
import { processesWith, type Result, runDtrain, sleep, startDtrain } from '../support/run-dtrain.ts'
import { devices, ranksOn, requireDevice, runOn } from './devices.ts'

interface Expected {
  code: number
  message: RegExp
  args?: string[]
  /** DTRAIN_EMULATION_FAULT */
  fault?: string
  /** Seconds from the last sign of life to the end. */
  within?: number
}

const failures: Record<string, Expected> = {
  throw: { code: 1, message: /^dtrain: rank 1 failed: RangeError: no such digit\n {4}at .*fail\.ts:21:\d+/ },
  kill: { code: 137, message: /^dtrain: rank 1 was killed by SIGKILL/ },
  exit: { code: 7, message: /^dtrain: rank 1 exited with code 7/ },
  absent: {
    code: 1,
    message:
      /^dtrain: rank 1 made rank \d fail: \w+Error: .*rank 1 has ended while rank \d waits for it in initProcessGroup/,
  },
  leave: {
    code: 1,
    message:
      /^dtrain: rank 1 made rank \d fail: \w+Error: .*rank 1 has ended while rank \d waits for it in allReduce #\d+ sum float32 \[100000\]/,
  },
  stall: {
    code: 1,
    message:
      /^dtrain: rank 1 made rank \d fail: \w+Error: .*allReduce #(\d+) sum float32 \[100000\]( on cuda)? timed out after 2 s: no sign of rank 1 \(rank 1 was last in allReduce #\d+ sum float32 \[1?\]( on cuda)?\)/,
    args: ['--timeout', '2'], // ranks may start at moments as far apart
    within: 4.5,
  },
  mismatch: {
    code: 1,
    message:
      /do not call the same collective: rank [02] calls allReduce #\d+ sum float32 \[100000\]( on cuda)?, rank 1 calls barrier #\d+|rank 1 calls barrier #\d+, rank 2 calls allReduce #\d+ sum float32 \[100000\]( on cuda)?/,
  },
}

const faults: Record<string, Expected> = {
  'out of memory': {
    code: 1,
    message: /^dtrain: rank 1 failed: OutOfMemoryError: \w+: out of memory on cuda:0: \d+ bytes wanted/,
    fault: 'malloc rank=1 after=20',
  },
  'an error of NCCL': {
    code: 1,
    message:
      /^dtrain: rank 2 failed: DistributedError: distributed: rank 2: allReduce #\d+ mean float32 \[\d+\] of bucket \d on cuda: NCCL: unhandled system error.*: Error while creating shared memory segment/,
    fault: 'nccl rank=2 after=20',
  },
  'a kernel that cannot be launched': {
    code: 1,
    message: /^dtrain: rank 0 failed: \w+Error: .*(CUDA: .*(launch|kernel)|Cuda failure '.*launch failure)/,
    // This launch is one of our kernels; cuBLASLt would say in its own words that it could not.
    fault: 'launch rank=0 after=198',
  },
  kill: { code: 137, message: /^dtrain: rank 3 was killed by SIGKILL/ },
  'a GPU that hangs': {
    code: 1,
    message:
      /DistributedError: distributed: allReduce #\d+ (sum float64 \[1?\]|mean float32 \[\d+\] of bucket \d) on cuda timed out after 2 s: the GPUs of all ranks are in it, and it does not end/,
    args: ['--timeout', '2'],
    fault: 'stall rank=0 after=20',
    within: 4,
  },
  busy: {
    code: 1,
    message:
      /DistributedError: distributed: allReduce #\d+ sum float64 \[1?\] on cuda timed out after 2 s: no sign of rank 0 \(rank 0 was last in allReduce #\d+ mean float32 \[\d+\] of bucket \d on cuda\)/,
    args: ['--timeout', '2'],
    within: 4,
  },
}

function expectEnd(run: Result, ended: number, sign: RegExp, expected: Expected): void {
  const { code, message, within = real > 0 ? 10 : 2 } = expected
  expect(run.stderr).toMatch(message)
  expect({ code: run.code, leftovers: run.leftovers }).toEqual({ code, leftovers: { processes: [], files: [] } })
  expect(run.stderr.match(/^dtrain: rank/gm)?.length).toBe(1)
  const signs = [...run.stdout.matchAll(sign)].map(match => Number(match[1]))
  expect(ended - Math.max(...signs, ended - run.ms)).toBeLessThan(within * 1000)
}

/** A job that does nothing for ten seconds, while the other tests run. */
let silence: Promise<{ run: Result; ended: number }>
beforeAll(() => {
  const job = runDtrain(['--nproc', '2', 'test/distributed/fixtures/fail.ts', 'silence'])
  silence = job.then(run => ({ run, ended: Date.now() }))
})

describe.each(devices)('on %s', device => {
  beforeEach(context => requireDevice(device, 3, context))

  test.each(Object.entries(failures))('%s', async (how, expected) => {
    const run = await runOn(device, 3, [...(expected.args ?? []), 'test/distributed/fixtures/fail.ts', how, device])
    expectEnd(run, Date.now(), /start (\d+)/g, expected)
    expect(run.stdout).toContain('start')
  })

  test('kill -9 of the launcher and its guard leaves no rank, though all of them are busy or wait', async () => {
    const job = startDtrain([...ranksOn(device, 3), '--no-fold', 'test/distributed/fixtures/fail.ts', 'stall', device])
    for (const rank of [0, 1, 2]) await job.printed(`[${rank}] start`)
    while (job.files().length > 0) await sleep(10) // the launcher has nothing more to remove
    const guards = processesWith('dtrain-guard').map(line => Number.parseInt(line, 10))
    const guard = guards.find(pid => parentOf(pid) === job.launcher.pid)!
    process.kill(guard, 'SIGKILL')
    job.launcher.kill('SIGKILL')
    const { code, leftovers } = await job.done
    expect({ code, leftovers }).toEqual({ code: 137, leftovers: { processes: [], files: [] } })
  })
})

const parentOf = (pid: number) => Number(statOf(pid)[1])

describe('on four GPUs that train', () => {
  beforeEach(context => requireDevice('cuda', 4, context))

  test.for(Object.entries(faults))('%s', async ([how, expected], context) => {
    if (expected.fault) requireEmulation(context)
    const run = await runOn('cuda', 4, [...(expected.args ?? []), 'test/distributed/fixtures/steps.ts', how], {
      // A rank that aborts NCCL is kept there until its peers do so too.
      env: {
        DTRAIN_EMULATION_FAULT: expected.fault ?? '',
        DTRAIN_EMULATION: 'abort=20s',
        OMP_NUM_THREADS: '1',
      },
    })
    expectEnd(run, Date.now(), /step \d+ (\d+)/g, expected)
  })
})

test('no rank can say why: the launcher does after ten seconds', async () => {
  const { run, ended } = await silence
  const message = /^dtrain: rank 1 failed: DistributedError: rank 1 aborted: enough\n {2}code: DTRAIN_DISTRIBUTED\n/
  expectEnd(run, ended, /start (\d+)/g, { code: 1, message, within: 14 })
  expect(ended).toBeGreaterThan(Number(/start (\d+)/.exec(run.stdout)![1]) + 9000)
})

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

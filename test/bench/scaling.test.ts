// What `dtrain bench scaling` says of numbers that are given.
import { expect, test } from 'vitest'
import type { Parts } from '../../src/bench/scaling/breakdown.ts'
import { type ScalingOptions, scalingCommand } from '../../src/bench/scaling/command.ts'
import { pictureOf, reportOf } from '../../src/bench/scaling/report.ts'
import type { Point, Report } from '../../src/bench/scaling/study.ts'
import { type Timing, timing } from '../../src/bench/scaling/timing.ts'

const ms = (...windows: number[]): Timing => timing([{ windows: windows.map(each => each / 1000) }])

test('a timing is the median of windows, each the mean over ranks', () => {
  expect(timing([{ windows: [1, 3, 2, 9] }, { windows: [3, 5, 4] }])).toEqual({
    ...{ seconds: 3, spread: 2 / 3, windows: [2, 4, 3] },
  })
})

const parts = (given: Partial<Parts>): Parts => ({
  ...{ forward: 0.004, backward: 0.005, exposed: [], others: 0, slowest: 0, loader: 0, optimizer: 0.0005 },
  ...{ garbage: 0.0001, rest: 0.0004, step: 0.01, ...given },
})
const exposed = [
  { bytes: 1 << 20, seconds: 0.0002 },
  { bytes: 1 << 18, seconds: 0.0009 },
]
const points: Point[] = [
  { ranks: 1, oversubscribed: false, timing: ms(10, 10, 10), efficiency: 1, parts: parts({}) },
  {
    ...{ ranks: 2, oversubscribed: false, timing: ms(12.5, 12.4, 12.6), together: ms(11, 11, 11), efficiency: 0.8 },
    ...{ besideOthers: 0.88, parts: parts({ exposed, slowest: 0.0004, loader: 0.0002, step: 0.0117 }) },
    peer: { timing: ms(16, 16, 16), together: ms(14, 14, 14), efficiency: 0.75, besideOthers: 0.875 },
  },
  {
    ...{ ranks: 4, oversubscribed: true, timing: ms(40, 40, 44), together: ms(20, 20, 20), efficiency: 0.25 },
    ...{ besideOthers: 0.5, parts: parts({ exposed, slowest: 0.02, garbage: null, step: 0.04 }) },
  },
]
const report: Report = {
  ...{ name: 'lenet', batchSize: 64, threads: 1, machine: 'A processor', cores: 2, gpus: false },
  measurement: { warmup: 10, windows: 3, seconds: 0.5 },
  scalings: [{ mode: 'weak', alone: ms(10, 10.1, 9.9), peerAlone: ms(12, 12, 12), points }],
}

test('the report', () => {
  expect(reportOf(report)).toBe(`lenet: the median of 3 windows of 0.5 s, after 10 steps of warm-up
A processor, 2 cores, 1 thread a rank

Weak scaling: each rank has a batch of 64 of its own.
                             step ms  spread  samples a second  efficiency  against processes
one process                     10.0   2.0 %              6400
1 rank                          10.0   0.0 %              6400     100.0 %
2 processes                     11.0   0.0 %             11636
2 ranks                         12.5   1.6 %             10240      80.0 %             88.0 %
4 processes, oversubscribed     20.0   0.0 %             12800
4 ranks, oversubscribed         40.0  10.0 %              6400      25.0 %             50.0 %
PyTorch: one process            12.0   0.0 %              5333
PyTorch: 2 processes            14.0   0.0 %              9143
PyTorch: 2 ranks                16.0   0.0 %              8000      75.0 %             87.5 %

of a step that is traced, ms          1 rank         2 ranks  4 ranks
forward                        4.00 (40.0 %)   4.00 (34.2 %)  4.00 (10.0 %)
backward                       5.00 (50.0 %)   5.00 (42.7 %)  5.00 (12.5 %)
exposed: bucket 0 (1.0 MiB)                     0.20 (1.7 %)  0.20 (0.5 %)
exposed: bucket 1 (0.3 MiB)                     0.90 (7.7 %)  0.90 (2.3 %)
waiting for the slowest rank       0 (0.0 %)    0.40 (3.4 %)  20.0 (50.0 %)
optimizer                       0.50 (5.0 %)    0.50 (4.3 %)  0.50 (1.3 %)
loader                             0 (0.0 %)    0.20 (1.7 %)  0 (0.0 %)
garbage collection              0.10 (1.0 %)    0.10 (0.9 %)  unknown
the rest                        0.40 (4.0 %)    0.40 (3.4 %)  0.40 (1.0 %)
step                          10.0 (100.0 %)  11.7 (100.0 %)  40.0 (100.0 %)

At 2 ranks a step takes 12.5 ms, and 10.0 ms in one process: an efficiency of 80.0 %, and 88.0 % against 2 processes that share nothing but the machine. Of the step 9.4 % is exposed all-reduce, 7.7 % in the last bucket (0.3 MiB), and 3.4 % waiting for the slowest rank.
At 4 ranks a step takes 40.0 ms, and 10.0 ms in one process: an efficiency of 25.0 %, and 50.0 % against 4 processes that share nothing but the machine. Oversubscribed: the ranks want more cores than there are, and take turns. Of the step 2.8 % is exposed all-reduce, 2.3 % in the last bucket (0.3 MiB), and 50.0 % waiting for the slowest rank.
8.0 % of the step are lost by 2 processes that do not communicate too: memory bandwidth, caches and the clock of the cores are shared, and whatever else runs on the machine. Try to send less often: \`noSync\` for all but every n-th batch, or larger batches. Ranks wait for the slowest one: give all of them equal work, and the machine no other load.
`)
})

/** What the last paragraph advises for two ranks. */
function advice(given: Partial<Parts>, mode: 'weak' | 'strong' = 'weak'): string {
  const point: Point = { ranks: 2, oversubscribed: false, timing: ms(11), efficiency: 0.9, parts: parts(given) }
  const text = reportOf({ ...report, batchSize: undefined, scalings: [{ mode, alone: ms(10), points: [point] }] })
  return text.trimEnd().split('\n').at(-1)!
}

test('advice', () => {
  const bytes = 20 << 20
  const [little, much] = [0.0001, 0.003]
  const ofBuckets = (...seconds: number[]) => ({ exposed: seconds.map(each => ({ bytes, seconds: each })) })
  expect(advice({})).toBe('Nothing else takes a thirtieth of the step.')
  expect(advice(ofBuckets(little, much))).toMatch(/^Try a smaller `bucketCapMb`, so that less is left/)
  expect(advice(ofBuckets(much, little))).toMatch(/^Buckets wait for each other/)
  expect(advice({ others: much })).toMatch(/^Try DistributedDataParallel in place of DataParallel/)
  expect(advice({ loader: much, garbage: 0.002, slowest: 0.001 })).toBe(
    'Try `numWorkers`, so that batches are there when they are asked for. ' +
      'Try `tidy` around a step, so that less garbage is left to collect.',
  )
})

test('a busy machine', () => {
  const points: Point[] = [
    { ranks: 2, oversubscribed: false, timing: ms(10, 12, 10), efficiency: 1, together: ms(9), besideOthers: 0.9 },
    { ranks: 4, oversubscribed: true, timing: ms(10, 30, 10), efficiency: 1 },
  ]
  const text = reportOf({ ...report, scalings: [{ mode: 'weak', alone: ms(10), points }] })
  const advice = 'the machine does something else beside, so measure again.'
  expect(text.trimEnd().split('\n').at(-1)).toBe(`Windows differ by up to 20.0 %: ${advice}`)
})

test('strong scaling of a script', () => {
  const point: Point = { ranks: 2, oversubscribed: false, timing: ms(6), efficiency: 10 / 12 }
  const measurement = { warmup: 10, windows: 1, steps: 1, seconds: 1 }
  const scalings = [{ mode: 'strong' as const, alone: ms(10), points: [point] }]
  expect(reportOf({ ...report, batchSize: undefined, measurement, scalings })).toContain(
    `lenet: the median of 1 window of 1 step, after 10 steps of warm-up
A processor, 2 cores, 1 thread a rank

Strong scaling: the ranks share a batch.
             step ms  spread  steps a second  efficiency  against processes
one process     10.0   0.0 %             100
2 ranks         6.00   0.0 %             167      83.3 %

At 2 ranks a step takes 6.00 ms, and 10.0 ms in one process that has the whole batch: an efficiency of 83.3 %.
`,
  )
})

test('the picture has a line for each comparison', async () => {
  const { layer, data, datasets } = (await pictureOf(report)).spec as Record<string, unknown>
  const text = JSON.stringify({ layer, data, datasets })
  for (const name of ['against one process', 'against as many processes', 'PyTorch, against one process'])
    expect(text).toContain(`"${name}"`)
})

const options: ScalingOptions = {
  ...{ workload: 'mlp', args: [], ranks: [2], gpus: false, emulate: false, modes: ['weak'], batchSize: 64, threads: 1 },
  ...{ warmup: 10, windows: 5, seconds: 0.5, timeout: 60, python: 'python3', json: false },
}
const wrong: [given: Partial<ScalingOptions>, message: string][] = [
  [{ workload: 'lennet' }, "--workload 'lennet': unknown; did you mean 'lenet'?"],
  [{ workload: 'resnet' }, "--workload 'resnet': unknown; there are mlp, lenet, wide-mlp"],
  [{ peer: 'jax' }, "--peer 'jax': unknown; there is torch"],
  [{ peer: 'torch', script: 'a.ts' }, '--peer torch: has the built-in workloads only; give --workload'],
  [{ peer: 'torch', gpus: true }, '--peer torch: compares ranks on CPUs; give --nproc'],
  [{ peer: 'torch', python: 'nothing' }, "--python 'nothing': cannot be started: spawnSync nothing ENOENT"],
  [
    { peer: 'torch', python: 'false' },
    "--python 'false': has no torch; name a Python that has it, such as venv/bin/python",
  ],
]

test.each(wrong)('wrong arguments: %j', async (given, message) => {
  const result = await scalingCommand({ ...options, ...given }, () => {})
  expect(result).toEqual({ code: 2, text: `dtrain: bench scaling: ${message}\n` })
})

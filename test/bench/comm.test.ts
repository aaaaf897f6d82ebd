// What is made of the times of collectives: lines, curves, and what ranks of one machine do to each other's steps.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lineThrough, secondsOf } from '../../src/bench/comm/fit.ts'
import { type Measured, readMeasured } from '../../src/bench/comm/measured.ts'
import { pictureOf, reportOf, sizeText } from '../../src/bench/comm/report.ts'
import { simulateCommand } from '../../src/bench/command.ts'
import { plain, simulate } from '../../src/bench/simulate.ts'
import type { Step } from '../../src/bench/step.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-comm-'))
afterAll(() => rmSync(home, { recursive: true }))

const sizes = [1e3, 1e4, 1e5, 1e6, 1e7]
const samples = (seconds: (bytes: number, i: number) => number) =>
  sizes.map((bytes, i) => ({ bytes, seconds: seconds(bytes, i) }))

test('a line, and one size that something else has disturbed', () => {
  const straight = samples(bytes => 5e-5 + bytes / 4e9)
  expect(lineThrough(straight)).toMatchObject({ latency: expect.closeTo(5e-5, 12), error: expect.closeTo(0, 12) })
  const disturbed = samples((bytes, i) => (5e-5 + bytes / 4e9) * (i === 2 ? 1.5 : 1))
  const { latency, bandwidth, error } = lineThrough(disturbed)
  expect(latency).toBeCloseTo(5e-5, 12)
  expect(bandwidth / 4e9).toBeCloseTo(1, 9)
  expect(error).toBeCloseTo((1 - 1 / 1.5) / 5, 12)
  expect(secondsOf(3e6, disturbed)).toBeCloseTo(5e-5 + 3e6 / 4e9, 12)
})

test('where no line fits, what lies between the sizes', () => {
  const curve = samples((_, i) => [1e-4, 1e-4, 1e-4, 1e-3, 1e-1][i]!)
  expect(lineThrough(curve).error).toBeGreaterThan(0.15)
  expect(secondsOf(1e3, curve)).toBe(1e-4)
  expect(secondsOf(10, curve)).toBe(1e-4)
  expect(secondsOf(5.5e6, curve)).toBeCloseTo(0.0505, 12)
  expect(secondsOf(2e7, curve)).toBeCloseTo(0.2, 12)
})

/** 2 ranks have a core each, 4 have half of one. */
function measuredOn(cores: number, busy = 0): Measured {
  const line = samples(bytes => bytes / 1e9).map(sample => ({ ...sample, median: 0, low: 0, high: 0 }))
  const jobs = [2, 4].map(ranks => ({
    ...{ ranks, threads: 1, barrier: 1e-4, copy: { alone: 1e10, together: 5e9 } },
    busy: samples(bytes => (busy * bytes) / 1e9),
    collectives: { gradients: { samples: line, line: lineThrough(line) } },
    slowdown: [
      { bytes: 1e6, passes: 1, convolution: 1, update: 1.5 },
      { bytes: 1e8, passes: 1.2, convolution: 1.8, update: 2.5 },
    ],
  }))
  return { benchmark: 'dtrain bench comm', machine: 'a machine', cores, device: 'cpu', jobs }
}

const step: Step = {
  ...{ name: 'two', forward: 0.01, backward: 0.02, optimizer: 0.004, jitter: { sd: 0 } },
  buckets: [
    { bytes: 5e6, ready: 0.008 },
    { bytes: 5e6, ready: 0.02 },
  ],
}
const on = (cores: number, ranks: number, busy = 0) =>
  simulate(plain(step), ranks, measuredOn(cores, busy), { rounds: 1, seed: 0 })

// By hand: 10 MB of parameters are half-way between 1 and 100 MB, so passes take 1.1 times and the optimizer 2 times as
// long; of the two averages of 5 ms the first is hidden.
test('ranks that share memory', () => {
  const { seconds, slowed, exposed, waiting, compute } = on(4, 2, 0.5)
  expect(compute).toBeCloseTo(0.034, 12)
  expect(slowed).toBeCloseTo(0.003 + 0.004, 12)
  expect(exposed).toBeCloseTo(0.005, 12)
  expect(waiting).toBeCloseTo(0, 12)
  expect(seconds).toBeCloseTo(0.046, 12)
})

test('a step whose activations are larger than its parameters is slowed as a convolution is', () => {
  // 30 MB of activations beside 10 MB of parameters: 1.1 times for a quarter; for the rest 1 + 0.8 log(30) / log(100).
  const convolutional = { ...step, activations: 3e7 }
  const { slowed } = simulate(plain(convolutional), 2, measuredOn(4), { rounds: 1, seed: 0 })
  const convolution = 1 + (0.8 * Math.log(30)) / Math.log(100)
  expect(slowed).toBeCloseTo((0.1 / 4 + (convolution - 1) * 0.75) * 0.03 + 0.004, 12)
})

test('where all cores compute, averages take one of them from computation', () => {
  // The first begins at 1.1 x 18 ms and has a core for half of 5 ms.
  const { exposed, buckets, seconds } = on(2, 2, 0.5)
  expect(buckets.map(({ exposed }) => exposed)).toEqual([expect.closeTo(0.0025, 12), expect.closeTo(0.005, 12)])
  expect(exposed).toBeCloseTo(0.0075, 12)
  expect(seconds).toBeCloseTo(0.0485, 12)
  // Of three cores one is left for the two threads that communicate.
  expect(on(3, 2, 0.5).exposed).toBeCloseTo(0.00625, 12)
  // Backward that ends while an average has the core stands still no longer than that takes.
  expect(on(2, 2, 1).exposed).toBeCloseTo(0.01, 12)
})

test('ranks that take turns on a core', () => {
  const { seconds, slowed } = on(2, 4)
  expect(slowed).toBeCloseTo(2 * (1.1 * 0.03 + 2 * 0.004) - 0.034, 12)
  expect(seconds).toBeCloseTo(0.034 + slowed + 0.005, 12)
  // Nobody waits for the slowest: what one takes longer, the others of its core wait for.
  const jittery = { ...step, jitter: { samples: [0.5, 1, 1.5] } }
  const settings = { rounds: 501, seed: 3 }
  expect(simulate(plain(jittery), 4, measuredOn(2), settings).seconds / seconds).toBeCloseTo(1, 1)
  expect(simulate(plain(jittery), 4, measuredOn(8), settings).seconds).toBeGreaterThan(1.2 * on(8, 4).seconds)
})

test('a rank alone is as it is', () => {
  expect(on(2, 1).seconds).toBeCloseTo(0.034, 12)
})

function write(value: unknown): string {
  const file = join(home, 'comm.json')
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

test('the file, and what it is not', async () => {
  const file = write(measuredOn(2))
  expect(readMeasured(file)).toEqual(measuredOn(2))
  const common = { step: 'resnet50-v100', topology: 'ring', perHost: 1, steps: 10, seed: 0, json: false }
  const { text } = await simulateCommand({ ...common, comm: file })
  expect(text).toContain('\non one machine as it was measured (a machine)\n')
  expect(text).toMatch(/^ +2 .*\n +4 /m)
  expect(text).toMatch(/% waiting for the slowest rank, \d+\.\d % because ranks share memory and cores\.\n/)
  const refused = async (given: object) => (await simulateCommand({ ...common, comm: file, ...given })).text
  expect(await refused({ ranks: [8] })).toBe(
    'dtrain: bench simulate: --ranks 8: --comm was measured with 2, 4 ranks; measure it with --nproc 8\n',
  )
  const link = { bandwidth: 1e9, latency: 1e-5 }
  expect(await refused({ link })).toBe('dtrain: bench simulate: --link and --comm exclude each other\n')
  expect(await refused({ comm: undefined })).toBe(
    'dtrain: bench simulate: give --link, what connects ranks, or --comm, what was measured\n',
  )
  const wrong = (value: unknown) => refused({ comm: write(value) })
  expect(await wrong('{')).toMatch(/^dtrain: bench simulate: --comm '.*comm.json': not JSON: .*\n$/)
  expect(await wrong({ benchmark: 'other' })).toMatch(/: expected what `dtrain bench comm --json` prints\n$/)
  const untimed = { ...measuredOn(2), jobs: [{ ranks: 2, threads: 1, collectives: {} }] }
  expect(await wrong(untimed)).toMatch(/: it has no times, since the GPUs were emulated\n$/)
  expect(await refused({ comm: join(home, 'none') })).toContain('ENOENT')
})

test('the report, beside a peer', async () => {
  const measured = measuredOn(2)
  const { gradients } = measured.jobs[0]!.collectives
  measured.jobs[0]!.peer = {
    name: 'Gloo',
    collectives: {
      gradients: { ...gradients!, samples: gradients!.samples.map(s => ({ ...s, seconds: 3 * s.seconds })) },
    },
    barrier: 2e-4,
  }
  const text = reportOf(measured)
  expect(text).toContain('\n\n2 ranks of 1 thread on 2 cores, microseconds of a call\n\n')
  expect(text).toContain('\n4 ranks of 1 thread on 2 cores, more than there are cores: they take turns, microseconds')
  expect(text).toMatch(/^ +size +gradients +spread +Gloo\n +1000 B +1\.0 +± 0 % +3\.00 x$/m)
  // The floor of 10 MB at 5 GB a second is 2 ms.
  expect(text).toMatch(/^gradients +0 +1\.00 +0 % +5\.00 x +0 +1\.00 +0 %$/m)
  expect(text).toMatch(/^barrier +100 .* 200$/m)
  expect((await pictureOf(measured)).spec).toBeDefined()
})

test('sizes as text', () => {
  expect([4, 1024, 1536, 2 ** 20, 3e6, 2 ** 32].map(sizeText).join()).toBe('4 B,1 KiB,1.5 KiB,1 MiB,2.861 MiB,4 GiB')
})

// `dtrain bench scaling` and its jobs: what it measures, what it says of programs that cannot be measured, and that
// nothing is left of them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { Report } from '../../src/bench/scaling/study.ts'
import { readStep } from '../../src/bench/step.ts'
import { runDtrain, sleep, startDtrain } from '../support/run-dtrain.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-scaling-'))
afterAll(() => rmSync(home, { recursive: true }))

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const quick = ['--steps', '4', '--windows', '2', '--warmup', '4']
/** Several jobs, which a busy machine lets wait. */
const bench = (...args: string[]) => runDtrain(['bench', 'scaling', ...args], { limitMs: 55_000 })
const nothing = { processes: [], files: [] }

test('a workload: ranks, processes, PyTorch, traces and a picture', async () => {
  const plot = join(home, 'plot.svg')
  const peer = ['--peer', 'torch', '--python', fixture('python.sh')]
  const files = ['--plot', plot, '--trace', home, '--json']
  const args = ['--workload', 'lenet', '--nproc', '2', ...quick, ...peer, ...files]
  const { code, stdout, stderr, leftovers } = await bench(...args)
  expect({ code, stderr, leftovers }).toEqual({ code: 0, stderr: '', leftovers: nothing })

  const report: Report = JSON.parse(stdout)
  expect(report).toMatchObject({ name: 'lenet', batchSize: 64, threads: 1, gpus: false })
  const [{ mode, alone, peerAlone, points }] = report.scalings as [Report['scalings'][0]]
  expect(mode).toBe('weak')
  expect(alone.windows).toHaveLength(2)
  expect(peerAlone!.seconds).toBe(0.002)
  const [two] = points as [(typeof points)[0]]
  expect(two).toMatchObject({ ranks: 2, peer: { efficiency: 1, besideOthers: 1 } })
  expect(two.efficiency).toBeCloseTo(alone.seconds / two.timing.seconds, 12)
  expect(two.besideOthers).toBeCloseTo(two.together!.seconds / two.timing.seconds, 12)

  const { step, garbage, exposed, ...rest } = two.parts!
  const all = [...Object.values(rest), garbage!, ...exposed.map(({ seconds }) => seconds)]
  expect(all.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(step, 12)
  for (const seconds of [rest.forward, rest.backward, rest.optimizer]) expect(seconds).toBeGreaterThan(0)
  // LeNet's 61,706 parameters, in a bucket that ends with a flag for each tensor.
  expect(exposed).toHaveLength(1)
  expect(exposed[0]!.bytes).toBeGreaterThanOrEqual(4 * 61_706)
  expect(readdirSync(join(home, 'weak-2')).sort()).toEqual(['rank-0.json', 'rank-1.json'])
  expect(readStep(join(home, 'weak-2')).buckets).toMatchObject([{ bytes: exposed[0]!.bytes }])
  expect(readFileSync(plot, 'utf8')).toContain('against as many processes')
})

test('a script that marks its steps, and one that makes them', async () => {
  const marked = await bench('--nproc', '2', '--strong', ...quick, fixture('marked.ts'), 'well', '1000')
  expect(marked).toMatchObject({ code: 0, stderr: '', leftovers: nothing })
  expect(marked.stdout).toMatch(/^marked\.ts: the median of 2 windows of 4 steps, after 4 steps of warm-up\n/)
  expect(marked.stdout).toContain('Strong scaling: the ranks share a batch.\n')
  expect(marked.stdout).not.toContain('2 processes')
  const factory = await bench('--nproc', '2', '--strong', ...quick, fixture('factory.ts'))
  expect(factory).toMatchObject({ code: 0, stderr: '', leftovers: nothing })
  expect(factory.stdout).toContain('Strong scaling: the ranks share a batch of 64.\n')
  expect(factory.stdout).toMatch(/^2 processes /m)
})

test('on emulated GPUs without times', async () => {
  const { code, stdout, leftovers } = await bench('--gpus', '2', '--emulate', '--workload', 'mlp', ...quick)
  expect({ code, leftovers }).toEqual({ code: 0, leftovers: nothing })
  expect(stdout).toMatch(/there are no times to tell/)
  expect(stdout).toMatch(/^ +2 +8 +1 +0\.4$/m)
})

const failing: [name: string, args: string[], code: number, message: string][] = [
  [
    'no step',
    [fixture('../../launcher/fixtures/hello.ts')],
    1,
    '1 rank: hello.ts marks no step; call benchStep(() => …)',
  ],
  ['few steps', [fixture('marked.ts'), 'well', '9'], 1, '1 rank: marked.ts has made 9 steps, but needs 16; let it'],
  [
    'a step without end',
    ['--timeout', '1', fixture('marked.ts'), 'endless', '9'],
    1,
    '1 rank: not at the end of 4 steps',
  ],
  [
    'a rank that dies',
    ['--nproc', '2', '--strong', fixture('marked.ts'), 'dies', '99'],
    1,
    '2 ranks: rank 1 was killed by SIGKILL',
  ],
  [
    'an odd share',
    ['--nproc', '3', '--strong', fixture('factory.ts')],
    2,
    '--strong: 3 ranks cannot share a batch of 64',
  ],
]

test.each(failing)('%s', async (_, args, code, message) => {
  const few = args.includes('--nproc') ? [] : ['--nproc', '1']
  const result = await bench(...quick, ...few, ...args)
  expect(result).toMatchObject({ code, stdout: '', leftovers: nothing })
  expect(result.stderr).toContain(`dtrain: bench scaling: ${message}`)
  expect(result.stderr.match(/\n/g)).toHaveLength(1)
})

test('ended by a signal, it leaves nothing', async () => {
  const running = startDtrain(['bench', 'scaling', '--nproc', '2', ...quick, fixture('marked.ts'), 'endless', '9'])
  while (!running.files().some(name => name.startsWith('dtrain-bench-'))) await sleep(10)
  await sleep(500)
  running.launcher.kill('SIGTERM')
  const ended = { code: 143, stdout: '', stderr: 'dtrain: bench scaling: ended by SIGTERM\n', leftovers: nothing }
  expect(await running.done).toMatchObject(ended)
})

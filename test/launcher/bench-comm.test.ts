// `dtrain bench comm` and `dtrain bench ops`: their command lines, and jobs that measure, that cannot, and that fail.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseBench } from '../../launcher/options/bench.ts'
import type { Measured } from '../../src/bench/comm/measured.ts'
import { requireEmulation } from '../support/gpus.ts'
import { runDtrain } from '../support/run-dtrain.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-comm-'))
afterAll(() => rmSync(home, { recursive: true }))

function options(...args: string[]) {
  const command = parseBench(['comm', ...args])
  if (command.kind !== 'comm') throw new Error(JSON.stringify(command))
  return command.options
}

test('defaults', () => {
  const sizes = Array.from({ length: 9 }, (_, i) => 1024 * 4 ** i)
  expect(options()).toEqual({ device: 'cpu', emulate: false, sizes, ranks: [2, 4], rounds: 3, json: false })
})

test('values', () => {
  const given = '--gpus 4,2,2 --sizes 64B,1MiB-4MiB,3KB --rounds 2 --peer torch --python p --plot c.svg --json'
  expect(options(...given.split(' '))).toEqual({
    ...{ device: 'cuda', emulate: false, sizes: [64, 3000, 2 ** 20, 2 ** 22], ranks: [2, 4], rounds: 2, python: 'p' },
    ...{ plot: 'c.svg', json: true },
  })
  expect(options('--sizes', '1KiB-10KiB').sizes).toEqual([1024, 4096, 10240])
  expect(options('--gpus', '2', '--emulate').emulate).toBe(true)
  expect(parseBench(['ops', 'step', 'matmul', '--python', 'p', '--omp-threads', '2'])).toEqual({
    kind: 'ops',
    options: { scripts: ['step', 'gemm'], python: 'p', ompThreads: 2 },
  })
})

const sizesHelp = 'expected sizes from 4B to 4GiB with units, such as 4KiB,1MiB or 1KiB-64MiB'
const ranksHelp = 'expected numbers of ranks from 2 to 256, such as 2,4: one rank sends nothing'
const together = '--peer torch and --python <path> go together: PyTorch runs in that interpreter'
const refused: [args: string, message: string][] = [
  ['comm --sizes 64', `bench comm: --sizes '64': ${sizesHelp}`],
  ['comm --sizes 1MiB-1KiB', `bench comm: --sizes '1MiB-1KiB': ${sizesHelp}`],
  ['comm --sizes 1B', `bench comm: --sizes '1B': ${sizesHelp}`],
  ['comm --nproc 1', `bench comm: --nproc '1': ${ranksHelp}`],
  ['comm --nproc 2,many', `bench comm: --nproc '2,many': ${ranksHelp}`],
  ['comm --rounds 0', "bench comm: --rounds '0': expected a number from 1 to 999"],
  ['comm --nproc 2 --gpus 2', 'bench comm: --gpus and --nproc exclude each other'],
  ['comm --emulate', 'bench comm: --emulate is for GPUs: type --gpus 2 --emulate'],
  ['comm --peer torch', `bench comm: ${together}`],
  ['comm --python python3', `bench comm: ${together}`],
  ['comm --peer jax --python p', "bench comm: --peer 'jax': unknown; there is torch"],
  ['comm --gpus 2 --emulate --peer torch --python p', 'bench comm: --peer torch: PyTorch sees no emulated GPU'],
  ['comm --gpus 2 --emulate --plot c.svg', 'bench comm: --plot: emulated GPUs have no times to draw'],
  ['comm --size 1KiB', "bench comm: unknown option '--size'. Did you mean --sizes?"],
  ['ops gemm', "bench ops: unknown name 'gemm'; there are matmul, conv, losses, overhead, step"],
  ['ops --omp-threads 0', "bench ops: --omp-threads '0': expected a positive integer"],
]

test.each(refused)('%s', (args, message) => {
  expect(parseBench(args.split(' '))).toEqual({ kind: 'usage', message })
})

const quick = ['bench', 'comm', '--nproc', '2', '--rounds', '1']

test('what is measured, and simulated with it', async () => {
  const { code, stdout, stderr } = await runDtrain([...quick, '--sizes', '4KiB-1MiB', '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { jobs, cores } = JSON.parse(stdout) as Measured
  const [job] = jobs
  expect(job).toMatchObject({ ranks: 2, threads: Math.max(1, Math.floor(cores / 2)) })
  expect(Object.keys(job!.collectives)).toEqual(['allReduce', 'broadcast', 'allGather', 'reduceScatter', 'gradients'])
  for (const { samples } of Object.values(job!.collectives))
    expect(samples.map(({ bytes }) => bytes)).toEqual([4096, 16384, 65536, 262144, 1048576])
  for (const { samples } of Object.values(job!.collectives))
    for (const { seconds } of samples) expect(seconds).toBeGreaterThan(0)
  expect(job!.copy!.alone).toBeGreaterThan(1e8)
  for (const { passes, update } of job!.slowdown) expect(passes * update).toBeGreaterThan(0)

  const file = join(home, 'comm.json')
  writeFileSync(file, stdout)
  const step = join(home, 'step.json')
  writeFileSync(step, JSON.stringify({ forward: 4, backward: 8, buckets: [{ bytes: 1e6, ready: 8 }] }))
  const simulated = await runDtrain(['bench', 'simulate', '--step', step, '--comm', file])
  expect(simulated).toMatchObject({ code: 0, stderr: '' })
  expect(simulated.stdout).toMatch(/\non one machine as it was measured \(.*load [\d.]+\)\n/)
  expect(simulated.stdout).toMatch(/compute +exposed +waiting +slowed\n +2 /)
})

test('a rank that fails, and a Python that cannot be', async () => {
  const failed = await runDtrain([...quick, '--sizes', '64MiB'], { env: { DTRAIN_MEMORY_BUDGET: '16MiB' } })
  expect(failed).toMatchObject({ code: 1, stdout: '', leftovers: { processes: [], files: [] } })
  expect(failed.stderr).toMatch(/^dtrain: bench comm: rank [01] failed: .*memory.*\n$/)
  const python = join(home, 'python')
  const none = await runDtrain([...quick, '--sizes', '4KiB', '--peer', 'torch', '--python', python])
  expect(none).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `dtrain: bench comm: --python '${python}': spawnSync ${python} ENOENT\n`,
  })
  const ops = await runDtrain(['bench', 'ops', 'overhead', '--python', python])
  expect(ops).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `dtrain: bench ops: --python '${python}': spawnSync ${python} ENOENT\n`,
  })
})

test('emulated GPUs have no times', async context => {
  requireEmulation(context)
  const { code, stdout } = await runDtrain([
    'bench',
    'comm',
    '--gpus',
    '2',
    '--emulate',
    '--sizes',
    '4KiB',
    '--rounds',
    '1',
  ])
  expect(code).toBe(0)
  expect(stdout).toContain('\n2 ranks on GPUs, emulated: every collective ran, without times\n')
})

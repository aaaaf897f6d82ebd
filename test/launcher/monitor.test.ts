// `dtrain monitor`: its table, which ranks it finds and on which GPUs, and how it leaves the terminal.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gpusOf, type Rank } from '../../launcher/monitor/ranks.ts'
import type { Snapshot } from '../../launcher/monitor/snapshot.ts'
import { table } from '../../launcher/monitor/table.ts'
import { parseMonitor } from '../../launcher/options/monitor.ts'
import type { NvmlGpu } from '../../src/monitor/index.ts'
import { type Running, root, runDtrain, sleep, startDtrain } from '../support/run-dtrain.ts'

const gibi = 2 ** 30
const gpu: NvmlGpu = {
  index: 0,
  name: 'NVIDIA H100 80GB HBM3',
  uuid: 'GPU-8932f937-d72c-4106-c12f-20bd9faed9f6',
  busId: '00000000:04:00.0',
  utilization: 97,
  memoryUtilization: 41,
  memoryUsed: 34.21 * gibi,
  memoryTotal: 79.65 * gibi,
  temperature: 61,
  power: 511.8,
  powerLimit: 700,
  smClock: 1980,
  memoryClock: 2619,
  processes: [{ pid: 4242, memory: 33.7 * gibi }],
}
const lost: NvmlGpu = {
  index: 1,
  name: 'NVIDIA H100 80GB HBM3',
  uuid: 'GPU-2',
  busId: '',
  processes: [],
  problem: 'GPU is lost',
}
const snapshot: Snapshot = {
  time: new Date(2026, 10, 28, 1, 2, 3).toISOString(),
  machine: { cpu: 52.4, cores: 16, memoryUsed: 20.1 * gibi, memoryTotal: 128 * gibi },
  gpus: [gpu, lost],
  ranks: [
    {
      ...{ job: '1f3a9c2e-5b', rank: 0, worldSize: 2, pid: 4242, script: 'train.ts --name \x1b[2J', gpus: ['0'] },
      ...{ cpu: 103.2, memory: 1.25 * gibi, gpuMemory: 33.7 * gibi },
    },
    { job: '1f3a9c2e-5b', rank: 1, worldSize: 2, pid: 4243, script: 'train.ts', gpus: [], memory: 850 * 2 ** 20 },
  ],
}

test('the table', () => {
  expect(table(snapshot)).toBe(
    `01:02:03   CPU 52 % of 16 cores   memory 20.1 of 128.0 GiB

GPU  name                                 busy            memory   temp         power  SM clock  memory clock
  0  NVIDIA H100 80GB HBM3                97 %  34.2 of 79.7 GiB  61 °C  512 of 700 W  1980 MHz      2619 MHz
  1  NVIDIA H100 80GB HBM3 (GPU is lost)     -                 -      -             -         -             -

job         rank  GPU  process    CPU   memory  GPU memory  script
1f3a9c2e  0 of 2    0     4242  103 %  1.3 GiB    33.7 GiB  train.ts --name  [2J
1f3a9c2e  1 of 2    -     4243      -  850 MiB           -  train.ts
`,
  )
  expect(table({ ...snapshot, gpus: [], noGpus: 'no NVIDIA driver', ranks: [] })).toBe(
    `01:02:03   CPU 52 % of 16 cores   memory 20.1 of 128.0 GiB

GPUs: no NVIDIA driver

no rank of a job runs on this machine
`,
  )
})

test('a rank is on the GPU whose driver names its process, or on that which it was given', () => {
  const rank: Rank = { job: 'a', rank: 0, worldSize: 1, pid: 7, script: '', emulated: false, inBusOrder: false }
  const named = (one: Partial<Rank>, gpus: NvmlGpu[]) => gpusOf({ ...rank, ...one }, gpus).map(({ uuid }) => uuid)
  const alike = [gpu, { ...gpu, index: 1, uuid: 'GPU-2', processes: [{ pid: 7 }] }]
  expect(named({ gpu: '0' }, alike)).toEqual(['GPU-2'])
  expect(named({ pid: 8, gpu: '1' }, alike)).toEqual(['GPU-2'])
  expect(named({ pid: 8, gpu: 'GPU-8932' }, alike)).toEqual([gpu.uuid])
  expect(named({ pid: 8 }, alike)).toEqual([]) // it sees all and uses none
  // CUDA's first GPU is the fastest, and which that is the driver does not say.
  const unlike = [gpu, { ...gpu, index: 1, name: 'NVIDIA T4', uuid: 'GPU-3' }]
  expect(named({ pid: 8, gpu: '1' }, unlike)).toEqual([])
  expect(named({ pid: 8, gpu: '1', inBusOrder: true }, unlike)).toEqual(['GPU-3'])
  const parts = [alike[1]!, { ...alike[1]!, part: 0, uuid: 'MIG-1' }]
  expect(named({}, parts)).toEqual(['MIG-1'])
  expect(named({ pid: 8, gpu: 'MIG-1' }, parts)).toEqual(['MIG-1'])
})

test('the command line', () => {
  expect(parseMonitor([])).toMatchObject({ kind: 'monitor', options: { interval: 1, once: false, json: false } })
  expect(parseMonitor(['--json', '--once', '--interval', '0.5', '--emulate'])).toEqual({
    kind: 'monitor',
    options: { interval: 0.5, once: true, json: true, emulate: true },
  })
  const usage = (...args: string[]) => parseMonitor(args)
  expect(usage('--interval', 'x')).toEqual({
    kind: 'usage',
    message: "monitor: --interval 'x': expected seconds from 0.1 to 1000000",
  })
  expect(usage('train.ts')).toMatchObject({ kind: 'usage', message: expect.stringMatching(/^monitor: too many arg/) })
  expect(usage('--help')).toMatchObject({ kind: 'print', text: expect.stringContaining('Usage: dtrain monitor') })
})

/** A job of two ranks, each with 4 MiB on an emulated GPU of its own. */
let job: Running
beforeAll(async () => {
  job = startDtrain(['--gpus', '2', '--emulate', '--no-fold', 'test/launcher/fixtures/on-gpu.ts', 'argument'])
  await Promise.all([0, 1].map(rank => job.printed(`[${rank}] ready`)))
})
afterAll(async () => {
  job.launcher.kill()
  const { leftovers } = await job.done
  expect(leftovers).toEqual({ processes: [], files: [] })
})

const quick = ['monitor', '--emulate', '--interval', '0.1']
const env = { DTRAIN_EMULATION: 'devices=3' }

test('finds the ranks of a job, their GPUs and their memory', async () => {
  const { code, stdout, leftovers } = await runDtrain([...quick, '--json', '--once'], { env })
  expect([code, leftovers]).toEqual([0, { processes: [], files: [] }])
  const { ranks, gpus, machine }: Snapshot = JSON.parse(stdout)
  const own = ranks.filter(({ script }) => script === 'on-gpu.ts argument')
  expect(own.map(({ rank, worldSize, gpus }) => [rank, worldSize, gpus])).toEqual([0, 1].map(n => [n, 2, [`${n}`]]))
  for (const { cpu, memory, gpuMemory } of own) {
    expect(cpu).toBeGreaterThanOrEqual(0)
    expect(memory).toBeGreaterThan(10_000_000)
    expect(gpuMemory).toBeGreaterThanOrEqual(2 ** 22)
  }
  expect(gpus.map(({ index, name }) => [index, name])).toEqual([0, 1, 2].map(n => [n, 'Emulated GPU']))
  expect(gpus[1]!.memoryUsed).toBeGreaterThanOrEqual(2 ** 22)
  expect(machine.cores).toBeGreaterThan(0)
})

test('into a pipe it is one table; emulated GPUs are not mixed with those of the machine', async () => {
  const { code, stdout, stderr } = await runDtrain(quick.filter(word => word !== '--emulate'))
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d {3}CPU \d+ % of \d+ cores {3}memory [\d.]+( MiB)? of [\d.]+ GiB\n\nGPU/)
  expect(stdout).toMatch(/ 0 of 2 {4}- .*on-gpu\.ts argument\n/)
})

test('says once that there is no driver', async () => {
  const { code, stdout } = await runDtrain(quick, { env: { ...env, DTRAIN_EMULATION_FAULT: 'nodriver' } })
  expect(code).toBe(0)
  expect(stdout.match(/no NVIDIA driver/g)).toHaveLength(1)
  expect(stdout).toContain('\nGPUs: no NVIDIA driver (it is not loaded)\n')
})

test('needs the native core, and says how to get it', async () => {
  const { code, stderr } = await runDtrain(['monitor'], { env: { DTRAIN_BUILD: 'build/none' } })
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^dtrain: the native core cannot be loaded: it has not been built\n.*\nTo build it, type\n.*\n$/,
  )
})

test('a reader that goes away ends it', () => {
  const command = `"${process.execPath}" dist/launcher/cli.js monitor --json --interval 0.1; echo $? >&2`
  const { stdout, stderr } = spawnSync('sh', ['-c', `{ ${command}; } | head -n 2`], { cwd: root, encoding: 'utf8' })
  expect(stderr).toBe('141\n')
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map(line => Object.keys(JSON.parse(line))[0]),
  ).toEqual(['time', 'time'])
})

test('on a terminal it draws again and again, and Ctrl-C gives the screen and the cursor back', async () => {
  const command = `'${process.execPath}' dist/launcher/cli.js ${quick.join(' ')} --interval 0.1`
  const terminal = spawn('script', ['-qefc', command, '/dev/null'], { cwd: root, env: { ...process.env, ...env } })
  let output = ''
  terminal.stdout.setEncoding('utf8').on('data', text => (output += text))
  const closed = once(terminal, 'close')
  const frames = () => output.split('\x1b[H').length - 1
  while (frames() < 3 && terminal.exitCode === null) await sleep(20)
  terminal.stdin.write('\x03')
  const [code] = await closed
  expect(code).toBe(130)
  expect(output).toContain('\x1b[?1049h\x1b[?25l')
  expect(output.trimEnd().endsWith('\x1b[?25h\x1b[?1049l')).toBe(true)
  expect(output).toContain('on-gpu.ts argument')
})

// The command line: values, defaults and the one sentence that says what is wrong.
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { Machine } from '../../launcher/options/gpus.ts'
import { parseCommandLine } from '../../launcher/options/options.ts'
import { machine, removeMachines } from './machine.ts'

afterAll(removeMachines)

const script = fileURLToPath(new URL('fixtures/hello.ts', import.meta.url))
const noGpus = machine([])
const endings = '.ts .mts .cts .js .mjs .cjs .tsx .jsx'

const run = (...args: string[]) => runOn(noGpus, ...args)

function runOn(where: Machine, ...args: string[]) {
  const command = parseCommandLine([...args, script], where)
  if (command.kind !== 'run') throw new Error(JSON.stringify(command))
  return command.options
}

function usage(...args: string[]): string {
  const command = parseCommandLine(args, noGpus)
  return command.kind === 'usage' ? command.message : command.kind
}

test('defaults', () => {
  const numbers = { nproc: 1, timeout: 300, grace: 5, stdin: 0 }
  expect(run()).toEqual({ ...numbers, emulate: false, fold: true, script, args: [], misplaced: [] })
})

test('values', () => {
  expect(run('--nproc', '4', '--ranks', '2-3,0', '--no-fold', '--log-dir', 'd', '--grace', '0.5')).toMatchObject({
    nproc: 4,
    ranks: [0, 2, 3],
    fold: false,
    logDir: 'd',
    grace: 0.5,
  })
  expect(run('--nproc', 'auto').nproc).toBe(availableParallelism())
  expect(run('--nproc-per-node', '3').nproc).toBe(3)
  expect(run('--nproc_per_node', '3')).toEqual(run('--nproc', '3'))
  expect(run('--trace', 'timelines').trace).toBe(resolve('timelines'))
  expect(run('--omp-threads=2', '--timeout=9', '--node-options', '--a  --b=1')).toMatchObject({
    ompThreads: 2,
    timeout: 9,
    nodeOptions: ['--a', '--b=1'],
  })
})

test('standard input is for the only rank, or for the one that is named', () => {
  expect([run('--nproc', '2').stdin, run('--nproc', '2', '--stdin', '1').stdin]).toEqual([undefined, 1])
})

test('flags of dtrain behind the script are noticed, unless they stand before it too, or behind --', () => {
  const misplaced = (...args: string[]) => {
    const command = parseCommandLine(args, noGpus)
    return command.kind === 'run' ? command.options.misplaced : command
  }
  expect(misplaced(script, '--nproc', '2', '--epochs', '3', '--log-dir=d')).toEqual(['--nproc', '--log-dir'])
  expect(misplaced(script, '--nproc-per-node=2', '--emulate')).toEqual(['--nproc-per-node', '--emulate'])
  expect(misplaced('--nproc', '2', script, '--nproc', '2', '--', '--emulate')).toEqual([])
  expect(misplaced(script, '--timeout', '5', '--trace')).toEqual([]) // many scripts have such flags
})

test('a script by its URL', () => {
  const command = parseCommandLine([pathToFileURL(script).href], noGpus)
  expect(command).toMatchObject({ kind: 'run', options: { script } })
  expect(usage('file:///no/such.ts')).toBe('script not found: file:///no/such.ts')
  expect(usage('file://host/there.ts')).toBe('script not found: file://host/there.ts')
})

test('everything after the script is the script’s', () => {
  const command = parseCommandLine(['--nproc', '2', script, '--nproc', '9', '-x', '--help', '--', 'y'])
  expect(command).toMatchObject({
    kind: 'run',
    options: { nproc: 2, args: ['--nproc', '9', '-x', '--help', '--', 'y'] },
  })
})

test('GPUs, one rank each', () => {
  const two = machine(['0000:01:00.0', '0000:02:00.0'])
  expect(runOn(two, '--gpus', '1')).toMatchObject({ nproc: 1, gpus: ['0'], emulate: false })
  expect(runOn(two, '--gpus', 'all')).toMatchObject({ nproc: 2, gpus: ['0', '1'] })
  expect(runOn(two, '--gpus', 'all', '--ranks', '1').ranks).toEqual([1])
  expect(runOn(two, '--gpus', '0,0')).toMatchObject({ nproc: 2, gpus: ['0', '0'], emulate: false })
  expect(runOn(machine(['a', 'b'], { CUDA_VISIBLE_DEVICES: '1' }), '--gpus', 'all').gpus).toEqual(['1'])
})

test('CPU ranks see no GPU, a rank that nothing is said of sees what the caller sees', () => {
  expect(run('--nproc', '1').gpus).toEqual([])
  expect(run().gpus).toBeUndefined()
})

test('emulated GPUs are asked for', () => {
  expect(run('--gpus', '2', '--emulate')).toMatchObject({ nproc: 2, gpus: ['0', '1'], emulate: true })
  expect(run('--emulate')).toMatchObject({ nproc: 1, gpus: ['0'], emulate: true })
  const asked = machine(['a'], { DTRAIN_EMULATE: '1', CUDA_VISIBLE_DEVICES: '' })
  expect(runOn(asked, '--gpus', '3')).toMatchObject({ gpus: ['0', '1', '2'], emulate: true })
  expect(runOn(asked, '--nproc', '3')).toMatchObject({ gpus: [], emulate: true })
  expect(runOn(asked)).toMatchObject({ nproc: 1, emulate: true })
  expect(runOn(asked).gpus).toBeUndefined()
})

test.each([
  [['--nprc', '2', script], "unknown option '--nprc'. Did you mean --nproc?"],
  [[], 'no script given; usage: dtrain [options] <script> [script args...]'],
  [['nowhere.ts'], 'script not found: nowhere.ts'],
  [['test'], 'the script is a directory: test'],
  [['--nproc', '0', script], "--nproc '0': expected a positive integer up to 256 or 'auto'"],
  [['--nproc', 'abc', script], "--nproc 'abc': expected a positive integer up to 256 or 'auto'"],
  [['--nproc', '1.5', script], "--nproc '1.5': expected a positive integer up to 256 or 'auto'"],
  [['package.json'], `not a script: package.json; expected a file ending in ${endings}`],
  [
    ['--gpus', '2', script],
    '--gpus 2: this machine has no NVIDIA GPU; type --nproc 2 for CPU ranks, or --gpus 2 --emulate to emulate GPUs on the CPU',
  ],
  [
    ['--gpus', 'all', script],
    '--gpus all: this machine has no NVIDIA GPU; type --nproc N for CPU ranks, or --gpus N --emulate to emulate GPUs on the CPU',
  ],
  [['--gpus', '0', script], "--gpus '0': expected a positive integer up to 256, 'all', or a list such as 0,1"],
  [['--gpus', '0,', script], "--gpus '0,': expected numbers of GPUs such as 0,1"],
  [['--gpus', 'all', '--emulate', script], '--gpus all: there is no end of emulated GPUs; type --gpus N --emulate'],
  [['--gpus', '65', '--emulate', script], '--gpus 65: at most 64 GPUs can be emulated'],
  [
    ['--gpus', '2', '--nproc', '2', script],
    '--gpus and --nproc exclude each other: --gpus N starts N ranks on GPUs, --nproc N on CPUs',
  ],
  [['--emulate', '--nproc', '2', script], '--emulate is for GPUs: type --gpus 2 --emulate, without --nproc'],
  [['--ranks', '0,3', '--nproc', '2', script], '--ranks names rank 3, but ranks are 0 to 1'],
  [['--stdin', '2', '--nproc', '2', script], '--stdin names rank 2, but ranks are 0 to 1'],
  [['--stdin', 'x', script], "--stdin 'x': expected a rank"],
  [['--ranks', '3-1', script], "--ranks '3-1': expected ranks such as 0,2-3"],
  [['--nproc', '257', script], "--nproc '257': expected a positive integer up to 256 or 'auto'"],
  [['--timeout', '2592000', script], "--timeout '2592000': expected a whole number of seconds from 1 to 1000000"],
  [['--grace', '-1', script], "--grace '-1': expected a number of seconds up to 1000000"],
])('%j is refused', (args, message) => {
  expect(usage(...args)).toBe(message)
})

test('help shows every flag and the examples', () => {
  const help = parseCommandLine(['--help'])
  if (help.kind !== 'print') throw new Error(help.kind)
  const flags = [
    '--nproc <n|auto>',
    '--gpus <n|all|list>',
    '--emulate',
    '--trace <dir>',
    '--log-dir <dir>',
    '--no-fold',
    '--stdin <rank>',
  ]
  for (const flag of [...flags, '--version', '-h, --help']) expect(help.text).toContain(flag)
  expect(help.text).not.toContain('per-node')
  expect(help.text).not.toContain('per_node')
  expect(help.text.match(/^ {2}\$ dtrain /gm)).toHaveLength(9)
  expect(parseCommandLine(['-h'])).toEqual(help)
})

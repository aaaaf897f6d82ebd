// The command line: values, defaults and the one sentence that says what is wrong.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseCommandLine } from '../../launcher/options.ts'

const script = fileURLToPath(new URL('fixtures/hello.ts', import.meta.url))

function run(...args: string[]) {
  const command = parseCommandLine([...args, script])
  if (command.kind !== 'run') throw new Error(JSON.stringify(command))
  return command.options
}

function usage(...args: string[]): string {
  const command = parseCommandLine(args)
  return command.kind === 'usage' ? command.message : command.kind
}

test('defaults', () => {
  expect(run()).toEqual({ nproc: 1, fold: true, timeout: 300, grace: 5, script, args: [] })
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
  expect(run('--omp-threads=2', '--timeout=9', '--node-options', '--a  --b=1')).toMatchObject({
    ompThreads: 2,
    timeout: 9,
    nodeOptions: ['--a', '--b=1'],
  })
})

test('everything after the script is the script’s', () => {
  const command = parseCommandLine(['--nproc', '2', script, '--nproc', '9', '-x', '--help', '--', 'y'])
  expect(command).toMatchObject({
    kind: 'run',
    options: { nproc: 2, args: ['--nproc', '9', '-x', '--help', '--', 'y'] },
  })
})

test.each([
  [['--nprc', '2', script], "unknown option '--nprc'. Did you mean --nproc?"],
  [[], 'no script given; usage: dtrain [options] <script> [script args...]'],
  [['nowhere.ts'], 'script not found: nowhere.ts'],
  [['test'], 'the script is a directory: test'],
  [['--nproc', '0', script], "--nproc '0': expected a positive integer up to 256 or 'auto'"],
  [['--nproc', 'abc', script], "--nproc 'abc': expected a positive integer up to 256 or 'auto'"],
  [['--nproc', '1.5', script], "--nproc '1.5': expected a positive integer up to 256 or 'auto'"],
  [['--gpus', '2', script], "--gpus '2': this version has no CUDA backend; use --nproc N to train on N CPU ranks"],
  [['--ranks', '0,3', '--nproc', '2', script], '--ranks names rank 3, but ranks are 0 to 1'],
  [['--ranks', '3-1', script], "--ranks '3-1': expected ranks such as 0,2-3"],
  [['--nproc', '257', script], "--nproc '257': expected a positive integer up to 256 or 'auto'"],
  [['--timeout', '2592000', script], "--timeout '2592000': expected a whole number of seconds from 1 to 1000000"],
  [['--grace', '-1', script], "--grace '-1': expected a number of seconds up to 1000000"],
])('%j is refused', (args, message) => {
  expect(usage(...args)).toBe(message)
})

test('help shows every flag and two examples', () => {
  const help = parseCommandLine(['--help'])
  if (help.kind !== 'print') throw new Error(help.kind)
  for (const flag of ['--nproc <n|auto>', '--log-dir <dir>', '--no-fold', '--version'])
    expect(help.text).toContain(flag)
  expect(help.text).not.toContain('--nproc-per-node')
  expect(help.text.match(/^ {2}\$ dtrain /gm)).toHaveLength(2)
})

// The command line of `dtrain bench scaling`.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseScaling } from '../../launcher/options/bench-scaling.ts'

const script = fileURLToPath(import.meta.url)

function options(...args: string[]) {
  const command = parseScaling(args)
  if (command.kind !== 'scaling') throw new Error(JSON.stringify(command))
  return command.options
}

test('defaults', () => {
  expect(options('--workload', 'lenet', '--nproc', '2')).toEqual({
    ...{ workload: 'lenet', args: [], ranks: [2], gpus: false, emulate: false, modes: ['weak'], batchSize: 64 },
    ...{ threads: 1, warmup: 10, windows: 5, seconds: 0.5, timeout: 300, python: 'python3', json: false },
  })
  const { ranks } = options('--workload', 'mlp')
  expect(ranks).toEqual(ranks.map((_, power) => 2 ** power))
})

test('values', () => {
  const given = '--gpus 4,1,2,2 --emulate --strong --steps 30 --batch-size 8 --threads 2 --trace t --plot p.svg --json'
  expect(options(...given.split(' '), script, '--epochs', '3')).toMatchObject({
    ...{ script, args: ['--epochs', '3'], ranks: [1, 2, 4], gpus: true, emulate: true, modes: ['strong'], steps: 30 },
    ...{ batchSize: 8, threads: 2, trace: 't', plot: 'p.svg', json: true },
  })
  expect(options('--workload', 'mlp', '--strong', '--weak').modes).toEqual(['weak', 'strong'])
})

const workload = ['--workload', 'mlp']
const refused: [args: string[], message: string][] = [
  [[], 'give one of two: --workload mlp, lenet or wide-mlp, or a script that marks its step'],
  [[...workload, script], 'give one of two: --workload mlp, lenet or wide-mlp, or a script that marks its step'],
  [['nothing.ts'], 'script not found: nothing.ts'],
  [[...workload, '--nproc', '0'], "--nproc '0': expected numbers of ranks from 1 to 256, such as 1,2,4"],
  [[...workload, '--gpus', '1,two'], "--gpus '1,two': expected numbers of ranks from 1 to 256, such as 1,2,4"],
  [[...workload, '--gpus', '1', '--nproc', '1'], '--gpus and --nproc exclude each other'],
  [[...workload, '--emulate'], '--emulate is for GPUs: add --gpus 1,2'],
  [[...workload, '--warmup', '1'], '--warmup: expected at least 2 steps'],
  [[...workload, '--windows', '0'], "--windows '0': expected an integer from 1 to 9999999"],
  [[...workload, '--seconds', '0'], "--seconds '0': expected a number of seconds up to 1000000"],
  [[...workload, '--seconds', 'long'], "--seconds 'long': expected a number of seconds up to 1000000"],
  [[...workload, '--windoes', '3'], "unknown option '--windoes'. Did you mean --windows?"],
]

test.each(refused)('%j', (args, message) => {
  expect(parseScaling(args)).toEqual({ kind: 'usage', message: `bench scaling: ${message}` })
})

// `dtrain bench`: its command line, and a job whose trace is simulated.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { parseBench } from '../../launcher/options/bench.ts'
import { presets } from '../../src/bench/presets.ts'
import { workloads } from '../../src/bench/scaling/workloads.ts'
import { runDtrain } from '../support/run-dtrain.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-bench-'))
afterAll(() => rmSync(home, { recursive: true }))

const needed = ['simulate', '--step', 'vgg16-p100', '--link', '400Gb/s,5us']

const near = (seconds: number) => expect.closeTo(seconds, 12)

function options(...args: string[]) {
  const command = parseBench([...needed, ...args])
  if (command.kind !== 'bench') throw new Error(JSON.stringify(command))
  return command.options
}

test('defaults', () => {
  expect(options()).toEqual({
    ...{ step: 'vgg16-p100', link: { bandwidth: 50e9, latency: near(5e-6) }, topology: 'ring', perHost: 1 },
    ...{ steps: 200, seed: 0, json: false },
  })
})

test('values', () => {
  const given = '--ranks 24,8..16 --topology tree --per-host 8 --intra-link 900GB/s,2us --jitter 2.5% --seed 3 --json'
  expect(options(...given.split(' '), '--mtbf', '50000h', '--checkpoint-every', '20min', '--restart', '90s')).toEqual({
    ...{ step: 'vgg16-p100', link: { bandwidth: 50e9, latency: near(5e-6) }, topology: 'tree', perHost: 8 },
    ...{ intraLink: { bandwidth: 900e9, latency: near(2e-6) }, ranks: [8, 16, 24], jitter: 0.025, seed: 3, json: true },
    ...{ steps: 200, failures: { mtbf: 50000 * 3600, interval: 1200, cost: 30, restart: 90 } },
  })
  expect(options('--ranks', '3-20').ranks).toEqual([3, 4, 8, 16, 20])
  expect(options('--ranks', '2…8').ranks).toEqual([2, 4, 8])
  expect(options('--link', '1.5 TB/s, 500 ns').link).toEqual({ bandwidth: 1.5e12, latency: near(5e-7) })
})

const linkHelp = 'expected bandwidth and latency with units, such as 400Gb/s,5us or 50GB/s,5us'
const refused: [args: string[], message: string][] = [
  [[], 'bench: nothing to do; there are comm, ops, scaling, simulate'],
  [['train.ts'], "bench: unknown command 'train.ts'; there are comm, ops, scaling, simulate"],
  [['simulate', '--link', '1Gb/s,1us'], "bench simulate: required option '--step <preset|path>' not specified"],
  [['simulate', '--step', 'x', '--link', '400,5'], `bench simulate: --link '400,5': ${linkHelp}`],
  [['simulate', '--step', 'x', '--link', '400Gb/s'], `bench simulate: --link '400Gb/s': ${linkHelp}`],
  [['simulate', '--step', 'x', '--link', '0Gb/s,1us'], `bench simulate: --link '0Gb/s,1us': ${linkHelp}`],
  [
    [...needed, '--ranks', 'many'],
    "bench simulate: --ranks 'many': expected numbers from 1 to 65536, such as 8,24 or 2-4096",
  ],
  [
    [...needed, '--ranks', '8-4'],
    "bench simulate: --ranks '8-4': expected numbers from 1 to 65536, such as 8,24 or 2-4096",
  ],
  [[...needed, '--per-host', '0'], "bench simulate: --per-host '0': expected an integer from 1 to 999999999"],
  [[...needed, '--jitter', '0.02'], "bench simulate: --jitter '0.02': expected percent, such as 2%"],
  [
    [...needed, '--mtbf', '5000'],
    "bench simulate: --mtbf '5000': expected a time with its unit, such as 30s, 20min or 5d",
  ],
  [[...needed, '--jiter', '2%'], "bench simulate: unknown option '--jiter'. Did you mean --jitter?"],
  [[...needed, 'more'], 'bench simulate: too many arguments. Expected 0 arguments but got 1.'],
]

test.each(refused)('%j', (args, message) => {
  expect(parseBench(args)).toEqual({ kind: 'usage', message })
})

function helpOf(...args: string[]): string {
  const command = parseBench([...args, '--help'])
  return command.kind === 'print' ? command.text : ''
}

test('help', () => {
  expect(helpOf()).toMatch(/^ {2}comm .*\n {2}ops .*\n {2}scaling .*\n {2}simulate /m)
  expect(helpOf('simulate')).toContain('--topology <name>')
  expect(helpOf('simulate')).toContain(`\nPresets: ${Object.keys(presets).join(', ')}\n`)
  for (const name of workloads) expect(helpOf('scaling')).toContain(name)
})

test('a job, its trace, and what more ranks would give', async () => {
  const script = fileURLToPath(new URL('fixtures/steps.ts', import.meta.url))
  const trained = await runDtrain(['--nproc', '2', '--trace', home, script])
  expect(trained).toMatchObject({ code: 0, stdout: '[0,1] 2\n' })
  const simulated = await runDtrain(['bench', 'simulate', '--step', home, '--link', '10Gb/s,20us', '--ranks', '2-64'])
  expect(simulated).toMatchObject({ code: 0, stderr: '' })
  expect(simulated.stdout).toMatch(/ms a step .* MiB of gradients in 2 buckets, jitter of \d+ measured steps\n/)
  expect(simulated.stdout).toMatch(/^ {3}64 /m)
  const wrong = await runDtrain(['bench', 'simulate', '--step', home, '--link', '1Gb/s,1us', '--topology', 'rails'])
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("did you mean 'rail'?\n") })
})

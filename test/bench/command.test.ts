// What `dtrain bench simulate` prints, draws and refuses after its command line is read.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type SimulateOptions, simulateCommand } from '../../src/bench/command.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-bench-'))
afterAll(() => rmSync(home, { recursive: true }))

const step = join(home, 'step.json')
const buckets = [
  { bytes: 20e6, ready: 4 },
  { bytes: 5e6, ready: 20 },
]
writeFileSync(step, JSON.stringify({ name: 'two buckets', forward: 10, backward: 20, optimizer: 1, buckets }))

const link = { bandwidth: 1e9, latency: 1e-5 }
const run = (given: Partial<SimulateOptions> = {}) =>
  simulateCommand({ ...{ step, ranks: [1, 2, 4], topology: 'ring', link, perHost: 1 }, ...rest, ...given })
const rest = { steps: 50, seed: 0, json: false }

// Worked by hand: on 4 ranks a megabyte takes 1.5 ms, and a ring 0.06 ms more; the first bucket is ready at 14 ms.
test('the report', async () => {
  expect(await run()).toEqual({
    code: 0,
    text: `two buckets: 31.0 ms a step (forward 10.0, backward 20.0, optimizer 1.00), 23.8 MiB of gradients in 2 buckets, jitter none
ring, 8 Gb/s and 10 µs, 1 rank on a host

ranks  step ms  95 % below  efficiency  speed-up  compute  exposed  waiting
    1     31.0        31.0     100.0 %       1.0  100.0 %    0.0 %    0.0 %
    2     40.0        40.0      77.4 %       1.5   77.4 %   22.6 %    0.0 %
    4     52.6        52.6      58.9 %       2.4   58.9 %   41.1 %    0.0 %

At 4 ranks a step takes 52.6 ms: 58.9 % computation, 41.1 % exposed communication, 0.0 % waiting for the slowest rank.
Critical path: the slowest rank until bucket 0 is ready (14.0 ms), buckets 0 to 1 one after the other (37.6 ms), then the optimizer (1.00 ms).
Most of what is exposed is bucket 0 (19.1 MiB): 14.1 of 21.6 ms.
All-reduces take 37.6 ms, of which 42.5 % is hidden.

at 4 ranks                   efficiency  samples a second
as it is                         58.9 %            1.00 x
half the bytes (bfloat16)        89.1 %            1.51 x
buckets twice as large           45.2 %            0.77 x
buckets four times as large      45.2 %            0.77 x
gradients of 4 batches           84.8 %            1.48 x
100 local steps                  98.8 %            1.68 x

Most is gained by: 100 local steps.
`,
  })
})

test('where nothing is exposed', async () => {
  const { text } = await run({ link: { bandwidth: 1e12, latency: 0 }, ranks: [2], step: hidden })
  expect(text).toContain('Critical path: forward and backward of the slowest rank (30.0 ms).')
  expect(text).toContain('None of these gains anything.')
})
const hidden = join(home, 'hidden.json')
writeFileSync(hidden, JSON.stringify({ forward: 10, backward: 20, buckets: [{ bytes: 1, ready: 1 }] }))

test('failures', async () => {
  const failures = { mtbf: 4000 * 3600, interval: 3600, cost: 60, restart: 600 }
  const { text } = await run({ failures, ranks: [1000] })
  expect(text).toContain('A failure every 4.0 hours costs 17.1 % of the time')
  expect(text).toContain('A checkpoint every 21.9 minutes would lose least.')
})

test('JSON', async () => {
  const { text } = await run({ json: true, ranks: [2], jitter: 0.01 })
  const { step, variants } = JSON.parse(text)
  expect(step).toMatchObject({ name: 'two buckets', jitter: { sd: 0.01 } })
  expect(variants.map(({ name }: { name: string }) => name)).toContain('half the bytes (bfloat16)')
  expect(variants[0].points[0]).toMatchObject({ ranks: 2, efficiency: expect.closeTo(0.77, 1), useful: 1 })
})

test('the picture has a line for each variant', async () => {
  const plot = join(home, 'scaling.json') // what is drawn, in Vega's language
  const { text } = await run({ plot })
  expect(text).toContain(`\npicture: ${plot}\n`)
  const picture = readFileSync(plot, 'utf8')
  for (const name of ['as it is', 'half the bytes (bfloat16)', '100 local steps']) expect(picture).toContain(name)
})

test('what it refuses', async () => {
  const refused = (text: string, code = 2) => ({ text: `dtrain: bench simulate: ${text}\n`, code })
  expect(await run({ topology: 'rng' })).toEqual(refused("--topology 'rng': unknown; did you mean 'ring'?"))
  expect(await run({ topology: 'mesh' })).toEqual(refused("--topology 'mesh': unknown; there are ring, tree, rail"))
  expect((await run({ step: 'nothing' })).text).toContain("--step 'nothing': neither a preset nor a file")
  const written = 'cannot be written: the name must end in .svg, .png or .json'
  expect(await run({ plot: 'x.pdf' })).toEqual(refused(`save: 'x.pdf' ${written}`, 1))
})

// Published curves, predicted from the published time of one GPU: within five points. docs/scaling.md has the table.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseBench } from '../../launcher/options/bench.ts'
import { simulateCommand } from '../../src/bench/command.ts'
import type { Cluster } from '../../src/bench/network.ts'
import { presets } from '../../src/bench/presets.ts'
import { study } from '../../src/bench/study.ts'

const gigabits = (n: number) => (n * 1e9) / 8
/** Assumed: nine tenths of a card's rate are data, and a rank's time has a standard deviation of 1 %. */
const data = 0.9
const jitter = { sd: 0.01 }

// Latencies of a message are those of NCCL's own model (src/graph/tuning.cc, rings, Simple), where those of large rings
// over hosts count 1.9 times: 9.6 us over the network, 5.7 over PCI Express, 3.4 over NVLink.

/** Two DGX with eight V100 and four cards of 100 Gb/s each, which several rings use. Assumed is NVLink's 130 GB/s. */
const dgx: Cluster = {
  topology: 'ring',
  ...{ link: { bandwidth: data * gigabits(400), latency: 1.9 * 9.6e-6 }, perHost: 8 },
  intraLink: { bandwidth: 130e9, latency: 3.4e-6 },
}

/** Servers with four Pascal GPUs and a card of 25 Gb/s (RoCE). PCI Express is assumed within: 10 GB/s. */
const uber: Cluster = {
  topology: 'ring',
  ...{ link: { bandwidth: data * gigabits(25), latency: 1.9 * 9.6e-6 }, perHost: 4 },
  intraLink: { bandwidth: 10e9, latency: 1.9 * 5.7e-6 },
}

// PyTorch: images a second of a GPU by those without a wrapper, 329 and 197. Horovod: as its pages say.
const curves: [preset: string, cluster: Cluster, published: Record<number, number>][] = [
  ['resnet50-v100', dgx, { 2: 310 / 329, 4: 310 / 329, 8: 307 / 329, 16: 306 / 329 }],
  ['resnet101-v100', dgx, { 2: 182 / 197, 4: 182 / 197, 8: 179 / 197, 16: 178 / 197 }],
  ['resnet101-p100', uber, { 128: 0.9, 512: 0.9 }],
  ['vgg16-p100', uber, { 128: 0.79, 512: 0.68 }],
]

const page = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8')

test.each(curves)('%s', (preset, cluster, published) => {
  const step = { ...presets[preset]!, jitter }
  const ranks = Object.keys(published).map(Number)
  const { points } = study({ step, cluster, ranks, steps: 200, seed: 0 }).variants[0]
  for (const { ranks, efficiency } of points) {
    const error = efficiency - published[ranks]!
    expect(Math.abs(error), `${ranks} ranks`).toBeLessThan(0.05)
    const cells = [published[ranks]!, efficiency].map(share => `${(100 * share).toFixed(1)} %`)
    expect(page).toContain(`| ${preset} | ${ranks} | ${cells.join(' | ')} | ${(100 * error).toFixed(1)} |`)
  }
})

test('the page shows what the command prints', async () => {
  const [, args, output] = /^```\n\$ npx dtrain bench (.+)\n([^`]+)```$/m.exec(page)!
  const command = parseBench(args!.split(' '))
  if (command.kind !== 'bench') throw new Error(JSON.stringify(command))
  expect(await simulateCommand(command.options)).toEqual({ code: 0, text: output })
})

test('buckets of a preset have the bytes of its model', () => {
  const bytes = (name: string) => presets[name]!.buckets.reduce((sum, bucket) => sum + bucket.bytes, 0)
  expect(bytes('resnet50-v100')).toBe(4 * 25_557_032)
  expect(bytes('resnet101-p100')).toBe(4 * 44_549_160)
  expect(bytes('vgg16-p100')).toBe(4 * 138_357_544)
  expect(bytes('gpt2-124m-a100')).toBe(2 * 124_439_808)
  for (const { buckets, backward } of Object.values(presets)) {
    const times = buckets.map(({ ready }) => ready)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.at(-1)).toBeLessThanOrEqual(backward * (1 + 1e-12))
  }
})

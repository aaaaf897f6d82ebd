// How processes with GPUs end: whatever the devices are at then, the exit code is the script's, and nothing that went
// wrong on a device is lost.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { requireEmulation } from '../support/gpus.ts'
import { requireDevice, runOn } from './devices.ts'

const fixture = 'test/distributed/fixtures/ending.ts'

beforeEach(context => requireDevice('cuda', 2, context))

test.for([
  ['well', 0],
  ['throw', 1],
  ['exit', 3],
] as const)('%s, while streams compute', async ([how, expected]) => {
  for (let i = 0; i < 4; i++) {
    const { code, leftovers } = await runOn('cuda', 1 + (i % 2), [fixture, how])
    expect({ code, leftovers }).toEqual({ code: expected, leftovers: { processes: [], files: [] } })
  }
})

test.each([1, 2])('%i ranks: a wrong class that nobody waits for is reported', async ranks => {
  const { code, stderr } = await runOn('cuda', ranks, [fixture, 'class'])
  expect(stderr).toMatch(/^dtrain: rank \d failed: IndexError: crossEntropy: target 9 is out of range for 3 classes/)
  expect(code).toBe(1)
})

test('a job of one rank leaves a trace too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dtrain-trace-'))
  try {
    await runOn('cuda', 1, ['--trace', folder, fixture, 'well'])
    expect(readdirSync(folder)).toEqual(['rank-0.json'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a rank that finds no GPU does not train on the CPU instead', async context => {
  requireEmulation(context)
  const { code, stdout, stderr } = await runOn('cuda', 2, [fixture], { env: { DTRAIN_EMULATION: 'memroy=1GiB' } })
  expect(stderr).toMatch(
    /^dtrain: rank \d failed: UnsupportedError: dtrain: this rank was to have a GPU \(--gpus\), but .*there is no setting 'memroy'/,
  )
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('a wrapper that cannot be moved on one rank says why', async context => {
  requireEmulation(context)
  const fault = { DTRAIN_EMULATION_FAULT: 'malloc rank=1 after=1' }
  const { code, stderr } = await runOn('cuda', 2, [fixture, 'convert'], { env: fault })
  expect(stderr).toMatch(/^dtrain: rank 1 failed: OutOfMemoryError: \w+: out of memory on cuda:0/)
  expect(code).toBe(1)
})

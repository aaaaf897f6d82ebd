// Collectives and the reducer on real processes, with tensors on the CPU and on GPUs; the checks themselves are in the
// fixtures, on every rank.
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { root } from '../support/run-dtrain.ts'
import { type DeviceName, requireDevice, runOn } from './devices.ts'

describe.each<[DeviceName, string[]]>([
  ['cpu', ['collectives', 'dtypes', 'reducer', 'metrics']],
  ['cuda', ['collectives', 'dtypes', 'reducer']],
])('on %s', (device, fixtures) => {
  test.for([1, 2, 3])(`${fixtures.join(', ')} with %i ranks`, async (ranks, context) => {
    requireDevice(device, ranks, context)
    const { code, stdout, stderr } = await runOn(device, ranks, ['test/distributed/fixtures/all.ts', device])
    const prefix = ['', '[0,1] ', '[0-2] '][ranks - 1]
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${prefix}ok\n`.repeat(fixtures.length), stderr: '' })
  })

  test('wrappers that tempt ranks apart', async context => {
    requireDevice(device, 2, context)
    const { code, stdout, stderr } = await runOn(device, 2, ['test/distributed/fixtures/wrappers.ts', device])
    expect(stdout).toBe('[0,1] ok\n')
    expect(stderr).toMatch(/backward\(\) failed on rank \d, so the ranks' models would differ/)
    expect(code).toBe(1)
  })
})

test.for([1, 3])('saving with %i ranks', async ranks => {
  const { code, stdout, stderr } = await runOn('cpu', ranks, ['test/distributed/fixtures/save.ts'])
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: ranks === 1 ? 'ok\n' : '[0-2] ok\n', stderr: '' })
})

test('a process that was not started by dtrain says what to type', () => {
  const script = "import { barrier } from 'dtrain/distributed'; barrier()"
  const env = { ...process.env, RANK: '0', WORLD_SIZE: '2', DTRAIN_SHM_FD: '' }
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toContain(
    'WORLD_SIZE is 2, but this process was not started by dtrain; type dtrain --nproc 2 <script>',
  )
})

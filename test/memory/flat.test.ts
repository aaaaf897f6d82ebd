// Native memory of a synchronous loop stays flat, on this Node and on every other one named in DTRAIN_NODES (paths
// separated by colons; scripts/test-nodes.sh sets it).
import { spawnSync } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { root } from '../support/run-dtrain.ts'

vi.setConfig({ testTimeout: 180_000 })

const nodes = [process.execPath, ...(process.env.DTRAIN_NODES?.split(':').filter(Boolean) ?? [])]

for (const node of nodes) {
  test.each(['mlp', 'lenet'])(`20,000 steps of %s on ${node}`, model => {
    const args = ['test/memory/sync-loop.js', '20000', model]
    const env = { ...process.env, OMP_NUM_THREADS: '1' } // these layers are too small for two
    const { status, stdout, stderr } = spawnSync(node, args, { cwd: root, encoding: 'utf8', env })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const { early, ratio, majorCollections, wrappers } = JSON.parse(stdout)
    expect(early).toBeGreaterThan(0)
    expect(ratio).toBeLessThan(1.5)
    expect(majorCollections).toBeLessThan(20)
    expect(wrappers).toBeLessThan(20_000)
  })
}

test('stable finalizers are announced, because such a loop would pile up', () => {
  const script = "import 'dtrain'"
  const env = { ...process.env, DTRAIN_STABLE_FINALIZERS: '1' }
  const args = ['--input-type=module', '-e', script]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })
  expect(status).toBe(0)
  expect(stderr).toContain('stable Node-API finalizers')
})

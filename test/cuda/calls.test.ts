// What is asked of the CUDA runtime while a program runs, counted by the emulation: what costs time on a GPU and shows
// in no value.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { requireEmulation } from '../support/gpus.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The table that bench/launches.ts prints: `found['lenet step'].waits`. */
function launches(): Record<string, Record<string, number>> {
  const env = { ...process.env, DTRAIN_NO_MEMORY_CACHING: '' }
  const run = spawnSync(process.execPath, ['dist/launcher/cli.js', 'bench/launches.ts'], {
    cwd: root,
    encoding: 'utf8',
    env,
  })
  if (run.status !== 0) throw new Error(run.stderr)
  const cells = run.stdout
    .trimEnd()
    .split('\n')
    .map(line => line.trim().split(/ {2,}/))
  const [, head, ...rows] = cells as [machine: string[], head: string[], ...rows: string[][]]
  return Object.fromEntries(
    rows.map(([name, ...values]) => [name, Object.fromEntries(values.map((v, i) => [head[i + 1], Number(v)]))]),
  )
}

test('a step in full swing waits for nothing and asks for no attributes', context => {
  requireEmulation(context)
  const found = launches()
  const optimizers = ['SGD', 'Adam', 'Rprop'].map(name => `${name} of 3 dtypes`)
  expect(Object.keys(found)).toEqual(['lenet step', 'mlp step', ...optimizers, 'randn(1000)', 'randperm(60000)'])
  expect(found['lenet step']).toMatchObject({ kernels: 25, 'library ops': 16, copies: 2, waits: 0, attributes: 0 })
  expect(found['mlp step']).toMatchObject({ kernels: 14, 'library ops': 8, copies: 2, waits: 0, attributes: 0 })
  for (const name of optimizers) expect(found[name], name).toMatchObject({ 'CUDA calls': 3, kernels: 3 })
  expect(found['randn(1000)']).toMatchObject({ 'CUDA calls': 1, kernels: 1 })
  expect(found['randperm(60000)']).toMatchObject({ 'CUDA calls': 23, kernels: 23 })
})

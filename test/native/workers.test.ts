// The addon in several threads at once: each has its own collector, error factory, default generators, grad mode and
// current device; memory is shared.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { manualSeed, randn } from '../../src/index.ts'

test('four worker threads and the main thread train at once', async () => {
  const workers = Array.from({ length: 4 }, () => new Worker(new URL('./train-in-worker.js', import.meta.url)))
  const losses = Promise.all(workers.map(async worker => (await once(worker, 'message'))[0] as number))
  for (let i = 0; i < 20_000; i++) randn(8)
  for (const loss of await losses) {
    expect(loss).toBeGreaterThan(0)
    expect(loss).toBeLessThan(0.3)
  }
  await Promise.all(workers.map(worker => worker.terminate()))
})

test('a worker that alone has the package ends, and the next one trains too', () => {
  const script = `
    import { once } from 'node:events'
    import { readFileSync } from 'node:fs'
    import { Worker } from 'node:worker_threads'
    const loaded = () => readFileSync('/proc/self/maps', 'utf8').includes('dtrain.node')
    for (let i = 0; i < 2; i++) {
      const worker = new Worker(process.argv[1], { execArgv: [] })
      const [loss] = await once(worker, 'message')
      await once(worker, 'exit')
      console.log(loss < 0.3, loaded())
    }`
  const path = fileURLToPath(new URL('./train-in-worker.js', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], {
    encoding: 'utf8',
  })
  expect([stdout, status], stderr).toEqual(['true true\ntrue true\n', 0])
})

test('equal seeds give equal numbers in every thread, whatever the others draw', async () => {
  const workers = Array.from({ length: 3 }, () => new Worker(new URL('./draw-in-worker.js', import.meta.url)))
  const drawn = Promise.all(workers.map(async worker => (await once(worker, 'message'))[0] as number[]))
  manualSeed(1)
  for (let i = 0; i < 20_000; i++) randn(8)
  const [first, ...others] = await drawn
  expect(first).toHaveLength(2000)
  for (const other of others) expect(other).toEqual(first)
  manualSeed(7)
  expect(Array.from({ length: 2000 }, () => randn(5).sum().item())).toEqual(first)
  await Promise.all(workers.map(worker => worker.terminate()))
})

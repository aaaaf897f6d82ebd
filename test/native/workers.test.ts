// The addon in several threads at once: each has its own collector, error factory, default generators, grad mode and
// current device; memory is shared.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { manualSeed, noGrad, randn } from '../../src/index.ts'

/** What draw-in-worker.js reports. */
interface Report {
  drawn: number[]
  grad: boolean
}

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
      // The end may come right behind the message.
      const [[loss]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
      console.log(loss < 0.3, loaded())
    }`
  const path = fileURLToPath(new URL('./train-in-worker.js', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], {
    encoding: 'utf8',
  })
  expect([stdout, status], stderr).toEqual(['true true\ntrue true\n', 0])
})

test('equal seeds give equal numbers in every thread, whatever the others draw', async () => {
  const path = new URL('./draw-in-worker.js', import.meta.url)
  const workerData = { device: 'cpu', draws: 2000 }
  const workers = noGrad(() => Array.from({ length: 3 }, () => new Worker(path, { workerData })))
  const reports = Promise.all(workers.map(async worker => (await once(worker, 'message'))[0] as Report))
  manualSeed(1)
  for (let i = 0; i < 20_000; i++) randn(8)
  const found = await reports
  manualSeed(7)
  const mine = Array.from({ length: 2000 }, () => randn(5).sum().item())
  for (const { drawn, grad } of found) expect([drawn, grad]).toEqual([mine, true])
  await Promise.all(workers.map(worker => worker.terminate()))
})

test('a thread that loads the package leaves the memory budget alone', () => {
  const script = `
    import { once } from 'node:events'
    import { Worker } from 'node:worker_threads'
    import { memoryStats, setMemoryBudget } from ${JSON.stringify(new URL('../../dist/src/index.js', import.meta.url))}
    const budgets = [memoryStats().budget]
    setMemoryBudget(2 ** 31)
    const worker = new Worker(process.argv[1], { execArgv: [], workerData: { device: 'cpu', draws: 1 } })
    await once(worker, 'exit')
    console.log(...budgets, memoryStats().budget)`
  const path = fileURLToPath(new URL('./draw-in-worker.js', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], {
    encoding: 'utf8',
    env: { ...process.env, DTRAIN_MEMORY_BUDGET: '1GiB' },
  })
  expect([stdout, status], stderr).toEqual([`${2 ** 30} ${2 ** 31}\n`, 0])
})
